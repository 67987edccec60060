import { connect } from 'node:net';
import { everyAddress } from '../../src/http/listen.js';
import { ProbeModule } from '../support/probe.module.js';
import { CONTEXT_PATH, useTestApp, type TestAnswer } from '../support/test-app.js';
import { oikeudeton, rekisterinpitaja } from '../support/users.js';

const app = useTestApp({ ONR_TRUSTED_HOSTS: 'register.example:1' }, [ProbeModule]);
const TEXT = `${CONTEXT_PATH}/probe/text`;

/** As Spring Security's defaults have them, and a policy under which nothing loads, runs or frames. */
const EXPECTED = {
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '0',
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
  'x-frame-options': 'DENY',
};
const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What comes back on a connection of its own until the server closes it, or `answers` are there. */
async function raw(sent: string, { answers = Infinity, slowly = '' } = {}): Promise<RawAnswer[]> {
  const socket = connect(Number(new URL(app.base).port), '127.0.0.1');
  let received = '';
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      if (received.split('HTTP/1.1 ').length > answers) socket.destroy();
    });
    socket.write(sent);
    if (slowly !== '') socket.write(slowly);
  });
  return received
    .split(/(?=HTTP\/1\.1 )/)
    .filter((text) => text !== '')
    .map((text) => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      const [line = '', ...fields] = head.split('\r\n');
      const headers = fields.map((field) => [
        field.split(': ')[0]!.toLowerCase(),
        field.slice(field.indexOf(': ') + 2),
      ]);
      return {
        status: Number(line.split(' ')[1]),
        headers: Object.fromEntries(headers) as Record<string, string>,
        body,
      };
    });
}

/** Begun before the first test, since the service waits long for them. */
let unfinished: Promise<{ answer: RawAnswer | undefined; ms: number }>;
let silent: Promise<RawAnswer[]>;
beforeAll(() => {
  const began = Date.now();
  const sent = raw(`GET ${TEXT} HTTP/1.1\r\nHost: localhost\r\nX-A`);
  unfinished = sent.then(([answer]) => ({ answer, ms: Date.now() - began }));
  silent = raw('');
});
const bearer = async () => `Authorization: Bearer ${await app.tokenOf(rekisterinpitaja)}\r\n`;
const head = (target: string, more = '', method = 'GET', version = '1.1') =>
  `${method} ${target} HTTP/${version}\r\nHost: localhost\r\n${more}\r\n`;
const once = async (sent: string) => (await raw(sent, { answers: 1 }))[0]!;
const usual = (status: number, error: string, path: string) => ({ timestamp: expect.any(Number), status, error, path });

function expectSecure(headers: Record<string, string>, policy = API_POLICY): void {
  expect(headers).toMatchObject({ ...EXPECTED, 'content-security-policy': policy });
}
const all = ({ headers }: TestAnswer) => Object.fromEntries(headers.entries());

describe('headers for browsers', () => {
  const registrar = app.as(rekisterinpitaja);
  it.each<[string, number, () => Promise<TestAnswer>]>([
    ['JSON', 200, () => registrar.get('/probe/json')],
    ['a text', 200, () => registrar.get('/probe/text')],
    ['nothing', 200, () => registrar.post('/probe/nothing')],
    ['a creation', 201, () => registrar.post('/probe/created')],
    ['HEAD', 200, () => registrar.send('HEAD', '/probe/json')],
    ['OPTIONS', 200, () => registrar.send('OPTIONS', '/probe/json')],
    ['health', 200, () => app.anonymous.get('/actuator/health')],
    ['the API description', 200, () => app.anonymous.get('/v3/api-docs')],
    ['a redirect to the login', 302, () => app.anonymous.get('/probe/json')],
    ['a redirect of ours', 302, () => app.anonymous.get('/swagger-ui.html')],
    ['a logout', 302, () => app.anonymous.get('/logout')],
    ['a bad token', 401, () => app.anonymous.get('/probe/json', { authorization: 'Bearer x' })],
    ['a missing right', 401, () => app.as(oikeudeton).get('/probe/range?q=a')],
    ['an unknown address', 404, () => registrar.get('/nosuch')],
    ['a wrong method', 405, () => registrar.delete('/probe/json')],
    ['a type nobody has', 406, () => registrar.get('/probe/json', { accept: 'image/png' })],
    ['a page for a browser', 404, () => registrar.get('/nosuch', { accept: 'text/html' })],
    ['a bad body', 400, () => registrar.put('/probe/person', '{')],
    ['a body of another type', 415, () => registrar.put('/probe/person', '{}', { 'content-type': 'text/plain' })],
    ['an illegal address', 400, () => registrar.get('/probe/a%2Fb')],
    ['a body that is too large', 413, () => registrar.put('/probe/person', 'x'.repeat(9_600_000))],
    ['a failure', 500, () => registrar.get('/probe/error/unknown')],
  ])('go with %s (%i)', async (_, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expectSecure(all(answer));
    expect(answer.headers.get('strict-transport-security')).toBeNull();
  });

  it('let Swagger UI load what comes from the service and ask the issuer of tokens, and nothing else', async () => {
    for (const path of ['/swagger-ui/index.html', '/swagger-ui/oauth2-redirect.html']) {
      const policy = (await app.anonymous.get(path)).headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain(`connect-src 'self' ${app.peers.url};`);
      expect(policy.replace(app.peers.url, '')).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:|\*/);
    }
    expectSecure(all(await app.anonymous.get('/swagger-ui/swagger-ui.css')));
  });

  it.each([
    'text/html',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
    'text/html, application/json',
    'TEXT/HTML;charset=utf-7',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'text/css,*/*;q=0.1',
    'text/javascript',
    'x"><script>',
  ])('a bare text for Accept %s is plain text', async (accept) => {
    const answer = await registrar.get('/probe/text', { accept });
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      200,
      'text/plain;charset=UTF-8',
      'fi',
    ]);
  });
});

describe('what is no request', () => {
  it.each([
    ['headers of 20 kB', (target: string) => head(target, `X-Long: ${'x'.repeat(20_000)}\r\n`)],
    ['many headers', (target: string) => head(target, 'X-Short: x\r\n'.repeat(2_000))],
    ['an address of 20 kB', (target: string) => head(`${target}?q=${'x'.repeat(20_000)}`)],
  ])('%s: 431 in the usual form', async (_, request) => {
    const answer = await once(request(TEXT));
    expect([answer.status, answer.headers['content-type'], answer.headers.connection]).toEqual([
      431,
      'application/json',
      'close',
    ]);
    expect(JSON.parse(answer.body)).toEqual(usual(431, 'Request Header Fields Too Large', TEXT));
    expectSecure(answer.headers);
  });

  it.each([
    ['a method that nobody knows', head(TEXT, '', 'NOSUCH')],
    ['two lengths', head(TEXT, 'Content-Length: 1\r\nContent-Length: 2\r\n', 'POST')],
    ['a length and chunks', head(TEXT, 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', 'POST')],
    ['a header with a line break of another kind', head(TEXT, 'X-A: b\rX-C: d\r\n')],
    ['a blank before the colon', head(TEXT, 'X-A : b\r\n')],
    ['a version that nobody speaks', head(TEXT, '', 'GET', '9.9')],
    ['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s: 400 in the usual form', async (_, request) => {
    const answer = await once(request);
    expect(JSON.parse(answer.body)).toEqual(usual(400, 'Bad Request', expect.any(String) as unknown as string));
    expect(answer.status).toBe(400);
    expectSecure(answer.headers);
  });

  it('a head that does not come to its end: 408 in the usual form; connections opened in advance just end', async () => {
    const { answer, ms } = await unfinished;
    expect(ms).toBeGreaterThan(15_000);
    expect([answer!.status, JSON.parse(answer!.body)]).toEqual([408, usual(408, 'Request Timeout', '')]);
    expectSecure(answer!.headers);
    expect(await silent).toEqual([]);
  });

  it('CONNECT: 405, the service is no proxy', async () => {
    const answer = await once('CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([405, usual(405, 'Method Not Allowed', '')]);
  });
});

describe('hosts and targets', () => {
  it.each([
    ['two', 'Host: localhost\r\nHost: evil.example\r\n'],
    ['two that are the same', 'Host: localhost\r\nhost: localhost\r\n'],
    ['none', ''],
    ['one with a path', 'Host: localhost/evil\r\n'],
    ['one with a user', 'Host: user@localhost\r\n'],
    ['one with a blank', 'Host: localhost evil\r\n'],
  ])('%s: 400 in the usual form', async (_, hosts) => {
    const answer = await once(`GET ${TEXT} HTTP/1.1\r\n${hosts}${await bearer()}\r\n`);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, usual(400, 'Bad Request', TEXT)]);
    expectSecure(answer.headers);
  });

  it.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'a-b.c_d.example.', ''])(
    'Host %p is one',
    async (host) => {
      const answer = await once(`GET ${TEXT} HTTP/1.1\r\nHost: ${host}\r\n${await bearer()}\r\n`);
      expect([answer.status, answer.body]).toEqual([200, 'fi']);
    },
  );

  it.each(['http://localhost', 'HTTP://localhost:1', 'https://other.example'])(
    'takes the target with %s before the path',
    async (origin) => {
      expect(await once(head(`${origin}${TEXT}?x=1`, await bearer()))).toMatchObject({ status: 200, body: 'fi' });
      expect(app.access.at(-1)).toMatchObject({ request: `GET ${TEXT}?x=1 HTTP/1.1` });
      const missing = await once(head(`${origin}${CONTEXT_PATH}/nosuch`, await bearer()));
      expect(JSON.parse(missing.body)).toEqual(usual(404, 'Not Found', `${CONTEXT_PATH}/nosuch`));
      expect((await once(head(origin, await bearer()))).status).toBe(404);
    },
  );

  it('the host of the target goes before that of the header', async () => {
    const answer = await once(head(`http://register.example:1${CONTEXT_PATH}/actuator`));
    expect(answer.body).toContain('http://register.example:1/oppijanumerorekisteri-service/actuator');
    expect((await once(head(`http://user@register.example${TEXT}`, await bearer()))).status).toBe(400);
  });

  it('OPTIONS * lists methods; other methods do not know *', async () => {
    const answer = await once(head('*', '', 'OPTIONS'));
    expect([answer.status, answer.headers.allow]).toEqual([200, 'GET,HEAD,POST,PUT,DELETE,OPTIONS']);
    expect((await once(head('*', await bearer()))).status).toBe(400);
  });
});

describe('methods, versions, several requests on a connection', () => {
  it.each(['TRACE', 'PATCH', 'PROPFIND', 'DELETE'])('%s is 405, or the login', async (method) => {
    const answer = await once(head(TEXT, await bearer(), method));
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET,HEAD,OPTIONS']);
    expect(JSON.parse(answer.body)).toEqual(usual(405, 'Method Not Allowed', TEXT));
    expect((await once(head(TEXT, '', method))).status).toBe(302);
  });

  it('never repeats what a TRACE sent', async () => {
    const answer = await once(head(TEXT, `X-Secret: sesame\r\n${await bearer()}`, 'TRACE'));
    expect(JSON.stringify(answer)).not.toContain('sesame');
  });

  it('HEAD has the headers of GET, its length included, and no body', async () => {
    const asked = async (method: string) => once(head(TEXT, `Connection: close\r\n${await bearer()}`, method));
    const [got, headed] = [await asked('GET'), await asked('HEAD')];
    expect(headed).toMatchObject({ status: 200, body: '' });
    expect({ ...headed.headers, date: '' }).toEqual({ ...got.headers, date: '' });
    expect(headed.headers['content-length']).toBe('2');
  });

  it('HTTP/1.0 needs no host and closes after the answer', async () => {
    const answers = await raw(`GET ${TEXT} HTTP/1.0\r\n${await bearer()}\r\n`);
    expect(answers).toMatchObject([{ status: 200, body: 'fi', headers: { connection: 'close' } }]);
  });

  it('answers requests that are sent at once, in their order', async () => {
    const token = await bearer();
    const answers = await raw(
      head(TEXT, token) + head(`${CONTEXT_PATH}/nosuch`, token) + head(`${CONTEXT_PATH}/probe/boolean`, token),
      { answers: 3 },
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
    expect(answers[2]!.body).toBe('false');
  });

  it('asks for a body that waits to be asked for; any other expectation is 417', async () => {
    const send = async (expectation: string) =>
      raw(
        head(
          `${CONTEXT_PATH}/probe/person`,
          `Expect: ${expectation}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n${await bearer()}`,
          'PUT',
        ),
        { slowly: '{}' },
      );
    expect((await send('100-continue')).map(({ status }) => status)).toEqual([100, 200]);
    const [refused] = await send('miracles');
    expect(refused!.status).toBe(417);
    expect(JSON.parse(refused!.body)).toEqual(usual(417, 'Expectation Failed', `${CONTEXT_PATH}/probe/person`));
  });

  it('no text of a caller becomes a header', async () => {
    const answer = await once(head(`${CONTEXT_PATH}/probe/hetu=%0d%0aX-Evil:%201`, await bearer()));
    expect(answer.status).toBe(401);
    expect(answer.headers['x-evil']).toBeUndefined();
  });
});

it('keeps unused connections longer than load balancers do, and waits for a head as long as a slow caller needs', () => {
  const server = app.nest.getHttpServer();
  expect(server.keepAliveTimeout).toBe(75_000);
  expect(server.headersTimeout).toBe(20_000);
  expect(server.requestTimeout).toBe(120_000);
});

it('listens on IPv6 where there is some', async () => {
  const address = await everyAddress();
  expect(['::', '0.0.0.0']).toContain(address);
});

describe('where callers come by https', () => {
  const secure = useTestApp({ 'oppijanumerorekisteri.uses-ssl-proxy': 'true' });

  it('browsers are told to stay with it', async () => {
    const answer = await secure.anonymous.get('/actuator/health');
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000 ; includeSubDomains');
  });
});
