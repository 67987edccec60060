import { t, type Teksti } from './kieli.model.js';

export const KUVAUS: Teksti = t(
  `Oppijanumerorekisteri sisältää oppijoiden ja virkailijoiden henkilötiedot ja oppijanumerot.

Kirjaudu CASilla (selain) tai hae token OAuth2-tunnuksilla (palvelu): **Authorize**. Jokaisen operaation esimerkkiarvot toimivat kehitysympäristössä (\`npm start\`) sellaisinaan. Henkilötiedot ovat luottamuksellisia; jokaisesta luvusta jää merkintä lokiin.`,
  `Oppijanumerorekisteri, the learner-number register, holds the personal data and learner numbers of learners and officials.

Log in through CAS (a browser), or get a token with OAuth2 credentials (a service): **Authorize**. The example values of every operation work as they are in the development environment (\`npm start\`). Personal data are confidential; every read is logged.`,
);

export const PALVELIN: Teksti = t('Tämä palvelu', 'This service');

/** How to log in, by security scheme. */
export const KIRJAUTUMINEN: Readonly<Record<'oauth2' | 'token' | 'cas', Teksti>> = {
  oauth2: t(
    'Palvelun tunnus ja salaisuus (client credentials). Kehitysympäristössä kummankin arvo on käyttäjän nimi, esim. `rekisterinpitaja`.',
    'Id and secret of a service (client credentials). In the development environment both are the name of a user, e.g. `rekisterinpitaja`.',
  ),
  token: t(
    'Valmis token, esim. kehitysympäristön sivulta kopioitu.',
    'A token that is there already, e.g. copied from the page of the development environment.',
  ),
  cas: t(
    'CAS-istunnon eväste: kirjaudu sivun yläreunan linkistä. Palvelu pyytää CASilta tiketin ja lähettää sen parametrissa `ticket`.',
    'Cookie of a CAS session: log in by the link at the top of the page. A service asks CAS for a ticket and sends it as parameter `ticket`.',
  ),
};

export const TAGIT: Readonly<Record<string, Teksti>> = {
  CAS: t('Istunnon avaaminen.', 'Opening a session.'),
  Henkilot: t(
    'Henkilöiden haku, luonti, muuttaminen, yksilöinti ja linkitys.',
    'Finding, creating, changing, identifying and linking persons.',
  ),
  'Service To Service': t(
    'Palveluille: haut, muutosten seuraaminen, kotikuntahistoria.',
    'For services: look-ups, following changes, home municipalities.',
  ),
  'oppija-controller': t('Oppijoiden tuonti omaan organisaatioon.', 'Imports of learners into the own organisation.'),
  'Yleistunniste - Oppijanumeron käyttö yleistunnisteena': t(
    'Oppijanumerot kumppaneille, hetun ja nimien perusteella.',
    'Learner numbers for partners, by hetu and names.',
  ),
};

export const RETRY_AFTER: Teksti = t('Sekunteja ennen uutta yritystä.', 'Seconds to wait before trying again.');
export const UUDEN_OSOITE: Teksti = t('Luodun henkilön osoite.', 'Address of the created person.');
