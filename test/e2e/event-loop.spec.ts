import http from 'node:http';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { RouteConfig } from '../../src/http/route-config.js';
import { fieldsOf, type DtoClass, type Field } from '../../src/http/binding/fields.js';
import { NOBODY, OPERATIONS } from '../security/operations.js';
import { freePort } from '../../scripts/lib/free-port.ts';
import { Child } from '../support/child.js';
import { declaredRoutes } from '../support/declared-routes.js';
import { createHenkilo } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { kaikkiOikeudet, oikeudeton } from '../support/users.js';

/*
 * No request may hold the event loop, whoever sends it. The application runs in a process of its own, which measures how
 * long its loop stood still; every operation that takes a body gets bodies as large as it accepts, of every kind.
 */

const LONGEST_MS = 250;
/** A machine that has other work stops a process for a while, too: the best of some tries counts. */
const TRIES = 6;

const app = useTestApp();

/** Somebody who is there, so that what is accepted is also written. */
let oid: string;
let child: Child;
let base: URL;
let measurePort: number;
beforeAll(async () => {
  const [port, other] = [await freePort(), await freePort()];
  measurePort = other;
  base = new URL(app.base);
  base.port = String(port);
  child = Child.start('measured-app.ts', { ...app.settings, PORT: String(port), MEASURE_PORT: String(other) });
  await child.until(/^measuring$/);
  oid = await createHenkilo(app);
  await measured(); // what belongs to the start
});
afterAll(() => child.signal('SIGKILL'));

async function measured(): Promise<number> {
  // A connection of its own: one kept from before may just be closing.
  const answer = await fetch(`http://127.0.0.1:${measurePort}/`, { headers: { connection: 'close' } });
  return Number(await answer.text());
}

/** @returns the status, also when the service stops reading before the end */
async function send(method: string, path: string, body: string | Buffer, user = kaikkiOikeudet): Promise<number> {
  const authorization = `Bearer ${await app.tokenOf(user)}`;
  return new Promise((resolve, reject) => {
    const request = http.request(
      { method, host: '127.0.0.1', port: base.port, path: base.pathname + path, agent, headers: { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        resolve(response.statusCode!);
      },
    ); // prettier-ignore
    request.on('error', reject);
    request.end(body);
  });
}

const agent = new http.Agent({ keepAlive: true });
afterAll(() => agent.destroy());

interface Attack {
  readonly name: string;
  readonly body: (bytes: number) => string;
}

/** As many as fit, with commas between. */
const filled = (element: string | ((n: number) => string), bytes: number, most = Infinity): string => {
  const parts: string[] = [];
  for (let size = 0, n = 0; n < most; n++) {
    const part = typeof element === 'string' ? element : element(n);
    size += part.length + 1;
    if (size > bytes - 200) break;
    parts.push(part);
  }
  return parts.join();
};
const text = (bytes: number, of = 'x') => of.repeat(Math.max(1, Math.floor((bytes - 200) / of.length)));
const EMAIL = `a@${'a.'.repeat(1_900)}`;

const ELEMENTS: readonly [string, string | ((n: number) => string)][] = [
  ['empty objects', '{}'],
  ['empty lists', '[]'],
  ['lists of lists', '[[[[[[[[]]]]]]]]'],
  ['nulls', 'null'],
  ['numbers', (n) => String(n)],
  ['numbers whose text needs care', '1.0'],
  ['texts', (n) => `"${n}"`],
  ['empty texts', '""'],
  ['objects with other members', (n) => `{"k${n}":${n}}`],
];

/** Whatever the operation reads. */
const ANY: readonly Attack[] = [
  { name: 'deep lists', body: (bytes) => '['.repeat(bytes - 200) },
  { name: 'deep objects', body: (bytes) => '{"a":'.repeat(Math.floor((bytes - 200) / 5)) },
  { name: 'deep unknown lists', body: (bytes) => `{"unknown":${'[{"a":'.repeat(Math.floor((bytes - 200) / 6))}` },
  { name: 'one text', body: (bytes) => `"${text(bytes)}"` },
  { name: 'escapes', body: (bytes) => `{"unknown":"${text(bytes, '\\u00e4')}"}` },
  { name: 'backslashes', body: (bytes) => `{"unknown":"${text(bytes, '\\\\')}"}` },
  { name: 'many members', body: (bytes) => `{${filled((n) => `"k${n}":1`, bytes)}}` },
  { name: 'one member again and again', body: (bytes) => `{${filled('"a":1', bytes)}}` },
  { name: 'a number of many digits', body: (bytes) => `{"unknown":${text(bytes, '9')}}` },
  { name: 'blanks', body: (bytes) => `${text(bytes, ' ')}{}` },
  { name: 'no JSON', body: (bytes) => text(bytes, '}{][":,') },
  ...ELEMENTS.map(([name, element]) => ({ name: `a list of ${name}`, body: (bytes: number) => `[${filled(element, bytes)}]` })),
  ...ELEMENTS.map(([name, element]) => ({ name: `an unknown list of ${name}`, body: (bytes: number) => `{"unknown":[${filled(element, bytes)}]}` })),
]; // prettier-ignore

const CODES: Readonly<Record<string, string>> = {
  sukupuoli: '"1"',
  kotikunta: '"091"',
  ryhmaKuvaus: '"yhteystietotyyppi1"',
  ryhmaAlkuperaTieto: '"alkupera2"',
  eidasTunniste: 'null',
};

/** Something that a member can hold; lists have one element. */
function plausible(field: Field, n: number): string {
  switch (field.kind) {
    case 'boolean':
    case 'primitiveBoolean':
      return 'false';
    case 'integer':
      return String(n + 1);
    case 'date':
      return '"2000-01-01"';
    case 'instant':
      return '1700000000000';
    case 'enum':
      return JSON.stringify(field.enumValues![n % field.enumValues!.length]);
    case 'object':
      return plausibleObject(field.type!(), n);
    case 'list':
    case 'set':
      return `[${plausibleElement(field, n)}]`;
    case 'text':
      return CODES[field.name] ?? (/sahkoposti|email/i.test(field.name) ? `"a${n}@example.fi"` : /nim(?:i|et)$/.test(field.name) ? '"Aku"' : field.name === 'oidHenkilo' ? `"${oid}"` : /kielikoodi/i.test(field.name) ? '"fi"' : /koodi/i.test(field.name) ? '"246"' : field.name === 'hetu' ? '"010190-900P"' : `"x${n}"`); // prettier-ignore
  }
}
const plausibleElement = (field: Field, n: number): string =>
  field.type === null ? `"1.2.246.562.24.${n}"` : plausibleObject(field.type(), n);
function plausibleObject(type: DtoClass, n: number, other: Readonly<Record<string, string>> = {}): string {
  return `{${fieldsOf(type)
    .map((field) => `"${field.name}":${other[field.name] ?? plausible(field, n)}`)
    .join()}}`;
}

/** Every list in its place, as long as the body lasts and as long as it may be; every text as long as may be. */
function inside(type: DtoClass, wrap: (value: string) => string, path: string): Attack[] {
  return fieldsOf(type).flatMap((field): Attack[] => {
    const place = (value: string) => wrap(`{"${field.name}":${value}}`);
    const name = path + field.name;
    if (field.kind === 'object') return inside(field.type!(), place, `${name}.`);
    if (field.kind === 'text')
      return [
        { name: `${name}: a long text`, body: (bytes) => place(`"${text(bytes)}"`) },
        { name: `${name}: a long number`, body: (bytes) => place(text(bytes, '9')) },
      ];
    if (field.max === null) return [];
    const list = (elements: string) => place(`[${elements}]`);
    return [
      ...ELEMENTS.map(([kind, element]): Attack => ({ name: `${name}: ${kind}`, body: (bytes) => list(filled(element, bytes)) })),
      ...(field.type === null
        ? [{ name: `${name}: all that it may have`, body: (bytes: number) => list(filled((n) => plausibleElement(field, n), bytes, field.max!)) }]
        : [
            { name: `${name}: all that it may have, with an empty object each`, body: (bytes: number) => list(filled('{}', bytes, field.max!)) },
            ...inside(field.type(), (value) => list(value), `${name}[].`),
          ]),
    ];
  }); // prettier-ignore
}

/** The whole document in order, each list as long as it may be, or each text. */
function whole(type: DtoClass): Attack[] {
  const lists = fieldsOf(type).filter(({ max }) => max !== null);
  return [
    ...lists.flatMap((field): Attack[] => {
      const fill = (element: (n: number) => string): Attack['body'] => (bytes) =>
        plausibleObject(type, 1, { [field.name]: `[${filled(element, bytes - 3_000, field.max!)}]` });
      const nested = field.type === null ? [] : fieldsOf(field.type()).filter(({ max }) => max !== null);
      return [
        { name: `${field.name} in order`, body: fill((n) => plausibleElement(field, n)) },
        ...nested.map((inner) => ({
          name: `${field.name} in order, each with all of ${inner.name}`,
          body: fill((n) =>
            plausibleObject(field.type!(), n, {
              [inner.name]: `[${filled((m) => plausibleElement(inner, m), Infinity, inner.max!)}]`,
            }),
          ),
        })),
      ];
    }),
    ...['x'.repeat(4_000), EMAIL, '"'.padEnd(3_000, '\\"') + '@', 'a '.repeat(2_000), 'a-'.repeat(2_000), '\u00e4'.repeat(4_000)].map(
      (long): Attack => ({
        name: `every text is ${long.slice(0, 6)}…`,
        body: () => plausibleObject(type, 1, Object.fromEntries(fieldsOf(type).filter(({ kind }) => kind === 'text').map(({ name }) => [name, JSON.stringify(long)]))),
      }),
    ),
    ...['a '.repeat(127), 'a-'.repeat(127), 'aa '.repeat(1_333), 'a-a '.repeat(1_000)].map((long): Attack => ({
      name: `every name is ${long.length} characters of ${long.slice(0, 4)}`,
      body: () => plausibleObject(type, 1, { ...NOBODY_KNOWN, etunimet: JSON.stringify(long), sukunimi: JSON.stringify(long), kutsumanimi: JSON.stringify(long.slice(0, -2).trim()) }),
    })),
  ]; // prettier-ignore
}
/** What would lead to somebody before the names are looked at. */
const NOBODY_KNOWN = { identifications: '[]', passinumerot: '[]', hetu: 'null' };

interface Target {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly limit: number;
  readonly type: DtoClass | null;
}

/** Every operation that reads a body, found among the declared routes. */
function targets(): Target[] {
  return declaredRoutes(app.nest).flatMap(({ method, path, handler, type: controller, name }): Target[] => {
    const { jsonBodyLimit } = (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) ?? {}) as RouteConfig;
    if (jsonBodyLimit === undefined) return [];
    const parameters = Reflect.getMetadata('swagger/apiParameters', handler) as { in: string; type?: unknown }[];
    const type = parameters.find((parameter) => parameter.in === 'body')!.type as DtoClass | undefined;
    const known = OPERATIONS.find((operation) => operation.method === method && operation.path === path);
    if (!known) throw new Error(`test/security/operations.ts does not know ${method} ${path}`);
    return [
      {
        name: `${controller.name}.${name}`,
        method,
        path: known.sample.replace(NOBODY, oid),
        limit: jsonBodyLimit,
        type: type === undefined || fieldsOf(type).length === 0 ? null : type,
      },
    ];
  });
}

async function longestOf(target: Target, body: string, user = kaikkiOikeudet): Promise<{ ms: number; status: number }> {
  let best = { ms: Infinity, status: 0 };
  for (let n = 0; n < TRIES && best.ms > LONGEST_MS; n++) {
    await measured();
    const status = await send(target.method, target.path, body, user);
    const ms = await measured();
    if (ms < best.ms) best = { ms, status };
  }
  return best;
}

it('knows every operation that takes a body', () => {
  expect(targets().map(({ method, path }) => `${method} ${path.split('?')[0]!}`).sort()).toEqual(
    OPERATIONS.filter(({ body }) => body !== null).map(({ method, sample }) => `${method} ${sample.split('?')[0]!.replace(NOBODY, oid)}`).sort(),
  ); // prettier-ignore
});

it('no body holds the event loop', async () => {
  const wrong: string[] = [];
  let sent = 0;
  for (const target of targets()) {
    const attacks = [...ANY, ...(target.type === null ? [] : [...inside(target.type, (value) => value, ''), ...whole(target.type)])];
    for (const { name, body } of attacks) {
      const { ms, status } = await longestOf(target, body(target.limit));
      sent++;
      if (process.env.EVENT_LOOP_REPORT && ms > 100) console.log(`${target.method} ${target.path} ${name}: ${status}, ${ms} ms`);
      if (ms > LONGEST_MS || status >= 500 || status === 413) wrong.push(`${target.method} ${target.path} ${name}: ${status}, ${ms} ms`);
    }
  }
  expect(wrong).toEqual([]);
  expect(sent).toBeGreaterThan(500);
}, 1_800_000); // prettier-ignore

it('a body above the limit is refused, and above one megabyte where no long list is needed', async () => {
  for (const target of targets()) {
    expect(await send(target.method, target.path, ' '.repeat(target.limit + 1)).catch(() => 413)).toBe(413);
    expect([1_000_000, 2_000_000, 9_500_000]).toContain(target.limit);
  }
  expect(targets().filter(({ limit }) => limit > 2_000_000).map(({ path }) => path).sort()).toEqual(['/oppija', '/yleistunniste']); // prettier-ignore
});

it('who lacks the role is told so without the body being read', async () => {
  const body = `{"identifications":[${'{},'.repeat(3_100_000)}{}]}`;
  await measured();
  expect(await send('POST', '/s2s/findOrCreateHenkiloPerustieto', body, oikeudeton)).toBe(401);
  const target = { name: '', method: 'POST', path: '/s2s/findOrCreateHenkiloPerustieto', limit: 0, type: null };
  expect((await longestOf(target, body, oikeudeton)).ms).toBeLessThan(LONGEST_MS);
});

it('no query holds the event loop', async () => {
  const many = 'henkiloOids=1.2.246.562.24.1&'.repeat(480);
  const paths = [
    `/henkilo?${many}`,
    `/henkilo?henkiloOids=${'1,'.repeat(7_000)}`,
    `/henkilo?${'a&'.repeat(7_000)}`,
    `/henkilo?${Array.from({ length: 3_000 }, (_, n) => `k${n}`).join('&')}`,
    `/henkilo/duplikaatit?etunimet=${'a'.repeat(5_000)}&kutsumanimi=${'b%20'.repeat(600)}&sukunimi=${'c'.repeat(5_000)}`,
    `/henkilo/identification?idp=email&id=${'%C3%A4'.repeat(2_000)}`,
    `/oppija/muuttuneet?organisaatioOids=${'1,'.repeat(900)}&count=${'9'.repeat(5_000)}`,
    `/oppija/yhteenveto?muokattuJalkeen=${'1'.repeat(9_000)}`,
    `/s2s/changedSince/${'9'.repeat(9_000)}`,
    `/henkilo/yhteystieto=${'a@'.repeat(4_000)}/oid`,
  ];
  const wrong: string[] = [];
  for (const path of paths) {
    const { ms, status } = await longestOf({ name: '', method: 'GET', path, limit: 0, type: null }, '');
    if (ms > LONGEST_MS || status >= 500) wrong.push(`${path.slice(0, 60)}: ${status}, ${ms} ms`);
  }
  expect(wrong).toEqual([]);
});
