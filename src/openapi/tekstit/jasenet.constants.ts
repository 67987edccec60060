import { AINO, AINON_DUPLIKAATTI, AINON_HETU, YLIOPISTO } from './esimerkit.constants.js';
import { t, type Teksti } from './kieli.model.js';

/** What the API page says of a member. */
interface JasenTekstit {
  readonly description: Teksti;
  readonly format?: string;
  readonly esimerkki?: unknown;
}

const EI_VAIKUTA = t('Ei vaikuta.', 'Has no effect.');
const j = (fi: string, en: string, more: Omit<JasenTekstit, 'description'> = {}): JasenTekstit => ({
  description: t(fi, en),
  ...more,
});
const oid = (fi: string, en: string, esimerkki: unknown = AINO) => j(fi, en, { format: 'oid', esimerkki });
const hetki = (fi: string, en: string) =>
  j(`${fi} millisekunteina vuodesta 1970 (UTC).`, `${en}, milliseconds since 1970 (UTC).`, {
    esimerkki: 1706781600000,
  });
const paiva = (fi: string, en: string, esimerkki: string) => j(fi, en, { format: 'date', esimerkki });
const totuus = (fi: string, en: string, esimerkki = false) => j(fi, en, { esimerkki });
const luku = (fi: string, en: string, esimerkki: number) => j(fi, en, { esimerkki });

/**
 * By name, and by `Schema.name` where the same name says something else there. A test demands every published member, and
 * no other.
 */
export const JASENET: Readonly<Record<string, JasenTekstit>> = {
  FI: j('Nimi suomeksi.', 'Name in Finnish.', { esimerkki: 'Suomi' }),
  SV: j('Nimi ruotsiksi.', 'Name in Swedish.', { esimerkki: 'Finland' }),
  EN: j('Nimi englanniksi.', 'Name in English.', { esimerkki: 'Finland' }),
  aidinkieli: j('Äidinkieli.', 'Mother tongue.'),
  'OppijaTuontiRiviHenkiloCreateDto.aidinkieli': j(
    'Äidinkieli, koodisto `kieli`, isoin kirjaimin.',
    'Mother tongue, code set `kieli`, in capitals.',
    { esimerkki: { koodi: 'FI' } },
  ),
  'OppijaReadDto.aidinkieli': j('Äidinkieli, koodi isoin kirjaimin.', 'Mother tongue, code in capitals.'),
  api: j('Rajapinta, jolla tuonti tehtiin; vanhoissa `null`.', 'The interface of the import; `null` for old ones.', {
    esimerkki: 'OPPIJA',
  }),
  asiointiKieli: j('Asiointikieli.', 'Language of contact.'),
  'HenkiloCreateDto.asiointiKieli': j(
    'Asiointikieli: `fi`, `sv` tai `en`.',
    'Language of contact: `fi`, `sv` or `en`.',
  ),
  'HenkiloUpdateDto.asiointiKieli': j(
    'Asiointikieli: `fi`, `sv` tai `en`.',
    'Language of contact: `fi`, `sv` or `en`.',
  ),
  'HenkiloPerustietoCreateDto.asiointiKieli': j(
    'Asiointikieli: `fi`, `sv` tai `en`.',
    'Language of contact: `fi`, `sv` or `en`.',
  ),
  asiointikieli: j(
    'Asiointikielen koodi; `null`, ellei kieltä ole tallennettu.',
    'Code of the language of contact; `null` if none is stored.',
    { format: 'kielikoodi', esimerkki: 'fi' },
  ),
  'HenkiloOmattiedotDto.asiointikieli': j(
    'Asiointikielen koodi; `fi`, ellei kieltä ole tallennettu.',
    'Code of the language of contact; `fi` if none is stored.',
    { format: 'kielikoodi', esimerkki: 'fi' },
  ),
  author: j(
    'Tuojan `sukunimi, etunimet`; `null`, ellei häntä ole rekisterissä.',
    '`surname, first names` of the importing user; `null` when unknown here.',
    { esimerkki: 'Palvelu, Tuoja' },
  ),
  'TuontiKoosteRequest.author': j(
    'Osa tuojan nimestä `sukunimi, etunimet`; `%` ja `_` ovat jokerimerkkejä.',
    'Part of the importing user’s `surname, first names`; `%` and `_` are wildcards.',
  ),
  code: j('Virheen avain.', 'Key of the error.', { esimerkki: 'invalid.kansalaisuusKoodi' }),
  conflict: totuus(
    'Rivin nimet eivät ole henkilön nimet; puuttuu vanhoista tuonneista.',
    'The names of the row are not those of the person; absent in old imports.',
  ),
  conflicts: luku('Rivejä, joiden nimet eivät ole henkilön nimet.', 'Rows whose names are not those of the person.', 0),
  content: j('Sivun tuonnit.', 'The imports of the page.'),
  created: hetki('Luontihetki', 'When it was created'),
  createdAt: j('`created` Suomen aikana.', '`created` in Finnish time.', {
    format: 'date-time',
    esimerkki: '2024-02-01T12:00:00.000+02:00',
  }),
  duplicate: totuus('Henkilö on linkitetty toisen duplikaatiksi.', 'The person is linked as a duplicate of another.'),
  'HenkiloCreateDto.duplicate': j('Ei vaikuta.', 'Has no effect.'),
  duplikaatti: j(
    'Vain duplikaatit (`true`) tai vain muut (`false`).',
    'Only duplicates (`true`) or only others (`false`).',
  ),
  eiSuomalaistaHetua: totuus('Henkilöllä ei ole suomalaista hetua.', 'The person has no Finnish hetu.'),
  eidasTunniste: j('eIDAS-tunniste; ei yhdessä hetun kanssa.', 'eIDAS identifier; not together with a hetu.', {
    esimerkki: 'DE/FI/123abc',
  }),
  eidasTunnisteet: j('eIDAS-tunnisteet.', 'eIDAS identifiers.'),
  'HenkiloPerustietoDto.eidasTunnisteet': {
    description: t(
      'eIDAS-tunnisteet; `null`, kun vastaus kertoo juuri luodusta henkilöstä, jolla niitä ei ole.',
      'eIDAS identifiers; `null` where the answer tells of a person just created without one.',
    ),
  },
  'HenkiloHakuPerustietoDto.eidasTunnisteet': { description: t('Aina `null`.', 'Always `null`.') },
  email: j('Aina `null`; katso `emails`.', 'Always `null`; see `emails`.'),
  emails: j('Sähköpostiosoitteet kaikista yhteystietoryhmistä.', 'E-mail addresses of all contact groups.', {
    esimerkki: ['aino.korhonen@example.com'],
  }),
  empty: totuus('Sivulla ei ole mitään.', 'There is nothing on the page.'),
  'SortDto.empty': totuus('Aina `false`.', 'Always `false`.'),
  error: j('Tilakoodin nimi.', 'Name of the status.', { esimerkki: 'Bad Request' }),
  etunimet: j('Kaikki etunimet.', 'All first names.', { esimerkki: 'Aino Maria' }),
  'HenkiloPerustietoCreateDto.etunimet': j(
    'Kaikki etunimet; pakollinen ilman jäsentä `oidHenkilo`.',
    'All first names; needed without `oidHenkilo`.',
    { esimerkki: 'Aino Maria' },
  ),
  exception: j('Virheen laji.', 'Kind of the error.', {
    esimerkki: 'fi.vm.sade.oppijanumerorekisteri.exceptions.UnprocessableEntityException',
  }),
  failures: luku('Muut rivit, kesken olevat mukaan lukien.', 'All other rows, those not done included.', 0),
  field: j('Virheellisen kentän polku.', 'Path of the wrong field.', { esimerkki: 'kansalaisuus' }),
  'TuontiKoosteRequest.field': j('Järjestyksen sarake.', 'Column to sort by.'),
  fieldErrors: j('Virheelliset kentät, kun tiedot eivät kelvanneet.', 'The wrong fields, when data were refused.'),
  first: totuus('Ensimmäinen sivu.', 'The first page.', true),
  globalErrors: j('Aina tyhjä.', 'Always empty.'),
  hakemukset: j(
    'Hakemukset; tyhjä, kun niitä ei ole tai hakupalvelu ei vastaa.',
    'Applications; empty when there are none or their service does not answer.',
  ),
  hakemusData: j(
    'Hakemus sellaisena kuin hakupalvelu sen antaa, ja `service`: `haku-app` tai `ataru`.',
    'The application as its service gives it, and `service`: `haku-app` or `ataru`.',
  ),
  henkilo: j('Henkilö.', 'The person.'),
  'TuontiDataRiviDto.henkilo': j(
    'Henkilö niin kuin hänet lähetettiin; hetun loppuosa on peitetty.',
    'The person as sent; the last four characters of the hetu are hidden.',
  ),
  henkiloNimi: j(
    'Henkilön `sukunimi, etunimet` nyt; puuttuu, ellei hän kuulu kutsujan organisaatioihin.',
    '`surname, first names` of the person today; absent when it is not in the caller’s organisations.',
    { esimerkki: 'Korhonen, Aino Maria' },
  ),
  henkiloOid: oid('Henkilö, johon rivi johti.', 'The person that the row led to.'),
  'HenkiloViiteDto.henkiloOid': oid('Duplikaatin OID.', 'OID of the duplicate.', AINON_DUPLIKAATTI),
  henkiloOids: j('Henkilöiden OIDit; `null` tai tyhjä: kuka tahansa.', 'OIDs of persons; `null` or empty: anyone.', {
    esimerkki: [AINO],
  }),
  henkilot: j('Rivit.', 'The rows.'),
  hetu: j('Nykyinen henkilötunnus.', 'Current hetu.', { format: 'hetu', esimerkki: AINON_HETU }),
  'HenkiloCriteria.hetu': j('Nykyinen hetu kokonaisena; tyhjä: mikä tahansa.', 'Current hetu, exactly; empty: any.', {
    format: 'hetu',
  }),
  'HenkiloCreateDto.hetu': j(
    'Hetu; ratkaisee syntymäajan ja sukupuolen. Tyhjä: ei hetua.',
    'Hetu; decides birth date and sex. Empty: none.',
    { format: 'hetu' },
  ),
  'HenkiloUpdateDto.hetu': j(
    'Hetu. Tyhjä poistaa hetun henkilöltä, jota VTJ ei ole yksilöinyt.',
    'Hetu. Empty clears the hetu of a person that VTJ has not identified.',
    { format: 'hetu' },
  ),
  httpQuery: j('Osoitteen kyselyosa virheestä 409.', 'Query of the address, for an error 409.'),
  id: luku('Numero.', 'Number.', 1),
  'YhteystiedotRyhmaDto.id': luku(
    'Ryhmän numero; pyynnössä `null` luo uuden.',
    'Number of the group; `null` in a request: a new group.',
    1,
  ),
  'KansalaisuusReadDto.id': luku('Rivin numero.', 'Number of the row.', 1),
  'TuontiKoosteRequest.id': j('Vain tämä tuonti.', 'Only this import.'),
  identifications: j(
    'Tunnistautumistunnisteet; turvakiellon alaiselta ilman sähköposteja, kun kutsujan oikeus on organisaatiokohtainen.',
    'Login identifiers; without e-mail addresses for a person under turvakielto where the caller’s rights are by organisation.',
  ),
  'HenkiloPerustietoCreateDto.identifications': j(
    'Tunnistautumistunnisteet, joilla haetaan ja jotka luotava saa.',
    'Login identifiers to look for, and for who is created.',
  ),
  identifier: j('Tunniste.', 'The identifier.', { esimerkki: 'aino-google' }),
  idpEntityId: j(
    'Tunnisteen tyyppi, koodisto `henkilontunnistetyypit`.',
    'Kind of the identifier, code set `henkilontunnistetyypit`.',
    { esimerkki: 'google' },
  ),
  inProgress: luku('Rivejä käsittelemättä.', 'Rows that are not done yet.', 0),
  kaikkiHetut: j(
    'Kaikki yksilöidyn henkilön viralliset hetut, nykyinen ja aiemmat.',
    'Every official hetu that an identified person has or had.',
    { esimerkki: [AINON_HETU] },
  ),
  kansalaisuus: j('Kansalaisuudet.', 'Nationalities.'),
  'HenkiloCreateDto.kansalaisuus': j(
    'Kansalaisuudet; `null`-alkiot jätetään pois.',
    'Nationalities; null elements are left out.',
  ),
  'HenkiloUpdateDto.kansalaisuus': j('Korvaa kaikki; tyhjä poistaa ne.', 'Replaces all; empty: none.'),
  'OppijaTuontiRiviHenkiloCreateDto.kansalaisuus': j(
    'Kansalaisuudet, koodisto `maatjavaltiot2`; `246` vaatii hetun.',
    'Nationalities, code set `maatjavaltiot2`; with `246` a hetu is required.',
    { esimerkki: [{ koodi: '246' }] },
  ),
  kansalaisuusKoodi: j(
    'Koodi koodistosta `maatjavaltiot2`, kolme numeroa.',
    'Code in code set `maatjavaltiot2`, three digits.',
    { esimerkki: '246' },
  ),
  kasiteltavia: luku('Rivejä kaikkiaan.', 'Number of rows.', 2),
  kasitelty: totuus('Kaikki rivit on käsitelty.', 'All rows are done.', true),
  kasiteltyja: luku('Käsiteltyjä rivejä, epäonnistuneet mukaan lukien.', 'Rows done so far, failed ones included.', 2),
  kasittelijaOid: oid('Viimeksi muuttaneen OID.', 'OID of the last modifier.', '1.2.246.562.24.00000000001'),
  keskeneraiset: luku('Yksilöintiä ei ole vielä yritetty.', 'The identification has not been tried yet.', 0),
  kieliKoodi: j('Koodi koodistosta `kieli`, pienin kirjaimin.', 'Code in code set `kieli`, lower case.', {
    format: 'kielikoodi',
    esimerkki: 'fi',
  }),
  kieliTyyppi: j(
    'Kielen nimi; `null`, ellei sitä ole tallennettu.',
    'Name of the language; `null` if none is stored.',
    { esimerkki: 'suomi' },
  ),
  'AidinkieliDto.kieliTyyppi': { description: EI_VAIKUTA },
  kielisyys: j('Aina tyhjä.', 'Always empty.', { esimerkki: [] }),
  koodi: j('Koodi.', 'The code.', { esimerkki: '246' }),
  kotikunta: j(
    'Kotikunnan koodi, koodisto `kunta`; turvakiellon alaisella `null`.',
    'Code of the home municipality, code set `kunta`; `null` under turvakielto.',
    { esimerkki: '091' },
  ),
  'HenkiloCreateDto.kotikunta': j(
    'Kotikunnan koodi, koodisto `kunta`.',
    'Code of the home municipality, code set `kunta`.',
    { esimerkki: '091' },
  ),
  'HenkiloUpdateDto.kotikunta': j(
    'Kotikunnan koodi, koodisto `kunta`.',
    'Code of the home municipality, code set `kunta`.',
    { esimerkki: '091' },
  ),
  'KotikuntaHistoriaDto.kotikunta': j(
    'Kunnan koodi, koodisto `kunta`, kolme numeroa.',
    'Code of the municipality, code set `kunta`, three digits.',
    { esimerkki: '091' },
  ),
  'OppijaReadDto.kotikunta': j(
    'Kotikunta; turvakiellon alaisella `null`.',
    'Home municipality; `null` under turvakielto.',
  ),
  kunnastaPoisMuuttopv: paiva(
    'Poismuuttopäivä; `null`: asuu yhä.',
    'Day of moving out; `null`: still there.',
    '2010-12-31',
  ),
  kuntaanMuuttopv: paiva('Muuttopäivä; `null`: ei tiedossa.', 'First day there; `null`: unknown.', '2005-08-01'),
  kuolinpaiva: paiva('Kuolinpäivä.', 'Day of death.', '2020-06-01'),
  kutsumanimi: j('Kutsumanimi.', 'Calling name.', { esimerkki: 'Aino' }),
  'HenkiloCreateDto.kutsumanimi': j(
    'Yksi etunimistä, useampi peräkkäinen, tai yhdysviivaisen osa.',
    'One or several neighbouring ones of `etunimet`, or the parts of a hyphenated one.',
    { esimerkki: 'Matilda' },
  ),
  'HenkiloPerustietoCreateDto.kutsumanimi': j(
    'Kutsumanimi; pakollinen ilman jäsentä `oidHenkilo`.',
    'Calling name; needed without `oidHenkilo`.',
    { esimerkki: 'Aino' },
  ),
  'HenkiloExistenceCheckDto.kutsumanimi': j('Yksi etunimistä.', 'One of `etunimet`.', { esimerkki: 'Aino' }),
  'OppijaCreateDto.kutsumanimi': j('Yksi etunimistä, tai kaikki.', 'One of `etunimet`, or all of them.', {
    esimerkki: 'Tilda',
  }),
  'OppijaTuontiRiviHenkiloCreateDto.kutsumanimi': j(
    'Kutsumanimi; ei tarvitse olla etunimistä.',
    'Calling name; need not be one of `etunimet`.',
    { esimerkki: 'Eino' },
  ),
  last: totuus('Enempää rivejä ei ole.', 'There are no further rows.', true),
  'YksilointiVertailuPageDto.last': totuus(
    'Viimeinen sivu; `false` myös tyhjästä tuloksesta.',
    'The last page; `false` for an empty result, too.',
  ),
  'MasterHenkiloPage.last': totuus(
    'Viimeinen sivu; `false` myös tyhjästä tuloksesta.',
    'The last page; `false` for an empty result, too.',
  ),
  linked: j(
    'Saman ihmisen muut OIDit; puuttuu, kun niitä ei ole haettu.',
    'Other OIDs of the same human being; absent where they are not worked out.',
    { esimerkki: [AINON_DUPLIKAATTI] },
  ),
  luotu: hetki('Luontihetki', 'When it was created'),
  master: j('Päähenkilön tiedot, tai henkilön omat.', 'Data of the master, or of the person itself.'),
  masterOid: oid('Päähenkilön OID.', 'OID of the master.'),
  message: j('Syy.', 'The reason.', {
    esimerkki: 'Maximum amount of henkilös to be fetched is 5000. Tried to fetch:5001',
  }),
  'KenttaVirheDto.message': j('Selite; `null`, kun avain riittää.', 'Explanation; `null` where the key says it.', {
    esimerkki: "Tuntematon koodiston 'maatjavaltiot2' koodi 000",
  }),
  'KenttaVirheDto.arguments': j('Virheelliset arvot.', 'The wrong values.'),
  'KenttaVirheDto.rejectedValue': j('Arvo, joka ei kelvannut.', 'The value that was refused.'),
  modified: hetki('Viimeisen muutoksen hetki', 'Last change'),
  'HenkiloPerustietoCreateDto.modified': { description: EI_VAIKUTA },
  modifiedAt: j('`modified` Suomen aikana.', '`modified` in Finnish time.', {
    format: 'date-time',
    esimerkki: '2024-02-01T12:00:00.000+02:00',
  }),
  muokattu: hetki('Viimeisen muutoksen hetki', 'Last change'),
  muokattuJalkeen: j(
    'Muuttunut tällä hetkellä tai sen jälkeen (ISO 8601).',
    'Changed at that instant or later (ISO 8601).',
  ),
  nameQuery: j(
    'Välilyönnein erotetut osat, enintään kymmenen; jokaisen on oltava etu- tai sukunimessä.',
    'Parts split at spaces, at most ten; every part must be contained in first names or surname.',
  ),
  nimi: j('Nimet.', 'The names.'),
  nimiHaku: j('OID tai hetu, tai nimien alku.', 'An OID or hetu, or the beginning of names.'),
  number: luku('Pyydetty sivu, ensimmäinen on 1.', 'Requested page; the first is 1.', 1),
  'TuontiKoostePage.number': luku('Sivu, ensimmäinen on 0.', 'Page; the first is 0.', 0),
  numberOfElements: luku('Rivejä tällä sivulla.', 'Rows on this page.', 1),
  offset: luku('Ohitettuja rivejä.', 'Rows skipped.', 0),
  oid: oid('Henkilön OID.', 'OID of the person.'),
  'TuontiKooste.oid': oid('Tuojan OID.', 'OID of the importing user.', '1.2.246.562.24.10000000042'),
  'MasterHenkiloDto.oid': oid('Tuodun henkilön oma OID.', 'The imported person’s own OID.'),
  'OppijaTuontiRiviHenkiloCreateDto.oid': oid('Henkilön OID, jos tiedossa.', 'OID of the person, if known.'),
  oidHenkilo: oid('Henkilön OID.', 'OID of the person.'),
  'HenkiloUpdateDto.oidHenkilo': oid('Kenen tietoja muutetaan.', 'Whom to change.'),
  'HenkiloPerustietoCreateDto.oidHenkilo': oid(
    'Haettavan OID; uutta henkilöä ei luoda tällä.',
    'Only ever found, never stored under it.',
  ),
  onnistuneet: luku('Yksilöity, passivoitu tai duplikaatti.', 'Identified, passive or a duplicate.', 1),
  oppijanumero: oid(
    'Oppijanumero: päähenkilön OID; `null`, ellei häntä ole yksilöity.',
    'Learner number: OID of the master; `null` when that one is not identified.',
  ),
  'HenkiloDto.oppijanumero': oid(
    'Yksilöidyn henkilön `oidHenkilo`, muuten `null`. Ei koskaan päähenkilön.',
    '`oidHenkilo` of an identified person, else `null`. Never the master’s.',
  ),
  'HenkiloCreateDto.oppijanumero': { description: EI_VAIKUTA },
  oppijanumerorekisteri: j('Nimet rekisterissä.', 'Names in the register.'),
  organisaatioOids: j(
    'Kuuluu johonkin näistä organisaatioista; muiden kuin kutsujan organisaatiot eivät vaikuta.',
    'Belongs to one of these organisations; those that are not the caller’s count for nothing.',
    { esimerkki: [YLIOPISTO] },
  ),
  page: luku('Sivu, ensimmäinen on 1.', 'Page; the first is 1.', 1),
  pageNumber: luku('Sivu, ensimmäinen on 0.', 'Page; the first is 0.', 0),
  pageSize: luku('Rivejä sivulla.', 'Rows a page.', 20),
  pageable: j('Pyydetty sivu.', 'The page asked for.'),
  paged: totuus('Aina `true`.', 'Always `true`.', true),
  passinumero: j('Passinumero.', 'Passport number.', { esimerkki: 'FI1234567' }),
  passinumerot: j('Passinumerot.', 'Passport numbers.', { esimerkki: ['FI1234567'] }),
  'HenkiloCreateDto.passinumerot': j(
    'Passinumerot; tyhjät jätetään pois. Toisen numero on virhe 400.',
    'Passport numbers; blank ones are left out. A number that someone else has is 400.',
    { esimerkki: ['FI1234567'] },
  ),
  passivoitu: totuus('Henkilö on passivoitu.', 'The person is passive.'),
  'HenkiloCriteria.passivoitu': j(
    'Vain passivoidut (`true`) tai vain aktiiviset (`false`).',
    'Only passive persons (`true`) or only active ones (`false`).',
  ),
  'HenkiloHakuCriteriaDto.passivoitu': j(
    'Vain passivoidut (`true`) tai vain aktiiviset (`false`).',
    'Only passive persons (`true`) or only active ones (`false`).',
  ),
  'HenkiloUpdateDto.passivoitu': j('Vain rekisterinpitäjä voi antaa arvon `false`.', '`false` only by the registrar.'),
  path: j('Pyynnön osoite.', 'Address of the request.', { esimerkki: '/oppijanumerorekisteri-service/henkilo' }),
  readOnly: totuus(
    'Ryhmä tulee viranomaiselta, eikä sitä voi muokata.',
    'The group comes from an authority and cannot be edited.',
  ),
  results: j('Sivun rivit.', 'The rows of the page.'),
  rivi: luku('Rivin järjestysnumero, ensimmäinen on 0.', 'Number of the row in the import, from 0.', 0),
  ryhmaAlkuperaTieto: j(
    'Alkuperä, koodisto `yhteystietojenalkupera`; `alkupera1` on VTJ.',
    'Origin, code set `yhteystietojenalkupera`; `alkupera1` is VTJ.',
    { esimerkki: 'alkupera2' },
  ),
  ryhmaKuvaus: j(
    'Tyyppi, koodisto `yhteystietotyypit`; `yhteystietotyyppi2` on työ.',
    'Kind, code set `yhteystietotyypit`; `yhteystietotyyppi2` is work.',
    { esimerkki: 'yhteystietotyyppi1' },
  ),
  sahkoposti: j(
    'Sähköpostiosoite, johon kerrotaan, ellei kaikkia voitu yksilöidä.',
    'Address that is told when persons could not be identified.',
    { esimerkki: 'tuoja@example.com' },
  ),
  'OppijaTuontiRiviHenkiloCreateDto.sahkoposti': j('Oppijan sähköpostiosoite.', 'E-mail address of the learner.', {
    esimerkki: 'eino.virtanen@example.com',
  }),
  size: luku('Pyydetty sivun koko.', 'Requested size.', 20),
  sort: j('Järjestys.', 'The order.'),
  'TuontiKoosteRequest.sort': j('Nouseva tai laskeva.', 'Ascending or descending.'),
  sorted: totuus('Aina `true`.', 'Always `true`.', true),
  status: luku('Tilakoodi.', 'Status.', 400),
  successful: luku(
    'Rivejä, joiden henkilö on yksilöity, passivoitu tai duplikaatti.',
    'Rows whose person is identified, passive or a duplicate.',
    2,
  ),
  sukunimi: j('Sukunimi.', 'Surname.', { esimerkki: 'Korhonen' }),
  'HenkiloPerustietoCreateDto.sukunimi': j(
    'Sukunimi; pakollinen ilman jäsentä `oidHenkilo`.',
    'Surname; needed without `oidHenkilo`.',
    { esimerkki: 'Korhonen' },
  ),
  sukupuoli: j('Koodisto `sukupuoli`: `1` mies, `2` nainen.', 'Code set `sukupuoli`: `1` man, `2` woman.', {
    esimerkki: '2',
  }),
  'OppijaTuontiRiviHenkiloCreateDto.sukupuoli': j(
    'Koodisto `sukupuoli`: `1` mies, `2` nainen.',
    'Code set `sukupuoli`: `1` man, `2` woman.',
    { esimerkki: { koodi: '1' } },
  ),
  'OppijaReadDto.sukupuoli': j('Sukupuoli nimineen.', 'Sex, with names.'),
  syntymaaika: paiva('Syntymäpäivä. Hetu ratkaisee sen.', 'Birth date. A hetu decides it.', '1985-03-15'),
  timestamp: hetki('Hetki', 'Instant'),
  total: luku('Rivejä kaikkiaan.', 'Number of rows.', 2),
  totalElements: luku('Rivejä kaikkiaan.', 'Number of rows in all.', 1),
  totalPages: luku('Sivuja kaikkiaan.', 'Number of pages in all.', 1),
  tunniste: j(
    'Rivin tunniste lähettäjän järjestelmässä; kukin vain kerran tuonnissa.',
    'Key of the row in the sending system; not repeated within an import.',
    { esimerkki: 'rivi-1' },
  ),
  'EidasTunnisteDto.tunniste': j('eIDAS-tunniste.', 'The eIDAS identifier.', { esimerkki: 'DE/FI/123abc' }),
  tuontiId: j('Vain tästä tuonnista.', 'In this import.'),
  turvakielto: totuus(
    'Henkilön osoite ja kotikunta ovat suojattuja.',
    'Address and home municipality of the person are protected.',
  ),
  unpaged: totuus('Aina `false`.', 'Always `false`.'),
  unsorted: totuus('Aina `false`.', 'Always `false`.'),
  uudelleenyritysAikaleima: j(
    'Milloin yritetään uudelleen, millisekunteina vuodesta 1970; `null`: ei itsestään.',
    'When it is tried again, milliseconds since 1970; `null`: not by itself.',
    { esimerkki: null },
  ),
  vaestotietojarjestelma: j('Nimet VTJ:ssä.', 'Names in VTJ.'),
  vainVirheet: totuus('Vain ne, joiden yksilöinti ei onnistu.', 'Only those whose identification fails.'),
  virhe: j('Miksi riviä ei voitu tallentaa.', 'Why the row could not be stored.', {
    esimerkki: 'Hetu ei ole kelvollinen',
  }),
  virheet: j(
    'Rivit, joita ei voitu tallentaa; puuttuu, kun niitä ei ole.',
    'Rows that could not be stored; absent when there are none.',
  ),
  'OppijaTuontiYhteenvetoDto.virheet': luku(
    'Ilman hetua, tai yksilöinti ei ole onnistunut.',
    'Without hetu, or the identification has failed.',
    0,
  ),
  vtjsynced: hetki('Viimeisin VTJ-päivitys', 'Last refresh from VTJ'),
  'HenkiloCreateDto.vtjsynced': j('Viimeisin VTJ-päivitys (ISO 8601).', 'Last refresh from VTJ (ISO 8601).'),
  yhteensa: luku('Summa.', 'The sum.', 1),
  yhteystiedot: j('Aina `null`.', 'Always `null`.'),
  yhteystiedotRyhma: j(
    'Yhteystietoryhmät; tyhjä turvakiellon alaiselta, kun kutsujan oikeus on organisaatiokohtainen.',
    'Contact groups; empty for a person under turvakielto where the caller’s rights are by organisation.',
  ),
  'HenkiloCreateDto.yhteystiedotRyhma': j(
    'Yhteystietoryhmät; `null`-alkiot jätetään pois, numerot eivät vaikuta.',
    'Contact groups; null elements are left out, ids are ignored.',
  ),
  'HenkiloUpdateDto.yhteystiedotRyhma': j(
    'Korvaa kaikki muokattavat ryhmät; viranomaisen ryhmä säilyy.',
    'Replaces all groups that are not read-only; those of an authority stay.',
  ),
  'OppijaCreateDto.yhteystiedotRyhma': j('Yhteystietoryhmät.', 'Contact groups.'),
  yhteystieto: j('Ryhmän yhteystiedot.', 'The values of the group.'),
  yhteystietoArvo: j('Arvo.', 'The value.', { esimerkki: 'aino.korhonen@example.com' }),
  yhteystietoTyyppi: j('Mikä yhteystieto.', 'What kind of value.', { esimerkki: 'YHTEYSTIETO_SAHKOPOSTI' }),
  yksilointiYritetty: totuus('VTJ-yksilöintiä on yritetty.', 'Identification against VTJ has been tried.', true),
  yksilointivirheTila: j('Virheen laji.', 'Kind of the failure.', { esimerkki: 'HETU_EI_VTJ' }),
  yksilointivirheet: j('Enintään yksi.', 'At most one.'),
  yksiloity: totuus(
    'Virkailija on yksilöinyt henkilön, jolla ei ole hetua.',
    'Identified by an official, without hetu.',
  ),
  'HenkiloDuplicateDto.yksiloity': totuus('Yksilöity millä tahansa tavalla.', 'Identified by any method.', true),
  'OppijaCreateDto.yksiloity': totuus(
    'Luoja on varmistanut, kuka henkilö on.',
    'The creator has made sure who the person is.',
  ),
  yksiloityEidas: totuus('Yksilöity eIDASilla.', 'Identified by eIDAS.'),
  yksiloityVTJ: totuus('Yksilöity VTJ:stä.', 'Identified against VTJ.', true),
};
