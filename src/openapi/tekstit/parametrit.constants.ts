import { AINO, AINON_DUPLIKAATTI, AINON_HETU, HETKI, OPPIJATUONTI, YLIOPISTO } from './esimerkit.constants.js';
import { t, type Teksti } from './kieli.model.js';

/** What the API page says of a parameter of that name. */
interface ParametriTekstit {
  readonly description: Teksti;
  readonly format?: string;
  readonly schema?: object;
  /** What the page fills in; none where the parameter is left out by most. */
  readonly esimerkki?: unknown;
}

const HENKILON_OID = t('Henkilön OID.', 'OID of the person.');
const TUONNIN_NUMERO = t(
  'Tuonnin numero: `id` sen aloittaneesta vastauksesta.',
  'Number of the import: `id` of the answer that started it.',
);

/** By name. A test demands every parameter, and no other. */
export const PARAMETRIT: Readonly<Record<string, ParametriTekstit>> = {
  oid: { description: HENKILON_OID, format: 'oid', esimerkki: AINO },
  oidHenkilo: { description: HENKILON_OID, format: 'oid', esimerkki: AINO },
  henkiloOid: { description: HENKILON_OID, format: 'oid', esimerkki: AINO },
  slaveOid: {
    description: t('Duplikaatin OID.', 'OID of the duplicate.'),
    format: 'oid',
    esimerkki: AINON_DUPLIKAATTI,
  },
  organisaatioOid: {
    description: t('Organisaation OID.', 'OID of the organisation.'),
    format: 'oid',
    esimerkki: YLIOPISTO,
  },
  hetu: {
    description: t('Nykyinen tai aiempi hetu.', 'Current or former hetu.'),
    format: 'hetu',
    esimerkki: AINON_HETU,
  },
  hakutermi: {
    description: t(
      'Hetu, OID tai etunimien, kutsumanimen tai sukunimen osa.',
      'A hetu, an OID, or part of first names, calling name or surname.',
    ),
    esimerkki: 'Korhonen',
  },
  arvo: {
    description: t('Yhteystieto kokonaisena, kirjainkoko huomioiden.', 'The whole contact value; capitals count.'),
    esimerkki: 'aino.korhonen@example.com',
  },
  at: {
    description: t(
      'Hetki: ISO 8601 (esim. `2024-01-01T00:00:00Z`; ilman aikavyöhykettä UTC), päivä, tai millisekunnit vuodesta 1970 (vähintään 10 numeroa).',
      'An instant: ISO 8601 (e.g. `2024-01-01T00:00:00Z`; UTC without a zone), a day, or milliseconds since 1970 (at least ten digits).',
    ),
    esimerkki: HETKI,
  },
  amount: { description: t('Montako enintään.', 'How many at most.'), schema: { minimum: 1 }, esimerkki: 100 },
  offset: {
    description: t('Montako ohitetaan alusta.', 'How many to skip from the beginning.'),
    schema: { minimum: 0 },
    esimerkki: 0,
  },
  limit: { description: t('Montako enintään.', 'How many at most.'), schema: { minimum: 1 }, esimerkki: 20 },
  page: { description: t('Sivu, ensimmäinen on 1.', 'Page; the first is 1.'), schema: { minimum: 1 }, esimerkki: 1 },
  count: { description: t('Rivejä sivulla.', 'Rows a page.'), schema: { minimum: 1 }, esimerkki: 20 },
  municipal: {
    description: t(
      'Kunnan koodi koodistosta `kunta`, kolme numeroa.',
      'Code of the municipality in code set `kunta`, three digits.',
    ),
    esimerkki: '091',
  },
  birthdate: {
    description: t('Syntymäpäivä, tämä tai myöhempi.', 'Birth date, this one or later.'),
    esimerkki: '1980-01-01',
  },
  startdate: {
    description: t('Ensimmäinen päivä, Suomen aikaa.', 'First day, Finnish time.'),
    esimerkki: '2024-01-01',
  },
  enddate: { description: t('Viimeinen päivä, Suomen aikaa.', 'Last day, Finnish time.'), esimerkki: '2030-12-31' },
  idp: {
    description: t(
      'Tunnisteen tyyppi, koodisto `henkilontunnistetyypit`.',
      'Kind of the identifier, code set `henkilontunnistetyypit`.',
    ),
  },
  id: { description: TUONNIN_NUMERO, esimerkki: OPPIJATUONTI },
  tuontiId: { description: TUONNIN_NUMERO, esimerkki: OPPIJATUONTI },
  idpEntityId: {
    description: t(
      'Tunnisteen tyyppi, koodisto `henkilontunnistetyypit`.',
      'Kind of the identifier, code set `henkilontunnistetyypit`.',
    ),
    esimerkki: 'email',
  },
  etunimet: { description: t('Kaikki etunimet.', 'All first names.'), esimerkki: 'Eino Olavi' },
  kutsumanimi: { description: t('Kutsumanimi.', 'Calling name.'), esimerkki: 'Eino' },
  sukunimi: { description: t('Sukunimi.', 'Surname.'), esimerkki: 'Virtanen' },
  syntymaaika: {
    description: t('Syntymäpäivä; rajaa tarkemmin.', 'Birth date; narrows the result.'),
    esimerkki: '1990-07-03',
  },
  criteria: {
    description: t(
      'Ehdot, kukin omana parametrinaan (`?nimiHaku=…&vainVirheet=true`).',
      'Conditions, each a parameter of its own (`?nimiHaku=…&vainVirheet=true`).',
    ),
    esimerkki: { vainVirheet: false },
  },
  tuontiKoosteRequest: {
    description: t(
      'Ehdot, kukin omana parametrinaan (`?page=1&pageSize=20`).',
      'Conditions, each a parameter of its own (`?page=1&pageSize=20`).',
    ),
    esimerkki: { page: 1, pageSize: 20, field: 'timestamp', sort: 'DESC' },
  },
  'External-Permission-Service': {
    description: t(
      'Palvelu, jonka käyttöoikeudet laajentavat kutsujan oikeutta nähdä henkilö (esim. hakijan näkee haun virkailija). Tavallisesti jätetään pois.',
      "A service whose permissions widen the caller's right to see the person (e.g. an admission officer sees an applicant). Usually left out.",
    ),
  },
};

/** That of `GET /henkilo/identification` called `id` is another thing. */
export const TUNNISTEEN_ARVO: Teksti = t('Tunniste kokonaisena.', 'The whole identifier.');
