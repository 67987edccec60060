import { randomBytes } from 'node:crypto';
import { createHenkilo, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const nimet = { etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const post = (body: unknown) => keeper().post('/henkilo', body);
const persons = async () =>
  (await app.query<{ count: number }>('select count(*)::int as count from henkilo'))[0]!.count;

/** Bodies of POST /henkilo that are refused. */
const REFUSED: readonly [string, unknown, number][] = [
  ['a surname of 256 characters', { ...nimet, sukunimi: 'a'.repeat(256) }, 400],
  ['first names of 256 characters', { ...nimet, etunimet: 'a'.repeat(256), kutsumanimi: 'a'.repeat(256) }, 400],
  ['a NUL in a name', { ...nimet, sukunimi: 'Uu\u0000si' }, 400],
  ['a NUL in a contact value', { ...nimet, yhteystiedotRyhma: [{ ...sahkoposti('x'), yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_MAA', yhteystietoArvo: 'x\u0000' }] }] }, 400],
  ['a NUL in a language', { ...nimet, aidinkieli: { kieliKoodi: 'f\u0000' } }, 400],
  ['half of a surrogate pair', { ...nimet, sukunimi: 'Uusi\ud800' }, 400],
  ['a contact value of 256 characters', { ...nimet, yhteystiedotRyhma: [{ ...sahkoposti('x'), yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_MAA', yhteystietoArvo: 'x'.repeat(256) }] }] }, 400],
  ['a passport number of 256 characters', { ...nimet, passinumerot: ['x'.repeat(256)] }, 400],
  ['a list for a name', { ...nimet, sukunimi: ['Uusi'] }, 400],
  ['an object for a name', { ...nimet, sukunimi: { a: 1 } }, 400],
  ['a number for a date', { ...nimet, syntymaaika: 19800101 }, 400],
  ['a day that does not exist', { ...nimet, syntymaaika: '1981-02-30' }, 400],
  ['a year that the database cannot hold', { ...nimet, vtjsynced: '+275760-09-13T00:00:00Z', syntymaaika: '9999999-01-01' }, 400],
  ['an enum by its number', { ...nimet, yhteystiedotRyhma: [{ ...sahkoposti('x'), yhteystieto: [{ yhteystietoTyyppi: 0, yhteystietoArvo: 'x' }] }] }, 400],
  ['deeply nested JSON', `${'{"aidinkieli":'.repeat(60_000)}1${'}'.repeat(60_000)}`, 400],
  ['deeply nested lists', '['.repeat(1_000_000), 400],
  ['ten megabytes', JSON.stringify({ ...nimet, sukunimi: 'a'.repeat(10_000_000) }), 413],
  ['text after the document', `${JSON.stringify(nimet)}x`, 400],
  ['the key __proto__ beside the needed ones', '{"etunimet":"Aku","kutsumanimi":"Aku","sukunimi":"Ankka","__proto__":{"yksiloityVTJ":true,"passivoitu":true}}', 400],
  ['the key __proto__ instead of the needed ones', '{"__proto__":{"etunimet":"Aku","kutsumanimi":"Aku","sukunimi":"Ankka"}}', 400],
  ['a byte order mark and nothing', '\ufeff', 400],
]; // prettier-ignore

it.each(REFUSED)('refuses %s and stores nothing', async (_, body, status) => {
  const before = await persons();
  const answer = await post(body);
  expect(answer.status).toBe(status);
  expect(answer.text).not.toMatch(/select|insert|stack|node_modules/i);
  expect(await persons()).toBe(before);
});

it.each([
  ['a control character', 'Uu\u0007si'],
  ['a line break', 'Uusi\n'],
  ['a right-to-left mark', 'Uusi\u200f'],
  ['turned letters', '\u202eisuU'],
  ['an isolate', '\u2067Uusi\u2069'],
  ['a zero-width space', 'Uu\u200bsi'],
  ['a joiner between Latin letters', 'Uu\u200dsi'],
  ['a soft hyphen', 'Uu\u00adsi'],
  ['a byte order mark', '\ufeffUusi'],
  ['a line separator', 'Uusi\u2028'],
  ['a Hangul filler', 'Uusi\u3164'],
  ['a replaced character', 'Uus\ufffd'],
  ['a noncharacter', 'Uusi\ufffe'],
  ['a tag', 'Uusi\u{e0041}'],
  ['a blank and nothing else', ' '],
  ['no-break spaces and nothing else', '\u00a0\u00a0'],
  ['a Hangul filler and nothing else', '\u3164'],
])('refuses %s in a name, new or changed, and lets a stored one stay', async (_, nimi) => {
  const before = await persons();
  for (const name of ['etunimet', 'kutsumanimi', 'sukunimi']) {
    const body = { ...nimet, ...(name === 'kutsumanimi' && { etunimet: `Uuno ${nimi}` }), [name]: nimi };
    for (const path of ['/henkilo', '/s2s/findOrCreateHenkiloPerustieto']) {
      const { status, body: answer } = await keeper().post(path, body);
      expect([status, (answer as { fieldErrors: unknown[] }).fieldErrors]).toEqual([
        400,
        expect.arrayContaining([
          expect.objectContaining({ field: name, code: 'invalid.characters', rejectedValue: nimi }),
        ]),
      ]);
    }
  }
  expect(await persons()).toBe(before);

  const henkiloOid = await createHenkilo(app);
  const put = async (values: object) => (await keeper().put('/henkilo', { oidHenkilo: henkiloOid, ...values })).status;
  expect(await put({ sukunimi: nimi })).toBe(400);
  expect(await rowOf(app, henkiloOid)).toMatchObject({ sukunimi: 'Uusi', version: 0 });
  await app.query('update henkilo set sukunimi = $2 where oidhenkilo = $1', [henkiloOid, nimi]);
  expect(await put({ sukunimi: nimi, kotikunta: '091' })).toBe(200);
  expect(await rowOf(app, henkiloOid)).toMatchObject({ sukunimi: nimi, kotikunta: '091' });
});

it('takes the last of a member named twice', async () => {
  const answer = await post(
    '{"etunimet":"Aku","kutsumanimi":"Aku","sukunimi":"Eka","sukunimi":"Toka","aidinkieli":{"kieliKoodi":"fi","kieliKoodi":"sv"}}',
  );
  expect(answer.status).toBe(201);
  expect((await keeper().get(`/henkilo/${answer.text}`)).body).toMatchObject({
    sukunimi: 'Toka',
    aidinkieli: { kieliKoodi: 'sv' },
  });
});

it('takes an empty calling name only where a first name is empty', async () => {
  const henkiloOid = await createHenkilo(app);
  const put = async (values: object) => (await keeper().put('/henkilo', { oidHenkilo: henkiloOid, ...values })).status;
  expect(await put({ kutsumanimi: '' })).toBe(400);
  expect(await put({ etunimet: 'Aino', kutsumanimi: '' })).toBe(400);
  expect(await rowOf(app, henkiloOid)).toMatchObject({ kutsumanimi: 'Uuno', version: 0 });
  expect(await put({ etunimet: 'Aino  Maria', kutsumanimi: '' })).toBe(200);
  expect(await rowOf(app, henkiloOid)).toMatchObject({ kutsumanimi: 'Aino  Maria' });
});

it('stores joiners and letters of every script as they are', async () => {
  const sukunimi = 'נֵר علی\u200cرضا श्री\u200dमान् 👩 Ǆ';
  expect(await rowOf(app, await createHenkilo(app, { sukunimi }))).toMatchObject({ sukunimi });
});

it('takes 255 characters, emojis counted as the database does', async () => {
  const sukunimi = '👩'.repeat(255);
  expect(await rowOf(app, await createHenkilo(app, { sukunimi }))).toMatchObject({ sukunimi });
});

it.each(['constructor', 'prototype'])('ignores the key %s', async (key) => {
  const polluted = `{"etunimet":"Aku","kutsumanimi":"Aku","sukunimi":"Ankka","${key}":{"yksiloityVTJ":true,"passivoitu":true,"polluted":1}}`;
  const answer = await post(polluted);
  expect(answer.status).toBe(201);
  expect(await rowOf(app, answer.text)).toMatchObject({ yksiloityvtj: false, passivoitu: false });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('refuses bad values on an update and leaves the person as it is', async () => {
  const henkiloOid = await createHenkilo(app, { yhteystiedotRyhma: [sahkoposti('a@example.fi')] });
  const put = async (values: object) => (await keeper().put('/henkilo', { oidHenkilo: henkiloOid, ...values })).status;
  const long = [
    { ...sahkoposti('x'), yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_MAA', yhteystietoArvo: 'x'.repeat(256) }] },
  ];
  expect(await put({ sukunimi: 'a'.repeat(256) })).toBe(400);
  expect(await put({ sukunimi: 'Muu\u0000' })).toBe(400);
  expect(await put({ sukunimi: 'Muu', yhteystiedotRyhma: long })).toBe(400);
  expect(await put({ sukunimi: 'Muu', hetu: 'foo' })).toBe(400);
  expect(await put({ etunimet: '', kutsumanimi: 'x' })).toBe(400);
  expect(await rowOf(app, henkiloOid)).toMatchObject({ sukunimi: 'Uusi', version: 0 });
});

it('refuses odd identifiers', async () => {
  const henkiloOid = await createHenkilo(app);
  const add = async (identifier: unknown) =>
    (await keeper().post(`/henkilo/${henkiloOid}/identification`, { idpEntityId: 'email', identifier })).status;
  expect(await add('')).toBe(400);
  expect(await add('a\u0000')).toBe(400);
  expect(await add(randomBytes(20_000).toString('hex'))).toBe(400);
  expect(await rowOf(app, henkiloOid)).toMatchObject({ version: 0 });
  expect((await keeper().get(`/henkilo/${'1'.repeat(5000)}/passinumerot`)).status).toBeGreaterThanOrEqual(400);
  expect((await keeper().delete(`/henkilo/${encodeURIComponent("' or 1=1")}`)).status).toBe(404);
});
