import http from 'node:http';
import { createHenkilo, newHetu, rowOf } from '../support/persons.js';
import { CONTEXT_PATH, useTestApp } from '../support/test-app.js';
import { lukija, oikeudeton, rekisterinpitaja, tuoja } from '../support/users.js';

/* Texts come as they were sent or not at all: charsets, percent-encoding, numbers given for texts, parameters given twice. */

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);

/** The bytes as they are. */
async function send(
  method: string,
  path: string,
  body: Buffer | null = null,
  headers: Record<string, string> = {},
  user: typeof rekisterinpitaja | null = rekisterinpitaja,
): Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }> {
  const { hostname, port } = new URL(app.base);
  const authorization = user && { authorization: `Bearer ${await app.tokenOf(user)}` };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { method, hostname, port, path: CONTEXT_PATH + path, agent: false, headers: { ...authorization, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }));
      },
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

const PERSON = '{"etunimet":"Päivi","kutsumanimi":"Päivi","sukunimi":"Åström"}';
const create = (body: Buffer, type: string) => send('POST', '/henkilo', body, { 'content-type': type });
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const utf32 = (text: string, order: 'BE' | 'LE') =>
  Buffer.concat(
    [...text].map((character) => {
      const four = Buffer.alloc(4);
      if (order === 'BE') four.writeUInt32BE(character.codePointAt(0)!);
      else four.writeUInt32LE(character.codePointAt(0)!);
      return four;
    }),
  );

describe('bodies', () => {
  it.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(PERSON), 'application/json'],
    ['UTF-8, named', Buffer.from(PERSON), 'application/json; charset=UTF-8'],
    ['UTF-8, named in quotes', Buffer.from(PERSON), 'application/json;charset="utf-8"'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${PERSON}`), 'application/json'],
    ['ISO-8859-1', Buffer.from(PERSON, 'latin1'), 'application/json;charset=ISO-8859-1'],
    ['ISO-8859-1, named in single quotes', Buffer.from(PERSON, 'latin1'), "application/json;charset='iso-8859-1'"],
    ['ISO-8859-1 by another of its names', Buffer.from(PERSON, 'latin1'), 'application/json;charset=ISO_8859-1'],
    ['Windows-1252', Buffer.from(PERSON, 'latin1'), 'application/json; charset=windows-1252'],
    ['ISO-8859-15', Buffer.from(PERSON, 'latin1'), 'application/vnd.x+json; charset=iso-8859-15'],
    ['UTF-16LE', Buffer.from(PERSON, 'utf16le'), 'application/json'],
    ['UTF-16BE', utf16be(PERSON), 'application/json'],
    ['UTF-16, named, with a byte order mark', utf16be(`\ufeff${PERSON}`), 'application/json;charset=UTF-16'],
    ['UTF-16LE, named', Buffer.from(PERSON, 'utf16le'), 'application/json;charset=UTF-16LE'],
    ['UTF-32BE', utf32(PERSON, 'BE'), 'application/json'],
    ['UTF-32LE with a byte order mark', utf32(`\ufeff${PERSON}`, 'LE'), 'application/json;charset=utf-32'],
  ])('%s is read', async (_, body, type) => {
    const { status, text } = await create(body, type);
    expect(status).toBe(201);
    expect(await rowOf(app, text)).toMatchObject({ etunimet: 'Päivi', kutsumanimi: 'Päivi', sukunimi: 'Åström' });
  });

  it.each<[string, Buffer, string, number]>([
    ['ISO-8859-1 that is not named', Buffer.from(PERSON, 'latin1'), 'application/json', 400],
    ['ISO-8859-1 named UTF-8', Buffer.from(PERSON, 'latin1'), 'application/json;charset=utf-8', 400],
    ['half a character at the end', Buffer.from(`${PERSON}ä`).subarray(0, -1), 'application/json', 400],
    ['an overlong form', Buffer.from([...Buffer.from('{"sukunimi":"'), 0xc0, 0xaf, ...Buffer.from('"}')]), 'application/json', 400],
    ['half of a pair', Buffer.from([...Buffer.from('{"sukunimi":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')]), 'application/json', 400],
    ['half of a pair in UTF-16', Buffer.from(PERSON.replace('Å', '\ud800'), 'utf16le'), 'application/json', 400],
    ['an odd number of bytes of UTF-16', Buffer.concat([Buffer.from(PERSON, 'utf16le'), Buffer.from([0x20])]), 'application/json', 400],
    ['a number beyond Unicode in UTF-32', Buffer.concat([utf32('"', 'BE'), Buffer.from([0, 0x11, 0, 0]), utf32('"', 'BE')]), 'application/json', 400],
    ['US-ASCII that is none', Buffer.from(PERSON, 'latin1'), 'application/json;charset=us-ascii', 400],
    ['an unknown charset', Buffer.from(PERSON), 'application/json;charset=nosuch', 415],
    ['no charset at all', Buffer.from(PERSON), 'application/json;charset=', 415],
  ])('%s is refused', async (_, body, type, status) => {
    const [{ count }] = await app.query<{ count: number }>('select count(*)::int as count from henkilo') as [{ count: number }];
    expect((await create(body, type)).status).toBe(status);
    expect(await app.query('select count(*)::int as count from henkilo')).toEqual([{ count }]);
  }); // prettier-ignore

  it('a list is read by its charset too', async () => {
    const oid = await createHenkilo(app);
    const body = Buffer.from('["Ä1"]', 'latin1');
    const path = `/henkilo/${oid}/passinumerot`;
    expect((await send('POST', path, body, { 'content-type': 'application/json' })).status).toBe(400);
    const answer = await send('POST', path, body, { 'content-type': 'application/json; charset=latin1' });
    expect(answer).toMatchObject({ status: 200, text: '["Ä1"]' });
  });

  it.each(['logoutRequest=%C5ke', 'logoutRequest=%ZZ', 'logoutRequest=%', 'logoutRequest=a%00b', 'logoutRequest=\u00c5'])(
    'the form %s is refused',
    async (form) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      expect((await send('POST', '/henkilo', Buffer.from(form, 'latin1'), headers, null)).status).toBe(400);
    },
  ); // prettier-ignore
});

describe('targets', () => {
  it.each([
    '/henkilo/identification?idp=email&id=%C5ke',
    '/henkilo/identification?idp=email&id=%ZZ',
    '/henkilo/identification?idp=email&id=%',
    '/henkilo/identification?idp=email&id=a%00b',
    '/henkilo/identification?idp=email&id=%ED%A0%80',
    '/henkilo/identification?idp=email&id=x&%C5=1',
    '/henkilo?hetu=%ff',
    '/henkilo/%E4',
    '/henkilo/%00',
    '/henkilo/%C3%28',
    '/henkilo/%ED%A0%80',
    '/henkilo/hetu=%FF',
    '/henkilo/%ZZ',
  ])('%s is 400', async (path) => {
    expect((await send('GET', path)).status).toBe(400);
  });

  it('characters that are not escaped are 400, since nobody knows their charset', async () => {
    expect((await send('GET', '/henkilo/identification?idp=email&id=\u00c5ke')).status).toBe(400);
  });

  it('a query is judged after the login', async () => {
    expect((await send('GET', '/henkilo?hetu=%ff', null, {}, null)).status).toBe(302);
  });

  it('escaped characters are read', async () => {
    const oid = await createHenkilo(app);
    expect((await keeper().post(`/henkilo/${oid}/identification`, { idpEntityId: 'email', identifier: 'Åke 漢👩+' })).status).toBe(200); // prettier-ignore
    const found = await send('GET', `/henkilo/identification?idp=email&id=${encodeURIComponent('Åke 漢👩+')}`);
    expect(JSON.parse(found.text)).toMatchObject({ oidHenkilo: oid });
  });
});

describe('numbers for texts', () => {
  const findOrCreate = (identifier: string) =>
    keeper().post(
      '/s2s/findOrCreateHenkiloPerustieto',
      `{"etunimet":"Aku","kutsumanimi":"Aku","sukunimi":"Ankka","identifications":[{"idpEntityId":"email","identifier":${identifier}}]}`,
    );

  it('persons whose identifiers differ in the last of many digits are two', async () => {
    const first = await findOrCreate('118446744073709551615');
    const second = await findOrCreate('118446744073709551616');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.oidHenkilo).not.toBe(second.body.oidHenkilo);
    const again = await findOrCreate('118446744073709551615');
    expect(again).toMatchObject({ status: 200, body: { oidHenkilo: first.body.oidHenkilo } });
    expect(again.body.identifications).toEqual([{ idpEntityId: 'email', identifier: '118446744073709551615' }]);
  });

  it.each(['1e400', '1.0', '-0', '1E+2', '0.10', '12345678901234567890.0', '5e-324'])(
    '%s keeps its text',
    async (number) => {
      const oid = await createHenkilo(app);
      const added = await keeper().post(
        `/henkilo/${oid}/identification`,
        `{"idpEntityId":"google","identifier":${number}}`,
      );
      expect(added.body).toEqual([{ idpEntityId: 'google', identifier: number }]);
      const numbers = await keeper().post(`/henkilo/${oid}/passinumerot`, `[${number}]`);
      expect(numbers.body).toEqual([number]);
      expect((await keeper().delete(`/henkilo/${oid}/identification/google/${encodeURIComponent(number)}`)).body).toEqual([]); // prettier-ignore
    },
  );

  it('is none where an object, a list, a date or a time is needed', async () => {
    for (const member of ['"aidinkieli":1.0', '"kansalaisuus":1.0', '"syntymaaika":1.0', '"vtjsynced":1.0', '"vtjsynced":1e3', '"yksiloity":1.0'])
      expect((await keeper().post('/henkilo', `{"etunimet":"Aku","kutsumanimi":"Aku","sukunimi":"Ankka",${member}}`)).status).toBe(400);
  }); // prettier-ignore

  it('nobody can pass an object for a number', async () => {
    expect((await keeper().post('/henkilo/henkilotByHenkiloOidList', '[{"\\u0000":"1"}]')).status).toBe(400);
  });

  it('ids that are no safe numbers are refused', async () => {
    const oid = await createHenkilo(app);
    const put = async (id: string) =>
      (await keeper().put('/henkilo', `{"oidHenkilo":"${oid}","yhteystiedotRyhma":[{"id":${id},"ryhmaAlkuperaTieto":"alkupera2","ryhmaKuvaus":"yhteystietotyyppi1","yhteystieto":[]}]}`)).status; // prettier-ignore
    expect(await put('9007199254740993')).toBe(400);
    expect(await put('1e400')).toBe(400);
    expect(await put('1.0')).toBe(200);
  });
});

describe('parameters given twice', () => {
  it('numbers and the like are the first, texts are all with commas, lists are all', async () => {
    const hetu = newHetu();
    const oid = await createHenkilo(app, { hetu });
    await createHenkilo(app);
    const get = async (path: string) => (await keeper().get(path)) as { status: number; body: { results: { oidHenkilo: string }[]; size: number; number: number } }; // prettier-ignore
    expect(await get('/henkilo?count=1&count=2')).toMatchObject({ status: 200, body: { size: 1 } });
    expect(await get('/henkilo?page=1&page=2&count=1')).toMatchObject({ status: 200, body: { number: 1 } });
    expect((await get(`/henkilo?hetu=${hetu}&hetu=${hetu}`)).body.results).toEqual([]);
    expect((await get(`/henkilo?hetu=${hetu}`)).body.results).toEqual([expect.objectContaining({ oidHenkilo: oid })]);
    expect((await get(`/henkilo?henkiloOids=1&henkiloOids=${oid}`)).body.results).toHaveLength(1);
    expect((await get('/henkilo?passivoitu=false&passivoitu=x')).status).toBe(200);
    expect((await get('/oppija/tuontikooste?pageSize=1&pageSize=x&sort=ASC&sort=x')).body).toMatchObject({ size: 1 });
    expect((await get('/s2s/changedSince/2020-01-01?amount=1&amount=0')).body).toHaveLength(1);
  });
});

describe('odd criteria', () => {
  it('no organisation is nobody', async () => {
    for (const user of [rekisterinpitaja, tuoja]) {
      expect((await app.as(user).get('/oppija/muuttuneet?organisaatioOids=')).body).toMatchObject({ results: [], totalElements: 0 }); // prettier-ignore
      expect((await app.as(user).get('/oppija/yhteenveto?organisaatioOids=')).body).toMatchObject({ yhteensa: 0 });
      expect((await app.as(user).get('/internal/oppijoidentuonti/virheet?organisaatioOids=')).body).toMatchObject({ totalElements: 0 }); // prettier-ignore
    }
  });

  it('null among OIDs is nobody, alone and with others', async () => {
    const oid = await createHenkilo(app);
    for (const path of ['/s2s/henkilo/perustiedotAsAdmin', '/henkilo/yhteystiedot', '/s2s/changedSince/2020-01-01', '/s2s/duplicateHenkilos']) {
      expect(await keeper().post(path, { henkiloOids: [null] })).toMatchObject({ status: 200, body: [] });
      const { body } = await keeper().post(path, { henkiloOids: [null, oid] });
      expect(JSON.stringify(body).split(oid).length - 1).toBe(path.includes('duplicate') ? 0 : 1);
    }
    for (const path of ['henkilotByHenkiloOidList', 'henkiloPerustietosByHenkiloOidList', 'henkiloPerustietosByHenkiloHetuList'])
      expect(await keeper().post(`/henkilo/${path}`, [null])).toMatchObject({ status: 200, body: [] });
    expect(await keeper().post('/henkilo/masterHenkilosByOidList', [null, oid])).toMatchObject({ status: 200, body: { [oid]: { oidHenkilo: oid } } });
  }); // prettier-ignore

  it('letters of a time may be small', async () => {
    const oid = await createHenkilo(app);
    const found = async (at: string) => (await app.as(lukija).get(`/s2s/changedSince/${at}`)).body as string[];
    expect(await found('2020-01-01t00:00:00z')).toContain(oid);
    expect(await found('2020-w01-1')).toContain(oid);
    expect(await found('2199-01-01t00:00:00.000z')).toEqual([]);
  });
});

describe('what is refused before the body is read', () => {
  const json = { 'content-type': 'application/json' };
  it('a caller without the role is 401, whatever a long body holds; a short one is judged as for anybody', async () => {
    const post = async (body: string, headers: Record<string, string> = json) =>
      (await send('POST', '/s2s/findOrCreateHenkiloPerustieto', Buffer.from(body), headers, oikeudeton)).status;
    expect(await post('{')).toBe(400);
    expect(await post('{"hetu":"bad"}')).toBe(400);
    expect(await post('{"oidHenkilo":"x"}')).toBe(401);
    expect(await post('{'.padEnd(16_384))).toBe(400);
    expect(await post('{'.padEnd(16_385))).toBe(401);
    expect(await post('{', { ...json, 'transfer-encoding': 'chunked' })).toBe(401);
    expect(await post(`{"identifications":[${'{},'.repeat(400_000)}{}]}`)).toBe(401);
  });

  it('another kind of body is 415 first', async () => {
    const answer = await send('POST', '/henkilo', Buffer.from('{}'), { 'content-type': 'text/plain' }, oikeudeton);
    expect(answer.status).toBe(415);
    expect(answer.headers.accept).toContain('application/json');
    expect((await send('POST', '/henkilo', Buffer.from('{}'), {}, oikeudeton)).status).toBe(415);
    expect((await send('POST', '/henkilo', Buffer.from('{}'), { 'content-type': 'application/json;charset=x' }, oikeudeton)).status).toBe(415); // prettier-ignore
  });

  it('a list that is too long is 400 with its name', async () => {
    const answer = await keeper().post('/s2s/findOrCreateHenkiloPerustieto', `{"identifications":[${'{},'.repeat(1_000)}{}]}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("on field 'identifications': default message [size must be between 0 and 1000]");
  }); // prettier-ignore
});
