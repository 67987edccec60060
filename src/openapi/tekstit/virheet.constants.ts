import { t, type Teksti } from './kieli.model.js';

/** Status codes of errors, and of the way to the login. */
export type VirheStatus = 302 | 400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503;

/** What an error means and what its receiver does about it, where the operation says nothing more exact. */
export const VIRHEET: Readonly<Record<VirheStatus, Teksti>> = {
  302: t(
    'Kirjautuminen puuttuu: selain ohjataan CASin kirjautumissivulle. Palvelu lähettää kutsun mukana tokenin (`Authorization: Bearer …`) tai CAS-istunnon evästeen.',
    'No login: a browser is sent to the CAS login page. A service sends a token (`Authorization: Bearer …`) or the cookie of a CAS session along.',
  ),
  400: t(
    'Pyynnössä on virhe. `message` kertoo syyn ja `fieldErrors`, jos mukana, virheelliset kentät: korjaa pyyntö ennen uutta yritystä.',
    'The request is wrong. `message` says why, and `fieldErrors`, if present, which fields: correct the request before trying again.',
  ),
  401: t(
    'Token tai istunto ei kelpaa, tai kutsujalta puuttuu operaation vaatima oikeus. Hae uusi token; ellei se auta, pyydä oikeus (`x-preauthorize` kertoo minkä). Jos `WWW-Authenticate` sanoo `insufficient_user_authentication`, kirjaudu kaksivaiheisesti (`acr_values`, RFC 9470).',
    'The token or session is not valid, or the caller lacks the right that the operation asks for. Get a new token; if that does not help, ask for the right (`x-preauthorize` says which). Where `WWW-Authenticate` says `insufficient_user_authentication`, log in with two factors (`acr_values`, RFC 9470).',
  ),
  403: t(
    'Kutsuja on tunnistettu, mutta toiminto on häneltä kielletty; `message` kertoo syyn. Sama pyyntö ei onnistu uudestaankaan.',
    'The caller is known but may not do this; `message` says why. The same request will not succeed later.',
  ),
  404: t(
    'Pyydettyä ei ole. Tarkista tunniste; sama pyyntö ei onnistu uudestaankaan.',
    'There is no such thing. Check the identifier; the same request will not succeed later.',
  ),
  406: t(
    'Vastaus on JSON-muotoinen, mutta pyynnön `Accept` ei salli sitä. Lähetä `Accept: application/json` tai jätä otsake pois.',
    'The answer is JSON, which the `Accept` of the request does not allow. Send `Accept: application/json`, or no such header.',
  ),
  409: t(
    'Pyyntö on ristiriidassa rekisterin tietojen kanssa. Hae nykyiset tiedot ja tarkista pyyntö.',
    'The request contradicts what the register has. Read the present data and check the request.',
  ),
  413: t(
    'Pyynnön runko on liian suuri. Jaa se pienempiin osiin.',
    'The body of the request is too large. Split it into smaller parts.',
  ),
  415: t(
    'Runko ei ole JSONia. Lähetä `Content-Type: application/json`.',
    'The body is not JSON. Send `Content-Type: application/json`.',
  ),
  429: t(
    'Liian monta pyyntöä. Odota otsakkeen `Retry-After` sekuntimäärä ja yritä uudelleen.',
    'Too many requests. Wait for the seconds in the header `Retry-After`, then try again.',
  ),
  431: t(
    'Osoite ja otsakkeet ovat yhteensä liian pitkät. Lyhennä ehtoja tai tee useampi pyyntö.',
    'The address and the headers together are too long. Shorten the conditions or send several requests.',
  ),
  500: t(
    'Palvelussa on virhe, jota kutsuja ei voi korjata. Ilmoita tuelle kellonaika ja osoite.',
    'Something is wrong in the service that the caller cannot mend. Tell the support the time and the address.',
  ),
  503: t(
    'Palvelu tai järjestelmä, josta se riippuu, on hetken poissa tai ruuhkautunut. Odota otsakkeen `Retry-After` sekuntimäärä ja yritä uudelleen.',
    'The service, or a system it depends on, is away or busy for a moment. Wait for the seconds in the header `Retry-After`, then try again.',
  ),
};

export const TUNTEMATON_HENKILO = t(
  'Tällä OIDilla ei ole henkilöä. Tarkista OID; se kopioidaan kokonaisena, pisteet mukaan lukien.',
  'No person has this OID. Check it; it is copied as a whole, dots included.',
);
export const TUNTEMATON_HETU = t(
  'Kenelläkään rekisterissä ei ole eikä ole ollut tätä hetua. Uuden henkilön luo `POST /henkilo` tai `POST /yleistunniste/hae`.',
  'Nobody in the register has or had this hetu. `POST /henkilo` or `POST /yleistunniste/hae` creates a new person.',
);
export const TUNTEMATON_TUONTI = t(
  'Tällä numerolla ei ole tuontia. Numero on tuonnin aloittaneen vastauksen `id`.',
  'There is no import with this number. It is the `id` in the answer that started the import.',
);
export const TUONTI_EI_NAY = t(
  'Yksikään tuonnin tähän mennessä käsitellyistä henkilöistä ei kuulu kutsujan organisaatioihin. Ellei tuontia ole vielä käsitelty, seuraa ensin osoitetta `…/perustiedot`.',
  "None of the import's persons handled so far belongs to the caller's organisations. If nothing has been handled yet, follow `…/perustiedot` first.",
);
export const EI_ORGANISAATIOTA = t(
  'Ehdoissa on virhe, tai kutsujalla ei ole organisaatiota, jonka oppijoita hän voisi katsoa (oikeus OPPIJOIDENTUONTI).',
  'A condition is wrong, or the caller has no organisation whose learners to see (right OPPIJOIDENTUONTI).',
);
export const KENTTAVIRHEET = t(
  'Tietoja ei tallennettu. `fieldErrors` luettelee virheelliset kentät: `field` on kentän polku, `code` virheen avain (esim. `invalid.kansalaisuusKoodi`, `socialsecuritynr.already.exists`), `message` sen selite. Korjaa kaikki ja lähetä uudelleen.',
  'Nothing was stored. `fieldErrors` lists the wrong fields: `field` is the path of the field, `code` the key of the error (e.g. `invalid.kansalaisuusKoodi`, `socialsecuritynr.already.exists`), `message` explains it. Correct all of them and send again.',
);
export const LIIAN_PITKA_LISTA = t(
  'Listassa on yli 5 000 alkiota, tai runko ei ole lista tekstejä. Jaa pitkä lista osiin.',
  'The list has more than 5 000 elements, or the body is not a list of texts. Split a long list.',
);
