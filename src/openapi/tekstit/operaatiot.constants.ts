import {
  AINO,
  AINON_DUPLIKAATTI,
  AINON_HETU,
  AINON_NIMET,
  AMIR,
  EINO,
  EINON_HETU,
  ERKKI,
  JOHN,
  LAURI,
  TOINEN_EINO,
  TUULA,
  YLEISTUNNISTETUONTI,
} from './esimerkit.constants.js';
import { t, type Teksti } from './kieli.model.js';
import {
  EI_ORGANISAATIOTA,
  KENTTAVIRHEET,
  LIIAN_PITKA_LISTA,
  TUNTEMATON_HENKILO,
  TUNTEMATON_HETU,
  TUNTEMATON_TUONTI,
  TUONTI_EI_NAY,
} from './virheet.constants.js';

/** What the API page says of an operation. */
export interface OperaatioTekstit {
  /** What it is for, in a line. */
  readonly summary: Teksti;
  /** What to know before calling it; Markdown. */
  readonly description?: Teksti;
  /** What a success means, by status. */
  readonly ok?: Readonly<Partial<Record<200 | 201 | 204, Teksti>>>;
  /** Errors that it gives of its own (403, 404, 409, 500), and what those of every operation mean here. */
  readonly virheet?: Readonly<Partial<Record<400 | 403 | 404 | 409 | 500, Teksti>>>;
  /** Values of parameters other than those of `parametrit.constants.ts`. */
  readonly esimerkit?: Readonly<Record<string, unknown>>;
  /** Body. */
  readonly runko?: unknown;
}

const DUPLIKAATTI_EI_KELPAA = t(
  'Osoitteen henkilö on itse linkitetty duplikaatiksi, tai runko ei ole lista OIDeja. Linkitä hänen päähenkilöönsä (`GET /henkilo/{oid}/master`).',
  'The person of the address is a linked duplicate, or the body is no list of OIDs. Link to the master (`GET /henkilo/{oid}/master`).',
);
const MONTA_YKSILOITYA = t(
  'Useampi kuin yksi henkilöistä on yksilöity, joten he eivät voi olla sama ihminen. Tarkista, kuka on kuka.',
  'More than one of the persons is identified, so they cannot be the same human being. Find out who is who.',
);
const SIVUTUS_VIRHE = t(
  'Hetki, `offset` (vähintään 0) tai `amount` (vähintään 1) on virheellinen.',
  'The instant, `offset` (at least 0) or `amount` (at least 1) is wrong.',
);
const MUUT_NIMET = t(
  'Hetu kuuluu henkilölle, jonka nimet ovat toiset, tai VTJ on passivoinut sen. Tarkista hetu ja nimet henkilöltä.',
  'The hetu belongs to somebody with other names, or VTJ has passivated it. Check hetu and names with the person.',
);
const VTJ_EI_TUNNE = t(
  'Hetua ei ole rekisterissä eikä VTJ:ssä. Tarkista hetu.',
  'Neither the register nor VTJ has the hetu. Check it.',
);

/** By method and path. A test demands every published operation, and no other. */
export const OPERAATIOT: Readonly<Record<string, OperaatioTekstit>> = {
  'GET /cas/prequel': {
    summary: t('Autentikoi käyttäjän ja avaa istunnon', 'Logs the user in and opens a session'),
    description: t(
      'Kutsutaan kerran ennen rinnakkaisia kutsuja, jotta ne jakavat yhden istunnon.',
      'Called once before calls in parallel, so that they share one session.',
    ),
    ok: { 200: t('Istunto on auki; runko on `ok`.', 'The session is open; the body is `ok`.') },
  },
  'POST /cas/prequel': {
    summary: t('Autentikoi käyttäjän ja avaa istunnon', 'Logs the user in and opens a session'),
    description: t('Kuten GET. Pyynnön runkoa ei lueta.', 'As the GET. The body of the request is not read.'),
    ok: { 200: t('Istunto on auki; runko on `ok`.', 'The session is open; the body is `ok`.') },
  },
  'GET /henkilo/hakutermi={hakutermi}': {
    summary: t(
      'Etsii henkilön yhdellä hakusanalla: hetulla, OIDilla tai nimen osalla',
      'Finds a person by one term: a hetu, an OID or part of a name',
    ),
    description: t(
      'Usean osuman joukosta vastataan sukunimen ja kutsumanimen mukaan ensimmäinen. Passivoituja ja duplikaatteja ei oteta huomioon.',
      'Of several hits the first by surname and calling name is given. Passive persons and duplicates do not count.',
    ),
    virheet: {
      404: t('Kukaan ei vastaa hakusanaa. Kokeile OIDia tai hetua.', 'Nobody fits the term. Try an OID or a hetu.'),
    },
  },
  'GET /henkilo/yhteystieto={arvo}/oid': {
    summary: t('Henkilöt, joilla on täsmälleen tämä yhteystieto', 'The persons who have exactly this contact value'),
    ok: { 200: t('OIDit; tyhjä lista, jos ketään ei löydy.', 'OIDs; an empty list if nobody is found.') },
  },
  'POST /henkilo/yhteystiedot': {
    summary: t('Monen henkilön yhteystiedot', 'Contact details of many persons'),
    description: t(
      '`henkiloOids` on pakollinen; muut ehdot rajaavat tulosta. Tyhjät arvot jätetään pois.',
      '`henkiloOids` is required; the other conditions narrow the result. Empty values are left out.',
    ),
    virheet: {
      400: t(
        '`henkiloOids` puuttuu tai ehdoissa on virhe. Lähetä vähintään tyhjä lista.',
        '`henkiloOids` is missing, or a condition is wrong. Send at least an empty list.',
      ),
    },
    runko: { henkiloOids: [AINO, EINO] },
  },
  'GET /henkilo/current/hasHetu': {
    summary: t('Onko kutsujalla hetu rekisterissä', 'Whether the caller has a hetu in the register'),
    ok: { 200: t('`true` tai `false`.', '`true` or `false`.') },
  },
  'GET /henkilo/current/asiointiKieli': {
    summary: t('Kutsujan asiointikieli', "The caller's language of contact"),
    ok: {
      200: t(
        'Kielikoodi pelkkänä tekstinä; `fi`, jos kieltä ei ole tallennettu.',
        'The code of the language as bare text; `fi` if none is stored.',
      ),
    },
    virheet: {
      404: t(
        'Kutsujalla ei ole henkilöä rekisterissä (palvelutunnus).',
        'The caller has no person in the register (a service account).',
      ),
    },
  },
  'GET /henkilo/current/omattiedot': {
    summary: t('Kutsujan omat nimet ja asiointikieli', "The caller's own names and language of contact"),
    virheet: {
      404: t(
        'Kutsujalla ei ole henkilöä rekisterissä (palvelutunnus).',
        'The caller has no person in the register (a service account).',
      ),
    },
  },
  'GET /henkilo/henkiloPerusByHetu/{hetu}': {
    summary: t('OID ja nimet hetulla', 'OID and names by hetu'),
    description: t('Löytyy myös aiemmalla hetulla.', 'Former hetut are found, too.'),
    virheet: { 404: TUNTEMATON_HETU },
  },
  'POST /henkilo/henkiloPerustietosByHenkiloOidList': {
    summary: t('Monen henkilön perustiedot OIDeilla', 'Basic data of many persons by OID'),
    description: t(
      'Enintään 5 000 OIDia kutsussa. Tuntemattomat ja henkilöt, joita kutsuja ei saa nähdä, jäävät pois vastauksesta; järjestys on vapaa.',
      'At most 5 000 OIDs a call. Unknown ones and persons whom the caller may not see are left out; the order is any.',
    ),
    virheet: { 400: LIIAN_PITKA_LISTA },
    runko: [AINO, EINO],
  },
  'POST /henkilo/henkiloPerustietosByHenkiloHetuList': {
    summary: t('Monen henkilön perustiedot hetuilla', 'Basic data of many persons by hetu'),
    description: t(
      'Enintään 5 000 nykyistä hetua kutsussa. Tuntemattomat ja henkilöt, joita kutsuja ei saa nähdä, jäävät pois vastauksesta.',
      'At most 5 000 current hetut a call. Unknown ones and persons whom the caller may not see are left out.',
    ),
    virheet: { 400: LIIAN_PITKA_LISTA },
    runko: [AINON_HETU, EINON_HETU],
  },
  'POST /henkilo/henkilotByHenkiloOidList': {
    summary: t('Monen henkilön kaikki tiedot OIDeilla', 'All data of many persons by OID'),
    description: t(
      'Enintään 5 000 OIDia kutsussa. Tuntemattomat ja henkilöt, joita kutsuja ei saa nähdä, jäävät pois vastauksesta; järjestys on vapaa.',
      'At most 5 000 OIDs a call. Unknown ones and persons whom the caller may not see are left out; the order is any.',
    ),
    virheet: { 400: LIIAN_PITKA_LISTA },
    runko: [AINO, EINO],
  },
  'POST /henkilo/masterHenkilosByOidList': {
    summary: t('Monen henkilön päähenkilöt OIDeilla', 'Masters of many persons by OID'),
    description: t(
      'Enintään 5 000 eri OIDia kutsussa. Käytä, kun sinulla on OIDeja, jotka voivat olla duplikaatteja.',
      'At most 5 000 different OIDs a call. For OIDs that may be duplicates.',
    ),
    ok: {
      200: t(
        'Pyydetty OID → päähenkilön tiedot, tai henkilön omat, jos hän ei ole duplikaatti.',
        'Requested OID → data of the master, or of the person itself who is no duplicate.',
      ),
    },
    virheet: { 400: LIIAN_PITKA_LISTA },
    runko: [AINON_DUPLIKAATTI, EINO],
  },
  'GET /henkilo/hetu={hetu}': {
    summary: t('Henkilön kaikki tiedot hetulla', 'All data of a person by hetu'),
    description: t('Löytyy myös aiemmalla hetulla.', 'Former hetut are found, too.'),
    virheet: { 404: TUNTEMATON_HETU },
  },
  'HEAD /henkilo/{oid}': {
    summary: t('Onko henkilö olemassa', 'Whether a person exists'),
    ok: { 200: t('On.', 'It does.') },
    virheet: { 404: t('Ei ole. Tarkista OID.', 'It does not. Check the OID.') },
  },
  'GET /henkilo/{oid}': {
    summary: t('Henkilön kaikki tiedot OIDilla', 'All data of a person by OID'),
    description: t(
      'Duplikaatista vastataan sen omat tiedot; päähenkilön antaa `GET /henkilo/{oid}/master`.',
      'Of a duplicate its own data are given; `GET /henkilo/{oid}/master` gives the master.',
    ),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'DELETE /henkilo/{oid}': {
    summary: t('Passivoi henkilön', 'Makes a person passive'),
    description: t(
      'Henkilöltä poistetaan myös käyttöoikeudet. Tiedot säilyvät, ja rekisterinpitäjä voi aktivoida henkilön uudelleen.',
      'Takes the access rights of the person away as well. The data stay, and the registrar can make the person active again.',
    ),
    virheet: { 404: TUNTEMATON_HENKILO },
    esimerkit: { oid: AMIR },
  },
  'GET /henkilo/{oid}/master': {
    summary: t('Henkilön päähenkilö', 'The master of a person'),
    description: t(
      'Vastaa henkilön omat tiedot, jos hän ei ole duplikaatti. Oppijanumeroa tarvitseva käyttää tätä.',
      "Gives the person's own data if it is no duplicate. For who needs the learner number.",
    ),
    virheet: { 404: TUNTEMATON_HENKILO },
    esimerkit: { oid: AINON_DUPLIKAATTI },
  },
  'GET /henkilo/{oid}/slaves': {
    summary: t('Henkilöön linkitetyt duplikaatit', 'Duplicates that are linked to a person'),
    ok: {
      200: t('Duplikaatit; tyhjä lista, jos niitä ei ole.', 'The duplicates; an empty list if there are none.'),
    },
  },
  'GET /henkilo/{oid}/passinumerot': {
    summary: t('Henkilön passinumerot', 'Passport numbers of a person'),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'POST /henkilo/{oid}/passinumerot': {
    summary: t('Korvaa henkilön passinumerot', 'Replaces the passport numbers of a person'),
    ok: { 200: t('Tallennetut passinumerot.', 'The stored numbers.') },
    virheet: {
      400: t(
        'Numero on tyhjä tai jonkun toisen. Lähetä henkilön kaikki numerot, myös entiset.',
        "A number is blank or someone else's. Send all numbers of the person, the former ones as well.",
      ),
      404: TUNTEMATON_HENKILO,
    },
    runko: ['FI1234567'],
  },
  'GET /henkilo/{oidHenkilo}/asiointiKieli': {
    summary: t('Henkilön asiointikieli', "A person's language of contact"),
    ok: {
      200: t(
        'Kielikoodi pelkkänä tekstinä; `fi`, jos kieltä ei ole tallennettu.',
        'The code of the language as bare text; `fi` if none is stored.',
      ),
    },
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'GET /henkilo/{oidHenkilo}/omattiedot': {
    summary: t('Henkilölle itselleen näytettävät tiedot', 'What a person is shown about itself'),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'GET /s2s/oidByHetu/{hetu}': {
    summary: t('Henkilön OID hetulla', 'OID of a person by hetu'),
    description: t('Löytyy myös aiemmalla hetulla.', 'Former hetut are found, too.'),
    ok: { 200: t('OID pelkkänä tekstinä.', 'The OID as bare text.') },
    virheet: { 404: TUNTEMATON_HETU },
  },
  'POST /s2s/oidByEidas': {
    summary: t('Henkilön OID eIDAS-tunnisteella', 'OID of a person by eIDAS identifier'),
    ok: { 200: t('OID pelkkänä tekstinä.', 'The OID as bare text.') },
    virheet: {
      404: t(
        'Kenelläkään ei ole tätä tunnistetta. Tarkista se merkki merkiltä.',
        'Nobody has this identifier. Check it letter by letter.',
      ),
    },
    runko: { eidasTunniste: 'DE/FI/123abc' },
  },
  'POST /s2s/duplicateHenkilos': {
    summary: t('Henkilöiden linkitykset', 'Links of persons'),
    description: t(
      'Vastaa kaikki linkit niistä ryhmistä, joihin annetut henkilöt kuuluvat. Ilman jäsentä `henkiloOids` vastaa rekisterin kaikki linkit.',
      'Gives all links of the groups to which the given persons belong. Without `henkiloOids` every link of the register.',
    ),
    runko: { henkiloOids: [AINO] },
  },
  'GET /s2s/changedSince/{at}': {
    summary: t('Hetken jälkeen muuttuneet henkilöt', 'Persons changed since an instant'),
    description: t(
      'OIDit muutosjärjestyksessä. Lue sivuittain: `amount` rivejä kerrallaan ja `offset` niin monta kuin jo luettiin, kunnes sivu on vajaa; jatka seuraavalla kerralla hetkestä, jolloin aloitit.',
      'OIDs in order of change. Read in pages: `amount` rows at a time with as many as were read as `offset`, until a page is not full; go on next time from the instant at which you began.',
    ),
    virheet: { 400: SIVUTUS_VIRHE },
  },
  'POST /s2s/changedSince/{at}': {
    summary: t(
      'Hetken jälkeen muuttuneet henkilöt lisäehdoin',
      'Persons changed since an instant, with further conditions',
    ),
    description: t('Kuten GET; rungon ehdot rajaavat tulosta.', 'As the GET; the conditions of the body narrow it.'),
    virheet: { 400: SIVUTUS_VIRHE },
    runko: { passivoitu: false },
  },
  'GET /s2s/henkilo/list/{municipal}/{birthdate}': {
    summary: t(
      'Kunnassa asuvat, jotka ovat syntyneet päivänä tai sen jälkeen',
      'Residents of a municipality born on a day or later',
    ),
    description: t('5 000 henkilöä sivulla.', '5 000 persons a page.'),
  },
  'POST /s2s/henkilo/perustiedotAsAdmin': {
    summary: t('Etsii henkilöitä ehdoilla', 'Finds persons by conditions'),
    description: t(
      'Järjestys on sukunimi, kutsumanimi. Ilman parametria `limit` vastataan kaikki ehdot täyttävät.',
      'In order of surname and calling name. Without `limit` all who fit are given.',
    ),
    virheet: {
      400: t(
        'Ehdoissa on virhe, `offset` on alle 0 tai `limit` alle 1.',
        'A condition is wrong, `offset` is below 0 or `limit` below 1.',
      ),
    },
    runko: { nameQuery: 'Meikäläinen' },
  },
  'POST /henkilo': {
    summary: t('Luo henkilön', 'Creates a person'),
    description: t(
      'Tarkista ensin, ettei henkilöä jo ole (`POST /henkilo/exists` tai `POST /s2s/findOrCreateHenkiloPerustieto`). Hetu ratkaisee syntymäajan ja sukupuolen.',
      'First make sure that the person does not exist (`POST /henkilo/exists` or `POST /s2s/findOrCreateHenkiloPerustieto`). A hetu decides birth date and sex.',
    ),
    ok: { 201: t('Uuden henkilön OID pelkkänä tekstinä.', 'The OID of the new person as bare text.') },
    virheet: { 400: KENTTAVIRHEET },
    runko: {
      etunimet: 'Matilda Sofia',
      kutsumanimi: 'Matilda',
      sukunimi: 'Esimerkki',
      syntymaaika: '2004-05-06',
      sukupuoli: '2',
      aidinkieli: { kieliKoodi: 'sv' },
      kansalaisuus: [{ kansalaisuusKoodi: '752' }],
    },
  },
  'PUT /henkilo': {
    summary: t('Muuttaa henkilön tietoja', 'Changes data of a person'),
    description: t(
      'Vain annetut jäsenet muuttuvat; `null` tai puuttuva jättää ennalleen, lista korvaa entisen. VTJ-yksilöidyn henkilön nimet ja muut VTJ:n tiedot eivät muutu. Omista tiedoistaan jokainen voi muuttaa yhteystietoja ja asiointikieltä.',
      'Only the given members change; `null` or absent leaves one as it is, a list replaces the former. Names and other data of VTJ do not change for a person identified by VTJ. Of his own data everybody may change contact details and language of contact.',
    ),
    ok: { 200: t('Henkilön OID pelkkänä tekstinä.', 'The OID of the person as bare text.') },
    virheet: {
      400: KENTTAVIRHEET,
      403: t(
        'Vain rekisterinpitäjä voi aktivoida passivoidun henkilön.',
        'Only the registrar can make a passive person active.',
      ),
      404: TUNTEMATON_HENKILO,
    },
    runko: { oidHenkilo: AMIR, asiointiKieli: { kieliKoodi: 'en' } },
  },
  'DELETE /henkilo/{oid}/access': {
    summary: t(
      'Poistaa henkilön käyttöoikeudet ja työyhteystiedot',
      'Takes away access rights and work contact details of a person',
    ),
    description: t('Tuntematon OID ei ole virhe.', 'An unknown OID is no error.'),
    esimerkit: { oid: AMIR },
  },
  'POST /s2s/findOrCreateHenkiloPerustieto': {
    summary: t('Hakee henkilön tai luo hänet', 'Finds a person, or creates it'),
    description: t(
      'Haetaan järjestyksessä OIDilla, tunnistautumistunnisteilla, hetulla ja eIDAS-tunnisteella; ensimmäinen osuma vastataan.',
      'Looked for by OID, login identifiers, hetu and eIDAS identifier, in this order; the first hit is given.',
    ),
    ok: {
      200: t('Löytyi.', 'Found.'),
      201: t('Luotiin; `Location` on osoite.', 'Created; `Location` is the address.'),
    },
    virheet: {
      400: t(
        'Tiedoissa on virhe (`fieldErrors`), tai tunnisteet kuuluvat usealle henkilölle. Korjaa tiedot.',
        'The data are wrong (`fieldErrors`), or the identifiers belong to several persons. Correct them.',
      ),
      404: TUNTEMATON_HENKILO,
    },
    runko: { hetu: AINON_HETU, ...AINON_NIMET },
  },
  'GET /henkilo/{oid}/huoltajat': {
    summary: t('Henkilön nykyiset huoltajat', 'Current guardians of a person'),
    ok: { 200: t('Huoltajat; tyhjä lista, jos heitä ei ole.', 'The guardians; an empty list if there are none.') },
    esimerkit: { oid: LAURI },
  },
  'GET /henkilo/huoltajasuhdemuutokset': {
    summary: t(
      'Lapset, joiden huoltajuus on muuttunut päivien välillä',
      'Children whose guardians changed between two days',
    ),
    description: t(
      'Päivät luetaan mukaan, Suomen aikaa. Vain niille, jotka saavat lukea kaikki henkilöt.',
      'Both days are included, Finnish time. Only for those who may read everyone.',
    ),
    ok: { 200: t('Lasten OIDit.', 'OIDs of the children.') },
  },
  'GET /henkilo/huoltajasuhdemuutokset/alkaen/{at}': {
    summary: t(
      'Lapset, joiden huoltajuus on muuttunut hetken jälkeen',
      'Children whose guardians changed since an instant',
    ),
    description: t(
      'OIDit muutosjärjestyksessä, 10 000 ellei `amount` sano muuta. Vain niille, jotka saavat lukea kaikki henkilöt.',
      'OIDs in order of change, 10 000 unless `amount` says otherwise. Only for those who may read everyone.',
    ),
    virheet: { 400: SIVUTUS_VIRHE },
  },
  'GET /henkilo/identification': {
    summary: t('Henkilö, jolla on tämä tunnistautumistunniste', 'The person who has a login identifier'),
    virheet: {
      404: t('Kenelläkään ei ole tätä tunnistetta.', 'Nobody has this identifier.'),
      409: t(
        'Tunniste on usealla henkilöllä. Poista se muilta (`DELETE /henkilo/{oid}/identification/…`) tai linkitä henkilöt.',
        'Several persons have the identifier. Remove it from the others (`DELETE /henkilo/{oid}/identification/…`), or link them.',
      ),
    },
    esimerkit: { idp: 'email', id: 'eino.virtanen@example.com' },
  },
  'GET /henkilo/{oid}/identification': {
    summary: t('Henkilön tunnistautumistunnisteet', 'Login identifiers of a person'),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'POST /henkilo/{oid}/identification': {
    summary: t('Lisää henkilölle tunnistautumistunnisteen', 'Adds a login identifier to a person'),
    ok: { 200: t('Henkilön kaikki tunnisteet.', 'All identifiers of the person.') },
    virheet: {
      400: t(
        'Tyyppi ei ole koodistossa `henkilontunnistetyypit`, se on `eidas`, tai tunniste on jo jollakulla.',
        'The kind is not in code set `henkilontunnistetyypit`, it is `eidas`, or someone has the identifier.',
      ),
      404: TUNTEMATON_HENKILO,
    },
    runko: { idpEntityId: 'email', identifier: 'aino@example.com' },
  },
  'DELETE /henkilo/{oid}/identification/{idpEntityId}/**': {
    summary: t('Poistaa henkilöltä tunnistautumistunnisteen', 'Removes a login identifier of a person'),
    description: t(
      'Tunniste on koko loppuosa osoitteesta, vinoviivat mukaan lukien. Tunniste, jota henkilöllä ei ole, ei ole virhe.',
      'The identifier is the whole rest of the address, slashes included. One that the person does not have is no error.',
    ),
    ok: { 200: t('Jäljelle jääneet tunnisteet.', 'The remaining identifiers.') },
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'POST /s2s/henkilo/kotikuntahistoria': {
    summary: t('Henkilöiden kotikunnat, ei turvakieltoa', 'Home municipalities of persons without turvakielto'),
    description: t(
      'Turvakiellon alaiset henkilöt jäävät pois; heille on oma operaationsa ja oikeutensa.',
      'Persons under turvakielto are left out; they have an operation and a right of their own.',
    ),
    runko: [AINO, EINO],
  },
  'POST /s2s/henkilo/kotikuntahistoria/turvakielto': {
    summary: t('Turvakiellon alaisten henkilöiden kotikunnat', 'Home municipalities of persons under turvakielto'),
    description: t(
      'Suojattua tietoa: käsittele ja säilytä sitä vain niin kuin laki sallii.',
      'Protected data: handle and keep them only as the law allows.',
    ),
    runko: [TUULA],
  },
  'GET /henkilo/duplikaatit': {
    summary: t('Henkilöt, jotka muistuttavat annettua', 'Persons who resemble the given one'),
    description: t(
      'Ennen luomista: samankaltaisimmat ensin, nimien ja syntymäajan mukaan.',
      'Before creating somebody: the most alike first, by names and birth date.',
    ),
    virheet: {
      400: t('Jokin nimistä puuttuu, tai päivä on virheellinen.', 'One of the names is missing, or the day is wrong.'),
    },
  },
  'GET /henkilo/{oid}/duplicates': {
    summary: t('Henkilön mahdolliset duplikaatit', 'Possible duplicates of a person'),
    description: t(
      'Samankaltaisimmat ensin. Vahvistetut linkitetään: `POST /henkilo/{oid}/link`.',
      'The most alike first. What is confirmed is linked: `POST /henkilo/{oid}/link`.',
    ),
    virheet: { 404: TUNTEMATON_HENKILO },
    esimerkit: { oid: EINO },
  },
  'GET /henkilo/{oid}/hakemukset': {
    summary: t('Henkilön ja hänen duplikaattiensa hakemukset', 'Applications of a person and its duplicates'),
    ok: {
      200: t(
        'Hakemukset; tyhjä lista, jos niitä ei ole tai hakupalvelu ei vastaa.',
        'The applications; an empty list if there are none, or their service does not answer.',
      ),
    },
  },
  'POST /henkilo/{oid}/link': {
    summary: t('Linkittää duplikaatit henkilöön', 'Links duplicates to a person'),
    description: t(
      'Yksilöidystä tulee päähenkilö, vaikka hän olisi rungossa; muut passivoidaan hänen duplikaateikseen.',
      'The identified one becomes the master even if he is in the body; the others become his passive duplicates.',
    ),
    ok: { 200: t('Duplikaatiksi linkitettyjen OIDit.', 'OIDs of those that are now duplicates.') },
    virheet: { 400: DUPLIKAATTI_EI_KELPAA, 403: MONTA_YKSILOITYA, 404: TUNTEMATON_HENKILO },
    esimerkit: { oid: EINO },
    runko: [TOINEN_EINO],
  },
  'POST /henkilo/{oid}/forcelink': {
    summary: t(
      'Linkittää duplikaatit ja purkaa niiden yksilöinnin',
      'Links duplicates and takes their identification back',
    ),
    description: t(
      'Kuten `link`, mutta virkailijan tekemä yksilöinti puretaan ensin.',
      'As `link`, but an identification by an official is taken back first.',
    ),
    ok: { 200: t('Duplikaatiksi linkitettyjen OIDit.', 'OIDs of those that are now duplicates.') },
    virheet: {
      400: t(
        'Rungossa on henkilö, joka on yksilöity vahvasti tai jolla on hetu: häntä ei voi pakottaa duplikaatiksi.',
        'The body has a person who is identified strongly or has a hetu: that one cannot be forced.',
      ),
      403: MONTA_YKSILOITYA,
      404: TUNTEMATON_HENKILO,
    },
    esimerkit: { oid: EINO },
    runko: [TOINEN_EINO],
  },
  'DELETE /henkilo/{oid}/unlink/{slaveOid}': {
    summary: t('Purkaa duplikaatin linkityksen', 'Unlinks a duplicate'),
    description: t('Duplikaatti aktivoidaan.', 'The duplicate becomes active.'),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'POST /henkilo/exists': {
    summary: t('Onko henkilö rekisterissä tai VTJ:ssä', 'Whether a person is in the register or in VTJ'),
    description: t('Ennen luomista, hetulla ja nimillä.', 'Before creating somebody, by hetu and names.'),
    ok: {
      200: t('Rekisterissä; `oid` on henkilön.', "In the register; `oid` is the person's."),
      204: t('Vain VTJ:ssä: henkilön voi luoda.', 'In VTJ only: the person can be created.'),
    },
    virheet: { 404: VTJ_EI_TUNNE, 409: MUUT_NIMET },
    runko: { hetu: AINON_HETU, ...AINON_NIMET },
  },
  'POST /henkilo/{oid}/yksiloi': {
    summary: t('Yksilöi henkilön VTJ:stä nyt', 'Identifies a person against VTJ now'),
    description: t(
      'Jos VTJ:n nimet poikkeavat, henkilöä ei yksilöidä, vaan VTJ:n tiedot jäävät vertailtaviksi (`GET …/yksilointitiedot`).',
      'If the names of VTJ differ, the person is not identified; the data of VTJ are kept to compare (`GET …/yksilointitiedot`).',
    ),
    virheet: {
      400: t(
        'Henkilöllä ei ole hetua, tai VTJ ei voi yksilöidä sitä (keinotekoinen, tuntematon tai passivoitu).',
        'The person has no hetu, or VTJ cannot identify it (artificial, unknown or passivated).',
      ),
      404: TUNTEMATON_HENKILO,
    },
    esimerkit: { oid: ERKKI },
  },
  'POST /henkilo/{oid}/yksiloihetuton': {
    summary: t('Merkitsee hetuttoman henkilön yksilöidyksi', 'Marks a person without hetu as identified'),
    virheet: {
      400: t('Henkilöllä on hetu: käytä `yksiloi`.', 'The person has a hetu: use `yksiloi`.'),
      404: TUNTEMATON_HENKILO,
    },
    esimerkit: { oid: AMIR },
  },
  'POST /henkilo/{oid}/purayksilointi': {
    summary: t('Purkaa hetuttoman henkilön yksilöinnin', 'Takes back the identification of a person without hetu'),
    virheet: {
      400: t(
        'Henkilöä ei ole yksilöity virkailijan toimesta, hänet on yksilöity vahvasti tai hänellä on hetu.',
        'The person is not identified by an official, is identified strongly, or has a hetu.',
      ),
      404: TUNTEMATON_HENKILO,
    },
    esimerkit: { oid: JOHN },
  },
  'PUT /henkilo/{oid}/yksilointitiedot': {
    summary: t('Päivittää yksilöidyn henkilön tiedot VTJ:stä', 'Refreshes an identified person from VTJ'),
    virheet: {
      400: t('VTJ ei ole yksilöinyt henkilöä.', 'VTJ has not identified the person.'),
      404: TUNTEMATON_HENKILO,
      500: t(
        'VTJ ei enää tunne henkilön hetua. Ilmoita rekisterinpitäjälle.',
        'VTJ does not know the hetu any more. Tell the registrar.',
      ),
    },
  },
  'GET /henkilo/{oid}/yksilointitiedot': {
    summary: t(
      'VTJ:n tiedot henkilöstä, jonka yksilöinti ei onnistunut',
      'What VTJ said of a person that could not be identified',
    ),
    ok: { 200: t('Tiedot; kaikki `null`, ellei niitä ole.', 'The data; all `null` if there are none.') },
    virheet: { 404: TUNTEMATON_HENKILO },
    esimerkit: { oid: ERKKI },
  },
  'PUT /henkilo/{oid}/yksilointitiedot/yliajayksiloimaton': {
    summary: t('Hyväksyy VTJ:n tiedot ja yksilöi henkilön', 'Accepts the data of VTJ and identifies the person'),
    virheet: {
      400: t(
        'Henkilöllä ei ole VTJ:n vertailutietoja. Yksilöi hänet ensin (`POST …/yksiloi`).',
        'There are no data of VTJ to accept. Identify the person first (`POST …/yksiloi`).',
      ),
      404: TUNTEMATON_HENKILO,
    },
    esimerkit: { oid: ERKKI },
  },
  'GET /henkilo/yksilointitiedot': {
    summary: t('Henkilöt, joiden nimet poikkeavat VTJ:stä', 'Persons whose names differ from those of VTJ'),
    description: t('Virkailijan työlista.', 'The work list of an official.'),
  },
  'POST /oppija': {
    summary: t('Luo yhden oppijan omaan organisaatioon', 'Creates one learner in the own organisation'),
    ok: { 200: t('Uuden henkilön OID pelkkänä tekstinä.', 'The OID of the new person as bare text.') },
    virheet: { 400: KENTTAVIRHEET },
    runko: {
      etunimet: 'Tilda Maria',
      kutsumanimi: 'Tilda',
      sukunimi: 'Esimerkki',
      syntymaaika: '2005-06-07',
      sukupuoli: '2',
      aidinkieli: { kieliKoodi: 'fi' },
      kansalaisuus: [{ kansalaisuusKoodi: '752' }],
      yksiloity: false,
    },
  },
  'PUT /oppija': {
    summary: t(
      'Aloittaa oppijoiden tuonnin omaan organisaatioon',
      'Starts an import of learners into the own organisation',
    ),
    description: t(
      'Enintään 10 000 riviä. Vastaus tulee heti; käsittely jatkuu taustalla. Seuraa: `GET /oppija/tuonti={id}/perustiedot`, tulos: `GET /oppija/tuonti={id}`.',
      'At most 10 000 rows. The answer comes at once; the work goes on in the background. Follow `GET /oppija/tuonti={id}/perustiedot`; the result is at `GET /oppija/tuonti={id}`.',
    ),
    virheet: { 400: KENTTAVIRHEET },
    runko: {
      henkilot: [
        {
          tunniste: 'rivi-1',
          henkilo: {
            hetu: EINON_HETU,
            etunimet: 'Eino Olavi',
            kutsumanimi: 'Eino',
            sukunimi: 'Virtanen',
            kansalaisuus: [{ koodi: '246' }],
          },
        },
      ],
    },
  },
  'GET /oppija/yhteenveto': {
    summary: t('Tuotujen oppijoiden lukumäärät tiloittain', 'Numbers of imported learners by state'),
    virheet: { 400: EI_ORGANISAATIOTA },
  },
  'GET /oppija/tuontikooste': {
    summary: t('Tuonnit ja niiden lukumäärät', 'Imports with their counts'),
    description: t(
      'Uusin ensin, ellei `field` ja `sort` sano muuta.',
      'The newest first unless `field` and `sort` say otherwise.',
    ),
  },
  'GET /oppija/muuttuneet': {
    summary: t('Muuttuneet tuodut oppijat', 'Imported learners that have changed'),
    description: t(
      'Vanhin muutos ensin; kunkin mukana päähenkilön tiedot. `muokattuJalkeen` rajaa hetkeen.',
      'The oldest change first, each with the data of its master. `muokattuJalkeen` narrows it to an instant.',
    ),
    virheet: { 400: EI_ORGANISAATIOTA },
  },
  'GET /oppija/tuontidata/{tuontiId}': {
    summary: t('Tuonnin rivit niin kuin ne lähetettiin', 'The rows of an import as they were sent'),
    description: t(
      'Hetun loppuosa on peitetty. Mukana henkilö, johon rivi johti.',
      'The end of the hetu is hidden. With the person that the row led to.',
    ),
    virheet: {
      403: TUONTI_EI_NAY,
      404: TUNTEMATON_TUONTI,
      500: t(
        'Vanhan tuonnin tallennettua pyyntöä ei voi lukea. Ilmoita tuelle tuonnin numero.',
        'The stored request of an old import cannot be read. Tell the support its number.',
      ),
    },
  },
  'GET /oppija/tuonti={id}': {
    summary: t('Tuonnin tulos: rivien henkilöt', 'The result of an import: the persons of its rows'),
    virheet: { 403: TUONTI_EI_NAY, 404: TUNTEMATON_TUONTI },
  },
  'POST /oppija/tuonti={id}': {
    summary: t('Jatkaa tuonnin käsittelyä heti', 'Goes on with an import at once'),
    description: t(
      'Tarpeen vain, kun kesken jäänyttä halutaan kiirehtiä: tuonnit jatkuvat itsestään.',
      'Only to hurry one that has stopped: imports go on by themselves.',
    ),
    virheet: { 404: TUNTEMATON_TUONTI },
  },
  'GET /oppija/tuonti={id}/perustiedot': {
    summary: t('Tuonnin edistyminen', 'How far an import is'),
    description: t(
      'Kysy muutaman sekunnin välein, kunnes `kasitelty` on `true`.',
      'Ask every few seconds until `kasitelty` is `true`.',
    ),
    virheet: { 404: TUNTEMATON_TUONTI },
  },
  'POST /oppija/{henkiloOid}/organisaatio': {
    summary: t('Liittää henkilön omiin organisaatioihin', 'Puts a person into the own organisations'),
    virheet: {
      400: t('Kutsujalla ei ole tuontiorganisaatiota.', 'The caller has no organisation to import into.'),
      404: TUNTEMATON_HENKILO,
    },
  },
  'PUT /oppija/{henkiloOid}/organisaatio/{organisaatioOid}': {
    summary: t('Liittää henkilön organisaatioon', 'Puts a person into an organisation'),
    virheet: {
      400: t('Organisaatiota ei ole. Tarkista OID.', 'There is no such organisation. Check the OID.'),
      404: TUNTEMATON_HENKILO,
    },
  },
  'DELETE /oppija/{henkiloOid}/organisaatio/{organisaatioOid}': {
    summary: t('Poistaa henkilön organisaatiosta', 'Takes a person out of an organisation'),
    description: t(
      'Organisaatio, johon henkilö ei kuulu, ei ole virhe.',
      'An organisation that the person is not in is no error.',
    ),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
  'PUT /yleistunniste': {
    summary: t('Aloittaa oppijanumeroiden haun hetuilla', 'Starts a search for learner numbers by hetu'),
    description: t(
      'Enintään 10 000 riviä. Vastaus tulee heti; käsittely jatkuu taustalla. Seuraa: `GET /yleistunniste/tuonti={id}/perustiedot`, tulos: `GET /yleistunniste/tuonti={id}`.',
      'At most 10 000 rows. The answer comes at once; the work goes on in the background. Follow `GET /yleistunniste/tuonti={id}/perustiedot`; the result is at `GET /yleistunniste/tuonti={id}`.',
    ),
    virheet: { 400: KENTTAVIRHEET },
    runko: { henkilot: [{ tunniste: 'rivi-1', henkilo: { hetu: AINON_HETU, ...AINON_NIMET } }] },
  },
  'GET /yleistunniste/tuonti={id}': {
    summary: t('Haun tulos: rivien oppijanumerot', 'The result of a search: learner numbers of its rows'),
    virheet: { 403: TUONTI_EI_NAY, 404: TUNTEMATON_TUONTI },
    esimerkit: { id: YLEISTUNNISTETUONTI },
  },
  'POST /yleistunniste/tuonti={id}': {
    summary: t('Jatkaa haun käsittelyä heti', 'Goes on with a search at once'),
    description: t(
      'Tarpeen vain, kun kesken jäänyttä halutaan kiirehtiä: haut jatkuvat itsestään.',
      'Only to hurry one that has stopped: searches go on by themselves.',
    ),
    virheet: { 404: TUNTEMATON_TUONTI },
    esimerkit: { id: YLEISTUNNISTETUONTI },
  },
  'GET /yleistunniste/tuonti={id}/perustiedot': {
    summary: t('Haun edistyminen', 'How far a search is'),
    description: t(
      'Kysy muutaman sekunnin välein, kunnes `kasitelty` on `true`.',
      'Ask every few seconds until `kasitelty` is `true`.',
    ),
    virheet: { 404: TUNTEMATON_TUONTI },
    esimerkit: { id: YLEISTUNNISTETUONTI },
  },
  'POST /yleistunniste/hae': {
    summary: t('Hakee oppijanumeron hetulla ja nimillä', 'Finds the learner number by hetu and names'),
    description: t(
      'Ellei henkilöä ole rekisterissä mutta VTJ tuntee hänet, hänet luodaan. Henkilö liitetään kutsujan organisaatioihin.',
      "If the register has nobody but VTJ knows the hetu, the person is created. The person is put into the caller's organisations.",
    ),
    virheet: { 404: VTJ_EI_TUNNE, 409: MUUT_NIMET },
    runko: { hetu: AINON_HETU, ...AINON_NIMET },
  },
  'GET /yleistunniste/hae/{oid}': {
    summary: t(
      'Oppijanumero ja muut OIDit millä tahansa henkilön OIDilla',
      'Learner number and other OIDs by any OID of a person',
    ),
    virheet: { 404: TUNTEMATON_HENKILO },
  },
};

/** Of a success about which there is no more to say. */
export const ONNISTUI: Teksti = t('Onnistui.', 'Done.');
