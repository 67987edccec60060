/** Bodies and addresses that no honest caller sends, made from the published description of the API. */
import { gzipSync } from 'node:zlib';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One request that must be refused. */
export interface Hostile {
  readonly name: string;
  readonly method: string;
  /** Below the context path. */
  readonly path: string;
  /** Made when it is sent: all together fill the memory. */
  readonly body?: () => string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Nearly all that an operation takes, and what none takes. */
const LONG = 990_000;
const HUGE = 9_000_000;
const filled = (element: string, bytes: number) =>
  Array(Math.floor(bytes / (element.length + 1)))
    .fill(element)
    .join();
const text = (of: string, bytes: number) => of.repeat(Math.floor(bytes / of.length));

/** Values for a member that is a text: names, e-mails, hetut and searches of any length. */
const TEXTS: readonly [string, () => string][] = [
  ['one word of 900 kB', () => text('x', 900_000)],
  ['9 MB', () => text('ä', HUGE)],
  ['100 000 words', () => text('aku ', 400_000)],
  ['an e-mail of 500 kB', () => `a@${text('a.', 500_000)}`],
  ['hetut in a row', () => text('010190-900P', 600_000)],
  ['a number of 100 000 digits', () => text('9', 100_000)],
];
/** Values for a member that is a list. */
const LISTS: readonly [string, string, number][] = [
  ['empty objects', '{}', LONG],
  ['empty objects of 9 MB', '{}', HUGE],
  ['nulls', 'null', LONG],
  ['lists', '[]', LONG],
];
/** For every operation with a body. */
type Body = readonly [name: string, body: () => string | Buffer, headers?: Readonly<Record<string, string>>];
const BODIES: readonly Body[] = [
  ['nested lists', () => '['.repeat(LONG)],
  ['nested objects', () => '{"a":'.repeat(100_000)],
  ['nested unknown members', () => `{"unknown":${'[{"a":'.repeat(100_000)}`],
  ['3 million empty objects', () => `{"identifications":[${filled('{}', HUGE)}]}`],
  ['100 000 different members', () => `{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`).join()}}`],
  ['no JSON', () => text('}{][":,', LONG)],
  ['bytes that are no text', () => Buffer.alloc(500_000, 0xe4)],
  ['a compressed bomb', () => gzipSync(Buffer.alloc(50_000_000, ' ')), { 'content-encoding': 'gzip' }],
  ['__proto__', () => '{"__proto__":{"oidHenkilo":"1"}}'],
];

/** The address with values that nobody has; a number becomes a text somewhere, where one is needed. */
const VALUES: Readonly<Record<string, string>> = { at: '2099-01-01' };
const addressOf = (path: string) => path.replace(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? '1.2.246.562.24.1');

/** Operations with a JSON body that the published description leaves out. */
const HIDDEN: ApiDescription['paths'] = {
  '/internal/oppijahaku': {
    post: {
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { query: { type: 'string' }, passive: { type: 'boolean' }, page: { type: 'integer' } },
            },
          },
        },
      },
    },
  },
};

/** Hostile bodies for every operation that takes one, with each of its lists and texts in turn. */
export function hostileBodies(api: ApiDescription): Hostile[] {
  return Object.entries({ ...api.paths, ...HIDDEN }).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
      if (!schema) return [];
      const send = ([name, body, headers]: Body): Hostile => ({
        name: `${method.toUpperCase()} ${path}: ${name}`,
        method: method.toUpperCase(),
        path: addressOf(path),
        body,
        headers,
      });
      const inside = places(api, schema, (value) => value, '').flatMap(({ name, kind, put }): Body[] =>
        kind === 'list'
          ? LISTS.map(([what, element, bytes]) => [`${name} with ${what}`, () => put(`[${filled(element, bytes)}]`)])
          : TEXTS.map(([what, value]) => [`${name} with ${what}`, () => put(`"${value()}"`)]),
      );
      return [...BODIES, ...inside].map(send);
    }),
  );
}

/** Hostile forms for the one operation that takes a form, which the published description leaves out. */
export function hostileForms(): Hostile[] {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const fields = (count: number) => Array.from({ length: count }, (_, n) => `k${n}=1`).join('&');
  const forms: Readonly<Record<string, () => string | Buffer>> = {
    'a job name of 900 kB': () => `nimi=${text('x', 900_000)}`,
    'a token of 900 kB': () => `nimi=Export&token=${text('x', 900_000)}`,
    '9 MB': () => `nimi=${text('ä', HUGE)}`,
    '90 000 different fields': () => fields(90_000),
    '90 000 times the same field': () => text('nimi=a&', 630_000),
    'only separators': () => text('&=', LONG),
    'only escapes': () => `nimi=${text('%41', LONG)}`,
    'a half escape': () => 'nimi=%E4%',
    'escapes that are no text': () => `nimi=${text('%E4', LONG)}`,
    'a zero': () => 'nimi=%00',
    'bytes that are no text': () => Buffer.alloc(500_000, 0xe4),
    nothing: () => '',
  };
  return Object.entries(forms).map(([name, body]) => ({
    name: `POST /internal/tila/ajo: ${name}`,
    method: 'POST',
    path: '/internal/tila/ajo',
    body,
    headers,
  }));
}

interface Place {
  readonly name: string;
  readonly kind: 'list' | 'text';
  /** A body that holds this value there. */
  readonly put: (value: string) => string;
}

/** Every list and text of a body, however deep. */
function places(api: ApiDescription, given: Schema, put: Place['put'], name: string): Place[] {
  const schema = given.$ref ? api.components.schemas[given.$ref.split('/').at(-1)!]! : given;
  const shown = name === '' ? 'the body' : name;
  if ([schema.type].flat().includes('array')) {
    const items = schema.items ? places(api, schema.items, (value) => put(`[${value}]`), `${name}[]`) : [];
    return [{ name: shown, kind: 'list', put }, ...items];
  }
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([member, inner]) =>
      places(api, inner, (value) => put(`{"${member}":${value}}`), name === '' ? member : `${name}.${member}`),
    );
  return [schema.type].flat().includes('string') ? [{ name: shown, kind: 'text', put }] : [];
}

/** Addresses that no operation may follow. */
export function hostileAddresses(): Hostile[] {
  const get = (name: string, path: string, headers?: Readonly<Record<string, string>>): Hostile => ({
    name: `GET ${name}`,
    method: 'GET',
    path,
    headers,
  });
  return [
    get('an address of 100 kB', `/henkilo/${text('a', 100_000)}`),
    get('7 000 steps', `/${text('a/', 14_000)}`),
    get('7 000 steps upwards', `/henkilo/${text('../', 14_000)}`),
    get('a half escape', '/henkilo/%E4%'),
    get('a zero', '/henkilo/%00'),
    get('half of a pair', '/henkilo/%ED%A0%80'),
    get('a hetu of 10 kB', `/henkilo/hetu=${text('1', 10_000)}`),
    get('an OID of 10 kB', `/s2s/oidByHetu/${text('1.', 10_000)}`),
    get('a search of 2 000 words', `/henkilo/duplikaatit?etunimet=${text('a%20', 8_000)}&kutsumanimi=a&sukunimi=a`),
    get('a number of 9 000 digits', `/oppija/muuttuneet?count=${text('9', 9_000)}`),
    get('an instant of 9 000 digits', `/s2s/changedSince/${text('9', 9_000)}`),
    get('a page beyond all', '/oppija/muuttuneet?page=-1'),
    get('headers of 100 kB', '/henkilo/1', { 'x-long': text('x', 100_000) }),
    ...['henkiloOids', 'organisaatioOids', 'kayttoOikeusRyhmaNimet'].flatMap((list) => [
      get(`a list ${list} of 14 000 empty elements`, `/henkilo?${list}=${text(',', 14_000)}`),
      get(`a list ${list} of 3 500 elements`, `/henkilo?${list}=${text('1.2,', 14_000)}`),
    ]),
    get('persons on a page of 9 000 digits', `/henkilo?page=${text('9', 9_000)}`),
    get('persons by a truth of 9 000 digits', `/henkilo?passivoitu=${text('1', 9_000)}`),
    get('3 000 cookies', '/henkilo/1', { cookie: text('JSESSIONID=x; ', 14_000) }),
    get('a range of everything', '/henkilo/%', { range: `bytes=${text('0-,', 9_000)}` }),
  ];
}
