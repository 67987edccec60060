import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { ProbeModule } from '../support/probe.module.js';
import { CONTEXT_PATH, useTestApp } from '../support/test-app.js';
import { lukija, oikeudeton, rekisterinpitaja, userWith, YLIOPISTO } from '../support/users.js';

const app = useTestApp({}, [ProbeModule]);
const get = (path: string, headers = {}) => app.as(rekisterinpitaja).get(path, headers);
const path = (p: string) => CONTEXT_PATH + p;

/** Sends the target as it is; fetch would tidy it up. */
async function raw(target: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = new URL(app.base);
  return new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const request = httpRequest({ port, method, path: target, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () =>
        resolve({ status: response.statusCode!, type: response.headers['content-type'] ?? '', body }),
      );
    });
    request.on('error', reject).end();
  });
}
const bearer = async () => ({ authorization: `Bearer ${await app.tokenOf(rekisterinpitaja)}` });

describe('answers', () => {
  it('sends JSON without charset, nulls included, in UTF-8', async () => {
    const answer = await get('/probe/json');
    expect(answer).toMatchObject({ status: 200, text: '{"a":null,"ä":"ö"}' });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('etag')).toBeNull();
  });

  it.each([
    ['*/*', 'text/plain;charset=UTF-8'],
    ['application/json', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['application/xml', 'application/xml'],
  ])('sends a bare text for Accept %s as %s', async (accept, type) => {
    const answer = await get('/probe/text', { accept });
    expect(answer).toMatchObject({ status: 200, text: 'fi' });
    expect(answer.headers.get('content-type')).toBe(type);
  });

  it('sends true and false as JSON', async () => {
    const answer = await get('/probe/boolean');
    expect(answer).toMatchObject({ status: 200, body: false });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it('sends nothing as an empty 200', async () => {
    const answer = await app.as(rekisterinpitaja).post('/probe/nothing');
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers.get('content-length')).toBe('0');
    expect(answer.headers.get('content-type')).toBeNull();
  });

  it('answers POST with 200 unless declared otherwise', async () => {
    expect(await app.as(rekisterinpitaja).post('/probe/created')).toMatchObject({ status: 201, text: 'oid' });
  });

  it('answers HEAD like GET without a body', async () => {
    const answer = await app.as(rekisterinpitaja).send('HEAD', '/probe/json');
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['application/xml', ''],
    ['text/html', 'text/html;charset=UTF-8'],
  ])('refuses Accept %s for JSON: 406', async (accept, type) => {
    const answer = await get('/probe/json', { accept });
    expect(answer.status).toBe(406);
    expect(answer.headers.get('accept')).toBe('application/json');
    expect(answer.headers.get('content-type') ?? '').toBe(type);
  });

  it('has text only for the prequel: 406 for Accept application/json, POST answers anyone', async () => {
    const answer = await get('/cas/prequel', { accept: 'application/json' });
    expect(answer).toMatchObject({
      status: 406,
      body: { status: 406, error: 'Not Acceptable', path: path('/cas/prequel') },
    });
    expect(answer.headers.get('accept')).toBe('text/plain');
    expect(
      await app
        .as(rekisterinpitaja)
        .post('/cas/prequel', 'x', { accept: 'application/json', 'content-type': 'image/png' }),
    ).toMatchObject({
      status: 200,
      text: 'ok',
    });
  });
});

describe('routing', () => {
  it('takes a trailing slash for none; container errors show it, standard ones do not', async () => {
    expect(await get('/probe/text/')).toMatchObject({ status: 200 });
    expect((await get('/probe/error/notFound/')).body).toMatchObject({ path: path('/probe/error/notFound/') });
    expect((await get('/probe/error/illegal/?a=b')).body).toMatchObject({ path: path('/probe/error/illegal') });
  });

  it.each(['/nosuch', '/', '/Probe/text', '/probe', '/probe/text/x', '/probe/text.json'])(
    'does not know %s',
    async (p) => {
      for (const method of ['GET', 'POST', 'PATCH', 'OPTIONS']) {
        const { status, body } = await app.as(oikeudeton).send(method, p);
        expect({ status, ...(body as object) }).toEqual({
          status: 404,
          error: 'Not Found',
          timestamp: expect.any(Number),
          path: path(p),
        });
      }
    },
  );

  it('names the allowed methods for a wrong one: 405', async () => {
    const answer = await app.as(oikeudeton).send('POST', '/probe/text', '{');
    expect(answer).toMatchObject({
      status: 405,
      body: { status: 405, error: 'Method Not Allowed', path: path('/probe/text') },
    });
    expect(answer.headers.get('allow')).toBe('GET,HEAD,OPTIONS');
    expect((await app.as(oikeudeton).delete('/probe/person')).headers.get('allow')).toBe('PUT,OPTIONS');
  });

  it('answers OPTIONS with the allowed methods', async () => {
    const answer = await app.as(oikeudeton).send('OPTIONS', '/probe/text');
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers.get('allow')).toBe('GET,HEAD,OPTIONS');
  });

  it.each([
    ['010100+123A', '010100+123A'],
    ['a%40b', 'a@b'],
    ['%C3%84', 'Ä'],
    ['', ''],
    ['=x=', '=x='],
    ['x'.repeat(3000), 'x'.repeat(3000)],
  ])('reads hetu=%s', async (sent, hetu) =>
    expect(await raw(path(`/probe/hetu=${sent}`), await bearer())).toMatchObject({ body: JSON.stringify({ hetu }) }),
  );

  it.each(['/probe/a;b', '/probe/a%25b', '/probe//text', '/%2e%2e/x', '/probe/a\\b', '/probe/%0a'])(
    'refuses the URL %s before the caller is known',
    async (p) => {
      expect(await raw(path(p))).toMatchObject({ status: 302 });
      expect(await raw(path(p), await bearer())).toMatchObject({ status: 401, body: '' });
      const ticket = await app.peers.ticket('1.2.246.562.24.99000000077', []);
      const login = await app.anonymous.get(`/cas/prequel?ticket=${ticket}`);
      const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
      const refused = await raw(path(p), { cookie });
      expect(refused).toMatchObject({ status: 400, type: 'application/json' });
      expect(JSON.parse(refused.body)).toEqual({
        timestamp: expect.any(Number),
        status: 400,
        error: 'Bad Request',
        path: path(p),
      });
    },
  );

  it.each(['/probe/a%2Fb', '/probe/a[b]', '/probe/a%zz'])('refuses the illegal URL %s for anyone', async (p) => {
    for (const headers of [{}, await bearer()]) {
      expect(await raw(path(p), headers)).toMatchObject({ status: 400, type: expect.stringContaining('text/html') });
    }
  });

  it('serves nothing outside its own path', async () => {
    for (const target of ['/', '/oppijanumerorekisteri-servicex/cas/prequel', '/favicon.ico'])
      expect(await raw(target, await bearer())).toMatchObject({ status: 404, type: 'text/html;charset=utf-8' });
  });

  it('refuses a handler that declares no permission, to a superuser too', async () => {
    expect(await get('/probe/undeclared')).toMatchObject({ status: 401 });
  });
});

describe('error bodies', () => {
  const standard = (status: number, error: string, exception: string, message: string | null) => ({
    timestamp: expect.any(Number),
    ...{ status, error, exception, message },
  });
  const ONR = 'fi.vm.sade.oppijanumerorekisteri.exceptions';

  it.each([
    ['notFound', { timestamp: expect.any(Number), status: 404, error: 'Not Found' }],
    ['conflict', { timestamp: expect.any(Number), status: 409, error: 'Conflict' }],
    ['unknown', { timestamp: expect.any(Number), status: 500, error: 'Internal Server Error' }],
    ['forbidden', standard(403, 'Forbidden', `${ONR}.ForbiddenException`, 'no')],
    ['validation', standard(400, 'Bad Request', `${ONR}.ValidationException`, null)],
    ['illegal', standard(400, 'Bad Request', 'java.lang.IllegalArgumentException', 'too many')],
    ['inconsistent', standard(500, 'Internal Server Error', `${ONR}.DataInconsistencyException`, 'contradiction')],
  ])('%s', async (kind, expected) => {
    const { status, body } = await get(`/probe/error/${kind}?q=1`);
    expect(body).toEqual({ ...expected, path: path(`/probe/error/${kind}`) });
    expect(status).toBe(expected.status);
  });

  it('keeps the order of members', async () => {
    expect(Object.keys((await get('/probe/error/illegal')).body as object)).toEqual([
      'timestamp',
      'status',
      'error',
      'exception',
      'message',
      'path',
    ]);
  });

  it('gives the query where several rows were found', async () => {
    expect((await get('/probe/error/nonUnique?idp=email&id=a%40b')).body).toMatchObject({
      status: 409,
      httpQuery: 'idp=email&id=a%40b',
    });
    expect((await get('/probe/error/nonUnique')).body).toMatchObject({ httpQuery: null });
  });

  it('lists the errors of the register’s own validators', async () => {
    const { body } = await get('/probe/error/unprocessable');
    expect(body).toMatchObject({
      status: 400,
      exception: `${ONR}.UnprocessableEntityException`,
      globalErrors: [],
      fieldErrors: [
        { code: 'invalid.sukupuoli', arguments: ['x'], message: 'Tuntematon', field: 'sukupuoli', rejectedValue: 'x' },
      ],
    });
    expect((body as { message: string }).message).toContain('BeanPropertyBindingResult: 1 errors\n');
  });

  it('shows a page to a browser and nothing to who takes neither', async () => {
    expect((await get('/probe/error/illegal', { accept: 'text/html' })).headers.get('content-type')).toContain(
      'text/html',
    );
    expect(await get('/probe/error/illegal', { accept: 'application/xml' })).toMatchObject({ status: 400, text: '' });
  });

  it.each(['duplicate', 'null', 'nul-character'])(
    'says 400 without SQL when the database refuses a value (%s)',
    async (kind) => {
      const { status, body, text } = await app.as(rekisterinpitaja).post(`/probe/database/${kind}`);
      expect({ status, exception: (body as { exception: string }).exception }).toEqual({
        status: 400,
        exception: 'org.springframework.dao.DataIntegrityViolationException',
      });
      expect(text).not.toMatch(/insert|QUEUED|description/);
    },
  );

  it('says nothing of a failing statement', async () => {
    const { status, text } = await app.as(rekisterinpitaja).post('/probe/database/broken');
    expect(status).toBe(500);
    expect(text).not.toMatch(/select|secret|nosuch/);
  });
});

describe('values', () => {
  const post = (p: string, body: string, headers = {}) => app.as(rekisterinpitaja).post(p, body, headers);
  const READABLE = 'org.springframework.http.converter.HttpMessageNotReadableException';

  it.each([
    '{',
    '',
    'null',
    '{} x',
    '{"oidHenkilo": {}}',
    '"x"',
    '[]',
    '1',
    '['.repeat(200_000),
    '{"a":'.repeat(100_000),
  ])('refuses the body %.20s', async (body) => {
    const { status, body: error } = await app.as(rekisterinpitaja).put('/probe/person', body);
    expect({ status, exception: (error as { exception: string }).exception }).toEqual({
      status: 400,
      exception: READABLE,
    });
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'x', ''])(
    'refuses content type %p: 415',
    async (type) => {
      const answer = await app.as(rekisterinpitaja).put('/probe/person', '{}', { 'content-type': type });
      expect(answer).toMatchObject({
        status: 415,
        body: { status: 415, error: 'Unsupported Media Type', path: path('/probe/person') },
      });
    },
  );

  it('names the supported types', async () => {
    const answer = await app.as(rekisterinpitaja).put('/probe/person', 'x', { 'content-type': 'text/plain' });
    expect(answer.headers.get('accept')).toContain('application/json');
  });

  it.each(['application/json;charset=UTF-8', 'application/vnd.x+json', 'Application/JSON'])(
    'takes content type %s',
    async (type) => {
      expect(await app.as(rekisterinpitaja).put('/probe/person', '{}', { 'content-type': type })).toMatchObject({
        status: 200,
      });
    },
  );

  it('ignores members of the prototype', async () => {
    const sent = '{"oidHenkilo":"b","constructor":1,"toString":{"hetu":"x"}}';
    expect((await app.as(rekisterinpitaja).put('/probe/person', sent)).body).toEqual({
      oidHenkilo: 'b',
      hetu: null,
      permissionService: null,
    });
  });

  it('takes the last of a member named twice', async () => {
    const sent = '{"oidHenkilo":"a","oidHenkilo":"b","unknown":1,"unknown":2}';
    expect((await app.as(rekisterinpitaja).put('/probe/person', sent)).body).toEqual({
      oidHenkilo: 'b',
      hetu: null,
      permissionService: null,
    });
  });

  it('refuses a member __proto__', async () => {
    const sent = '{"oidHenkilo":"a","__proto__":{"hetu":"x"}}';
    expect((await app.as(rekisterinpitaja).put('/probe/person', sent)).status).toBe(400);
  });

  it('refuses a body by the rules of its members, with their text', async () => {
    const { status, body } = await app.as(rekisterinpitaja).put('/probe/person', { hetu: 'bad' });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: {
        exception: 'org.springframework.web.bind.MethodArgumentNotValidException',
        message: expect.stringContaining(
          "Field error in object 'henkiloUpdateDto' on field 'hetu': default message [invalid.hetu]",
        ),
      },
    });
  });

  it('takes five thousand OIDs, and refuses one more, long texts and more than a megabyte', async () => {
    const oids = Array.from({ length: 5000 }, (_, i) => `1.2.246.562.24.${i}`);
    expect((await app.as(rekisterinpitaja).post('/probe/oids', oids)).body).toEqual({
      count: 5000,
      first: '1.2.246.562.24.0',
    });
    expect((await app.as(rekisterinpitaja).post('/probe/oids', [...oids, 'x'])).status).toBe(400);
    expect((await post('/probe/oids', `["${'x'.repeat(999_996)}"]`)).status).toBe(400);
    const { status, body } = await post('/probe/oids', `["${'x'.repeat(999_997)}"]`);
    expect({ status, body }).toMatchObject({ status: 413, body: { status: 413, path: path('/probe/oids') } });
  });

  it('reads a list of texts', async () => {
    expect((await post('/probe/oids', '[1, null]')).body).toEqual({ count: 2, first: '1' });
    for (const bad of ['{}', '[[]]', '"x"']) expect(await post('/probe/oids', bad)).toMatchObject({ status: 400 });
  });

  it('reads numbers, dates and times from the path', async () => {
    expect((await get('/probe/values/-12/2020-02-29/2020-02-29T10:00:00+02:00')).body).toEqual({
      id: -12,
      date: '2020-02-29',
      at: '2020-02-29T08:00:00.000Z',
    });
    expect((await get('/probe/values/x/2020-02-29/2020')).body).toMatchObject({
      status: 400,
      exception: 'java.lang.NumberFormatException',
      message: 'For input string: "x"',
    });
    for (const bad of ['/1/juhannus/2020', '/1/2020-02-30/2020', '/1/2020-01-01/juhannus', '/1/2020-01-01/999999999']) {
      expect((await get(`/probe/values${bad}`)).body).toMatchObject({
        status: 400,
        exception: 'java.lang.IllegalArgumentException',
      });
    }
  });

  it('checks the range of a parameter after the permission, its kind before', async () => {
    expect((await get('/probe/range?q=')).body).toEqual({ page: 1, q: '' });
    expect((await get('/probe/range?q=x&page=')).body).toEqual({ page: 1, q: 'x' });
    expect((await get('/probe/range?q=x&page=0')).body).toMatchObject({
      status: 400,
      exception: 'jakarta.validation.ConstraintViolationException',
      message: 'list.page: must be greater than or equal to 1',
    });
    expect(await app.as(oikeudeton).get('/probe/range?q=x&page=0')).toMatchObject({ status: 401 });
    expect(await app.as(oikeudeton).get('/probe/range?q=x&page=x')).toMatchObject({ status: 400 });
    const missing = await get('/probe/range');
    expect(Object.keys(missing.body as object)).toEqual(['timestamp', 'status', 'error', 'path']);
    expect(missing.status).toBe(400);
  });
});

describe('permissions on persons', () => {
  const PERSON = '1.2.246.562.24.20000000048';
  const virkailija = userWith('1.2.246.562.24.99000000021', YLIOPISTO, 'HENKILON_RU');
  const tuoja = userWith('1.2.246.562.24.99000000022', YLIOPISTO, 'OPPIJOIDENTUONTI');
  beforeEach(() => app.peers.reset());
  const questions = async () => (await app.peers.traffic()).filter((call) => call.path.endsWith('/canUserAccessUser'));

  it('lets superuser and, where own data are a permission, oneself without asking; the reader may only read', async () => {
    expect(await get(`/probe/person/${PERSON}`)).toMatchObject({ status: 200 });
    expect(await app.as(lukija).get(`/probe/person/${PERSON}`)).toMatchObject({ status: 200 });
    expect(await app.as(oikeudeton).get(`/probe/person/${oikeudeton.sub}`)).toMatchObject({ status: 200 });
    expect(await app.as(oikeudeton).put('/probe/person', { oidHenkilo: oikeudeton.sub })).toMatchObject({
      status: 200,
    });
    expect(await questions()).toEqual([]);
    expect(await app.as(lukija).put('/probe/person', { oidHenkilo: PERSON })).toMatchObject({ status: 401 });
  });

  it('asks käyttöoikeuspalvelu with the rights, roles and service', async () => {
    await app.peers.state({ canAccess: [`${virkailija.sub}>${PERSON}`] });
    const answer = await app.as(virkailija).get(`/probe/person/${PERSON}`, { 'External-Permission-Service': 'KOSKI' });
    expect(answer).toMatchObject({ status: 200, body: { permissionService: 'KOSKI' } });
    expect((await questions())[0]!.body).toEqual({
      callingUserOid: virkailija.sub,
      userOid: PERSON,
      allowedPalveluRooli: { OPPIJANUMEROREKISTERI: ['READ', 'HENKILON_RU'], KAYTTOOIKEUS: ['PALVELUKAYTTAJA_CRUD'] },
      externalPermissionService: 'KOSKI',
      callingUserRoles: [
        'ROLE_APP_OPPIJANUMEROREKISTERI_HENKILON_RU',
        `ROLE_APP_OPPIJANUMEROREKISTERI_HENKILON_RU_${YLIOPISTO}`,
      ],
    });
  });

  it('refuses when the answer is no, and fails when there is none', async () => {
    expect(await app.as(virkailija).get(`/probe/person/${PERSON}`)).toMatchObject({
      status: 401,
      body: { error: 'Unauthorized' },
    });
    await app.peers.state({ fail: { kayttooikeus: 404 } });
    expect(await app.as(virkailija).get(`/probe/person/${PERSON}`)).toMatchObject({ status: 500 });
  });

  it('refuses an unknown external service before any permission, for a superuser too', async () => {
    const { status, body } = await get(`/probe/person/${PERSON}`, { 'External-Permission-Service': 'koski' });
    expect({ status, body }).toMatchObject({ status: 400, body: { exception: 'java.lang.IllegalArgumentException' } });
    expect(await get(`/probe/person/${PERSON}`, { 'External-Permission-Service': '' })).toMatchObject({ status: 200 });
  });

  it('checks the body before the permission', async () => {
    expect(await app.as(oikeudeton).put('/probe/person', { hetu: 'bad' })).toMatchObject({ status: 400 });
    expect(await app.as(oikeudeton).put('/probe/person', {})).toMatchObject({ status: 401 });
  });

  it('says 404 before the permission where it is checked on the answer', async () => {
    expect(await app.as(oikeudeton).get('/probe/found/nobody')).toMatchObject({ status: 404 });
    expect(await app.as(oikeudeton).get(`/probe/found/${PERSON}`)).toMatchObject({ status: 401 });
    expect(await get(`/probe/found/${PERSON}`)).toMatchObject({ status: 200 });
  });

  it('lets an importer whose organisation, or one above it, the person belongs to', async () => {
    await app.query(
      `insert into henkilo (id, version, oidhenkilo, created, modified, etunimet, kutsumanimi, sukunimi, passivoitu, duplicate, yksiloity, yksiloityvtj)
      values (-77, 0, $1, now(), now(), 'A', 'A', 'A', false, false, false, false)`,
      [PERSON],
    );
    const attach = async (oid: string) => {
      await app.query('delete from henkilo_organisaatio where henkilo_id = -77');
      await app.query(
        'insert into organisaatio (id, version, oid) values ((random() * -1000000)::int, 0, $1) on conflict do nothing',
        [oid],
      );
      await app.query(
        'insert into henkilo_organisaatio (henkilo_id, organisaatio_id) select -77, id from organisaatio where oid = $1',
        [oid],
      );
    };
    const statusFor = async (oid: string) => {
      await attach(oid);
      return (await app.as(tuoja).get(`/probe/person/${PERSON}`)).status;
    };
    expect(await statusFor(YLIOPISTO)).toBe(200);
    expect(await statusFor('1.2.246.562.10.10000000011')).toBe(200);
    expect(await questions()).toEqual([]);
    expect(await statusFor('1.2.246.562.10.20000000022')).toBe(401);
    expect(await questions()).toHaveLength(1);
    await app.query('delete from henkilo_organisaatio where henkilo_id = -77');
    await app.peers.reset();
    expect((await app.as(tuoja).get(`/probe/person/${PERSON}`)).status).toBe(401);
    expect((await app.peers.traffic()).map(({ peer }) => peer)).not.toContain('organisaatio');
  });
});

describe('audit and access log', () => {
  const entry = () => app.audit.at(-1) as { user: Record<string, unknown>; [key: string]: unknown };

  it('writes one READ entry with every person of the answer', async () => {
    await app.as(rekisterinpitaja).get('/probe/person/1.2.9', { 'X-Real-IP': '10.0.0.9', 'User-Agent': 'probe "x"' });
    expect(entry()).toEqual({
      version: 1,
      logSeq: expect.any(Number),
      type: 'log',
      bootTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0[23]$/),
      hostname: '',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0[23]$/),
      serviceName: 'oppijanumerorekisteri',
      applicationType: 'virkailija',
      user: { oid: rekisterinpitaja.sub, ip: '10.0.0.9', session: '', userAgent: 'probe "x"' },
      operation: 'READ',
      target: { oids: '1.2.9,1.2.3,null' },
      changes: [],
    });
  });

  it('numbers the entries and begins with started', async () => {
    await get('/probe/muutokset');
    expect(entry()).toMatchObject({ target: { oids: '1.2.3,1.2.4' } });
    expect(app.audit.map((one) => one.logSeq)).toEqual(app.audit.map((_, i) => i));
    expect(app.audit[0]).toMatchObject({ type: 'alive', message: 'started', logSeq: 0 });
  });

  it('takes the address that a trusted proxy tells, and no other text', async () => {
    for (const [headers, ip] of [
      [{ 'X-Forwarded-For': '6.6.6.6, 198.51.100.9, 10.2.2.2' }, '198.51.100.9'],
      [{ 'X-Forwarded-For': '6.6.6.6, 198.51.100.9', 'X-Real-IP': '6.6.6.6' }, '198.51.100.9'],
      [{ 'X-Forwarded-For': 'anything, at all' }, '127.0.0.1'],
      [{ 'X-Real-IP': 'anything at all' }, '127.0.0.1'],
    ] as const) {
      expect(await get('/probe/muutokset', headers)).toMatchObject({ status: 200 });
      expect(entry().user).toMatchObject({ ip });
    }
    await get('/probe/muutokset');
    expect(entry().user).toMatchObject({ ip: '127.0.0.1' });
  });

  it('writes a digest of a CAS caller’s session', async () => {
    const ticket = await app.peers.ticket('1.2.246.562.24.99000000077', []);
    const login = await app.anonymous.get(`/probe/muutokset?ticket=${ticket}`);
    expect(entry().user).toMatchObject({
      oid: '1.2.246.562.24.99000000077',
      session: createHash('sha256')
        .update(/JSESSIONID=([^;]+)/.exec(login.headers.get('set-cookie')!)![1]!)
        .digest('hex')
        .slice(0, 32),
    });
  });

  it('writes nothing for what the caller may not see', async () => {
    const before = app.audit.length;
    await app.as(oikeudeton).get('/probe/found/1.2.3');
    await app.as(oikeudeton).get('/probe/person/1.2.3');
    expect(app.audit).toHaveLength(before);
  });

  it('writes one access line with the specified keys', async () => {
    await get('/probe/hetu=010190-900P?x=010190+900P', { 'Caller-Id': '1.2.3.caller', Referer: 'http://x/"' });
    expect(app.access.at(-1)).toEqual({
      timestamp: expect.stringMatching(/\+0000$/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      responseCode: '200',
      requestMapping: '/probe/hetu=:hetu',
      request: `GET ${path('/probe/hetu=010190-****?x=010190+****')} HTTP/1.1`,
      responseTime: expect.stringMatching(/^\d+$/),
      requestMethod: 'GET',
      service: 'oppijanumerorekisteri',
      environment: 'env.name_IS_UNDEFINED',
      customer: 'OPH',
      'user-agent': 'node',
      clientSubSystemCode: '-',
      callerHenkiloOid: rekisterinpitaja.sub,
      protocol: 'oauth',
      'caller-id': '1.2.3.caller',
      'x-forwarded-for': '-',
      'remote-ip': '127.0.0.1',
      session: '-',
      'response-size': '22',
      referer: 'http://x/"',
      'opintopolku-api-key': '-',
    });
    await app.anonymous.get('/nosuch');
    expect(app.access.at(-1)).toMatchObject({ responseCode: '302', protocol: '-', callerHenkiloOid: '-' });
  });

  it('masks a hetu in whatever form the URL or a header has it', async () => {
    for (const hetu of ['010190-900P', '010190%2D900P', '%30%31%30190-900P', '010190-900p', '010190%252B900P']) {
      await get(`/probe/hetu=${hetu}?x=${hetu}`, { Referer: `http://x/${hetu}`, 'Caller-Id': `1.2 ${hetu}` });
      const { request, referer, 'caller-id': caller } = app.access.at(-1)!;
      for (const text of [request, referer, caller]) expect(text).toMatch(/\*{4}/);
      expect(`${request}${referer}${caller}`).not.toMatch(/900p/i);
    }
  });

  it('never logs a hetu, SQL or a stack of values', async () => {
    await get('/probe/error/notFound');
    await get('/probe/error/unknown');
    expect(app.lines.filter((line) => line.includes('010190-900P'))).toEqual([]);
  });
});
