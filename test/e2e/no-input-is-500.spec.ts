import http from 'node:http';
import request from 'supertest';
import { OPERATIONS, NOBODY, type Operation } from '../security/operations.js';
import { CONTEXT_PATH, useTestApp } from '../support/test-app.js';
import { kaikkiOikeudet } from '../support/users.js';

/* Every operation with what no client should send: the specified refusal, never a failure, never what goes on inside. */

const app = useTestApp();
const bearer = async () => `Bearer ${await app.tokenOf(kaikkiOikeudet)}`;

/** What must never be told: SQL, stacks, files, and classes that are not the named exceptions. */
const INSIDE =
  /\bselect\b.*\bfrom\b|insert into|\bat .*:\d+:\d+|node_modules|\.[jt]s:\d|syntax error|SQLSTATE|TypeError|Postgres/is;

interface Sent {
  status: number;
  type: string;
  body: string;
}

/** The target as it is, which `fetch` would mend. */
async function raw(method: string, target: string): Promise<Sent> {
  const { hostname, port } = new URL(app.base);
  const authorization = await bearer();
  return new Promise((resolve, reject) => {
    const call = http.request({
      method,
      hostname,
      port,
      path: CONTEXT_PATH + target,
      headers: { authorization },
      agent: false,
    });
    call.on('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode!, type: answer.headers['content-type'] ?? '', body }));
    });
    call.on('error', reject);
    call.end();
  });
}

const REFUSED = [400, 401, 404, 405, 415, 431];
const harmless = ({ status, body }: Sent, allowed: readonly number[]) => allowed.includes(status) && !INSIDE.test(body);

/** Values for a segment of a path, and the statuses that the specification gives to them on any operation. */
const SEGMENTS: readonly [string, readonly number[]][] = [
  ['%2F', [400]],
  ['a%2Fb', [400]],
  ['%zz', [400]],
  ['%', [400]],
  ['[x]', [400]],
  ['"', [400]],
  ['%00', [400]],
  ['a%0Ab', [401]],
  ['a;b', [401]],
  ['%25', [401]],
  ['%5C', [401]],
  ['%FF', [400]],
  ['%ED%A0%80', [400]],
  ['..', [200, 400, 401, 404]],
  ...['+', '%2B', 'a+b%20c', '%C3%A4', '%F0%9F%91%A9', "'--", '%27%22%3C%3E', '*', '$1', '{}', '0', '-1', '1e3'].map(
    (value): [string, readonly number[]] => [value === '{}' ? '%7B%7D' : value, [200, 204, 400, 404]],
  ),
  ...['NaN', 'null', 'undefined', '__proto__', 'constructor', '9'.repeat(19), '9'.repeat(400), 'x'.repeat(9_000)].map(
    (value): [string, readonly number[]] => [value, [200, 204, 400, 404]],
  ),
];

const withParameters = OPERATIONS.filter(({ path }) => /[:*]/.test(path) && !path.includes('/unlink/'));

it.each(withParameters)('$id $method $path takes no odd segment amiss', async (operation) => {
  const names = [...operation.path.matchAll(/:\w+|\*/g)].map(([name]) => name);
  const query = operation.sample.includes('?') ? operation.sample.slice(operation.sample.indexOf('?')) : '';
  const wrong: string[] = [];
  for (const name of names) {
    for (const [value, allowed] of SEGMENTS) {
      const path = operation.path.replace(/:\w+|\*/g, (other) => (other === name ? value : valueOf(operation, other)));
      const sent = await raw(operation.method, path + query);
      // A method with a body is refused for the missing body, too.
      const more = operation.method === 'GET' || operation.method === 'HEAD' ? [] : [401, 405, 415];
      if (!harmless(sent, [...allowed, ...more]) || !isErrorBody(sent))
        wrong.push(`${path.slice(0, 80)}: ${sent.status} ${sent.body.slice(0, 200)}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('refuses a target that is too long for any header', async () => {
  expect(await raw('GET', `/henkilo/${'x'.repeat(60_000)}`)).toMatchObject({ status: 431 });
});

/** What stands at this place in the sample. */
function valueOf(operation: Operation, name: string): string {
  const at = operation.path.split('/').findIndex((segment) => segment.includes(name));
  const segment = operation.path.split('/')[at]!;
  const sample = operation.sample.split('?')[0]!.split('/')[at]!;
  return sample.slice(segment.indexOf(name), sample.length - (segment.length - segment.indexOf(name) - name.length));
}

/** JSON with the members of the specification, a page of the server itself, or nothing. */
function isErrorBody({ status, type, body }: Sent): boolean {
  if (status < 400 || body === '') return true;
  if (type.startsWith('text/html')) return !body.includes('Error:');
  if (status === 431) return true;
  const members = Object.keys(JSON.parse(body) as object).join();
  return /^timestamp,status,error,(?:path|exception,message,path(?:,httpQuery|,globalErrors,fieldErrors)?)$/.test(
    members,
  );
}

/** Values of a query parameter; what a parameter does not mind it ignores. */
const VALUES = [
  ...['', 'abc', '1.5', '0', '-1', '99999999999', '9'.repeat(25), '%00', '%zz', '%', '+', ' ', '%C3%A4', 'null', 'NaN'],
  ...[
    'true',
    '[]',
    '%5B1%5D',
    "'",
    'juhannus',
    '2020-02-30',
    '+275760-09-14',
    '-271822-01-01',
    '999999999',
    'x'.repeat(5_000),
  ],
].map((value) => value.replace(' ', '%20'));
const QUERY: readonly (readonly [string, string, readonly string[]])[] = [
  ['E03', '/henkilo', ['page', 'count', 'henkiloOids', 'hetu', 'passivoitu', 'duplikaatti', 'organisaatioOids']],
  ['E23', '/henkilo/identification', ['idp', 'id']],
  ['E33', '/henkilo/yksilointitiedot', ['page', 'count']],
  ['E37', '/henkilo/duplikaatit', ['etunimet', 'kutsumanimi', 'sukunimi', 'syntymaaika']],
  ['E47', '/henkilo/huoltajasuhdemuutokset', ['startdate', 'enddate']],
  ['E48', '/henkilo/huoltajasuhdemuutokset/alkaen/2099-01-01', ['offset', 'amount']],
  ['E52', '/s2s/changedSince/2099-01-01', ['offset', 'amount']],
  ['E55', '/s2s/henkilo/list/091/2020-01-01', ['page']],
  ['E64', '/oppija/yhteenveto', ['tuontiId', 'muokattuJalkeen', 'organisaatioOids', 'vainVirheet', 'nimiHaku']],
  ['E65', '/oppija/tuontikooste', ['id', 'author', 'page', 'pageSize', 'sort', 'field']],
  ['E67', '/oppija/muuttuneet', ['page', 'count', 'tuontiId', 'muokattuJalkeen', 'nimiHaku', 'vainVirheet']],
  ['E77', '/internal/oppijoidentuonti/virheet', ['page', 'count', 'tuontiId', 'nimiHaku']],
];

it.each(QUERY)('%s %s takes no odd query amiss', async (_id, path, names) => {
  const wrong: string[] = [];
  for (const name of names) {
    const others = path.endsWith('suhdemuutokset')
      ? '&startdate=2020-01-01&enddate=2020-01-01'
      : '&idp=email&id=x&etunimet=a&kutsumanimi=a&sukunimi=a';
    for (const value of VALUES) {
      for (const one of [
        `${name}=${value}`,
        `${name}=1&${name}=${value}`,
        `${name}%5B%5D=${value}`,
        `${name}%5B0%5D.x=${value}`,
      ]) {
        const rest = others.replace(new RegExp(`&${name}=[^&]*`), '');
        const sent = await raw('GET', `${path}?${one}${rest}`);
        if (!harmless(sent, [200, 400, 404]) || !isErrorBody(sent))
          wrong.push(`${one.slice(0, 60)}: ${sent.status} ${sent.body.slice(0, 200)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

const deep = (open: string, close: string) => open.repeat(50_000) + '1' + close.repeat(50_000);
/** Bodies that are no JSON document: 400 with the name of the reference's exception. */
const UNREADABLE = ['', ' ', '{', '[', '{"a":}', '{a:1}', "{'a':1}", '[1,]', '[]x', 'null', 'undefined', '\u0000', '<x/>', '{"a":"\n"}', deep('[', ''), deep('{"a":', '')]; // prettier-ignore
/** Documents of the wrong kind; whatever they lead to, it is no failure. */
const DOCUMENTS: readonly unknown[] = [
  ...[{}, [], [null], [[]], [{}], [''], ['\u0000'], ['\ud800'], [1, true, 1.5, 1e300], 1, true, 'x', -0],
  ...['henkiloOids', 'hetu', 'passivoitu', 'nameQuery', 'eidasTunniste', 'query', 'page', 'oidHenkilo', 'henkilot'].flatMap(
    (name) =>
      [null, '', 'x', '\u0000', '\ud800', 1, -1, 1e300, true, [], [null], ['\u0000'], [[1]], [{}], {}, { a: 1 }, '%_\\', 'x'.repeat(100_000)].map(
        (value) => ({ [name]: value }),
      ),
  ),
  JSON.parse('{"__proto__":{"henkiloOids":[]},"constructor":1,"toString":2}'),
  Array.from({ length: 5_001 }, (_, i) => `1.2.246.562.24.${i}`),
  { henkiloOids: Array.from({ length: 5_001 }, (_, i) => `1.2.246.562.24.${i}`) },
]; // prettier-ignore

const withBody = OPERATIONS.filter(({ id, body }) => body !== null && !['E17'].includes(id));

describe.each(withBody)('$id $method $path', ({ id, method, sample }) => {
  const send = async (body: string, type: string | null) => {
    const call = request(app.base)[method.toLowerCase() as 'post' | 'put'](sample);
    call
      .set('Authorization', await bearer())
      .redirects(0)
      .ok(() => true);
    if (type !== null) call.set('Content-Type', type);
    return call.send(body);
  };

  it('answers 400 to what is no JSON document', async () => {
    for (const body of UNREADABLE) {
      const answer = await send(body, 'application/json');
      expect({ body: body.slice(0, 20), status: answer.status, ...(answer.body as object) }).toMatchObject({
        body: body.slice(0, 20),
        status: 400,
        error: 'Bad Request',
        exception: 'org.springframework.http.converter.HttpMessageNotReadableException',
      });
      expect(answer.text).not.toMatch(INSIDE);
    }
  });

  it('answers 415 to another kind of body', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/yaml',
      'multipart/form-data; boundary=x',
      'application/json2',
      'x/y',
      '*/*',
    ]) {
      // prettier-ignore
      const answer = await send('{}', type);
      expect({ type, status: answer.status }).toEqual({ type, status: 415 });
      expect(answer.headers.accept).toContain('application/json');
      expect(Object.keys(answer.body as object)).toEqual(['timestamp', 'status', 'error', 'path']);
    }
  });

  it('takes no document amiss', async () => {
    const wrong: string[] = [];
    for (const document of DOCUMENTS) {
      const body = JSON.stringify(document);
      const { status, text, headers } = await send(body, 'application/json');
      const sent = { status, body: text, type: headers['content-type'] ?? '' };
      if (!harmless(sent, [200, 204, ...REFUSED]) || !isErrorBody(sent))
        wrong.push(`${body.slice(0, 60)}: ${status} ${text.slice(0, 300)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('reads a document after a byte order mark', async () => {
    const list = /List$|kotikuntahistoria|turvakielto|passinumerot|link$/.test(sample);
    const [marked, plain] = [await send(list ? '\ufeff[]' : '\ufeff{}', 'application/json'), await send(list ? '[]' : '{}', 'application/json')]; // prettier-ignore
    expect({ id, status: marked.status }).toEqual({ id, status: plain.status });
  });
});

it('a person is nobody after the tests', async () => {
  expect(await app.query('select 1 from henkilo where oidhenkilo = $1', [NOBODY])).toEqual([]);
});
