import { register } from 'prom-client';
import { importRows } from '../support/imports.js';
import { createHenkilo, newHetu, newVtjHetu, sahkoposti } from '../support/persons.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { kaikkiOikeudet, oikeudeton } from '../support/users.js';
import { HETU, IDENTIFIER, NOBODY, OPERATIONS } from './operations.js';

/*
 * A tour through every operation with words that occur nowhere else, with failures of every kind on the way; then everything that was
 * logged is searched: for these words, and for the hetut, session ids and tokens that went over HTTP (test/support/secrets.ts).
 */

const app = useTestApp({ ONR_HETU_LOOKUP_MISSES: '1' });

/** A person's own; each is found nowhere but in what is sent. */
const ETUNIMI = 'Kätkettyinen';
const SUKUNIMI = 'Salaperä';
const OSOITE = 'Piilopolku 17';
const SAHKOPOSTI = 'katketty.salapera@example.fi';
const PUHELIN = '0409998877';
const PASSI = 'PASSI998877';
const NIMET = { etunimet: ETUNIMI, kutsumanimi: ETUNIMI, sukunimi: SUKUNIMI };
const YHTEYSTIEDOT = [
  sahkoposti(SAHKOPOSTI),
  {
    ryhmaKuvaus: 'yhteystietotyyppi2',
    ryhmaAlkuperaTieto: 'alkupera2',
    yhteystieto: [
      { yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE', yhteystietoArvo: OSOITE },
      { yhteystietoTyyppi: 'YHTEYSTIETO_PUHELINNUMERO', yhteystietoArvo: PUHELIN },
    ],
  },
];
const SECRETS = [ETUNIMI, SUKUNIMI, OSOITE, SAHKOPOSTI, PUHELIN, PASSI].flatMap((text) => [
  text,
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
]);
const holdsSecret = (text: string) => SECRETS.some((secret) => text.includes(secret));
/** The specification asks for old and new values in the audit log, and for the address of the request in the access log. */
const isAudit = (line: string) => line.includes('audit.AuditHelper');
const withoutRequest = (line: string) =>
  line.startsWith('{"timestamp"')
    ? JSON.stringify({ ...(JSON.parse(line) as object), request: '', referer: '' })
    : line;

const keeper = () => app.as(kaikkiOikeudet);
const errors: { sent: string; answer: TestAnswer }[] = [];

/** @param caller who sends what the operation's sample says, about the person */
async function send(caller: 'keeper' | 'nobody', method: string, path: string, body?: unknown): Promise<void> {
  const answer = await (caller === 'keeper' ? keeper() : app.as(oikeudeton)).send(method, path, body);
  if (answer.status >= 400) errors.push({ sent: path + JSON.stringify(body ?? ''), answer });
}

let oid: string;
let hetu: string;

beforeAll(async () => {
  hetu = newVtjHetu();
  await app.peers.state({ canAccess: ['*>*'], kayttooikeudet: { [kaikkiOikeudet.sub]: { admin: true, oids: null } } });
  oid = await createHenkilo(app, { ...NIMET, hetu, passinumerot: [PASSI], yhteystiedotRyhma: YHTEYSTIEDOT });
});

/** Every operation as somebody who may and as somebody who may not. */
async function tour(): Promise<void> {
  for (const { method, sample, body } of OPERATIONS) {
    const path = sample
      .replaceAll(NOBODY, oid)
      .replaceAll(HETU, hetu)
      .replaceAll(IDENTIFIER, encodeURIComponent(SAHKOPOSTI));
    const text =
      body === null
        ? undefined
        : { ...(JSON.parse(JSON.stringify(body).replaceAll(NOBODY, oid).replaceAll(HETU, hetu)) as object) };
    const list = Array.isArray(body) ? Object.values(text!) : text;
    for (const caller of ['keeper', 'nobody'] as const) await send(caller, method, path, list);
    if (body !== null && !Array.isArray(body)) {
      const person = { ...NIMET, hetu, yhteystiedotRyhma: YHTEYSTIEDOT, passinumerot: [PASSI] };
      await send('keeper', method, path, { ...person, ...body, etunimet: ETUNIMI, oidHenkilo: 7 });
      await send('keeper', method, path, { ...person, hetu: newHetu(), kutsumanimi: SUKUNIMI });
      await send('keeper', method, path, `{"etunimet":"${ETUNIMI}",`);
    }
  }
}

it('neither logs nor error bodies nor metrics tell who somebody is, whatever is asked and whatever fails', async () => {
  await tour();
  await importRows(keeper(), [{ tunniste: SUKUNIMI, henkilo: { ...NIMET, hetu, sahkoposti: SAHKOPOSTI, kansalaisuus: [{ koodi: '246' }] } }]); // prettier-ignore
  for (const fail of [
    { kayttooikeus: 500 },
    { koodisto: 500 },
    { vtjkysely: 500 },
    { organisaatio: 500 },
    { ataru: 500 },
  ]) {
    await app.peers.state({ fail });
    for (const path of [`/henkilo/${oid}/yksiloi`, `/henkilo/${oid}/hakemukset`, `/henkilo/${oid}`])
      await send('keeper', path.endsWith('yksiloi') ? 'POST' : 'GET', path);
    await send('keeper', 'PUT', '/henkilo', { oidHenkilo: oid, ...NIMET, sukunimi: `${SUKUNIMI}nen` });
  }
  await app.peers.state({ fail: {} });
  // A row that the database refuses, whose values its message names.
  const twin = await createHenkilo(app, NIMET);
  await send('keeper', 'PUT', '/henkilo', { oidHenkilo: twin, hetu });
  await send('keeper', 'POST', `/henkilo/${twin}/passinumerot`, [PASSI]);
  await app.query(`alter table henkilo add constraint ei_salaperaa check (sukunimi <> '${SUKUNIMI}') not valid`);
  await send('keeper', 'PUT', '/henkilo', { oidHenkilo: twin, kutsumanimi: ETUNIMI, kuolinpaiva: '2020-01-01' });
  await app.query('alter table henkilo drop constraint ei_salaperaa');

  expect(errors.length).toBeGreaterThan(100);
  expect(app.lines.length).toBeGreaterThan(200);
  expect(
    app.lines.filter((line) => !isAudit(line) && holdsSecret(withoutRequest(line))).map((line) => line.slice(0, 500)),
  ).toEqual([]);
  const stored = [ETUNIMI, SUKUNIMI, OSOITE, SAHKOPOSTI, PUHELIN, PASSI, hetu];
  const told = errors.filter(({ sent, answer }) =>
    stored.some((secret) => answer.text.includes(secret) && !sent.includes(secret)),
  );
  expect(told.map(({ sent, answer }) => [sent.slice(0, 200), answer.text.slice(0, 500)])).toEqual([]);
  expect(
    errors
      .filter(({ answer }) => /\bat \S+ \(|select |insert into|node_modules/.test(answer.text))
      .map(({ answer }) => answer.text),
  ).toEqual([]);
  expect(holdsSecret(await register.metrics())).toBe(false);
}, 600_000);
