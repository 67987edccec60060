import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lint, loadConfig } from '@redocly/openapi-core';
import { JASENET } from '../../src/openapi/tekstit/jasenet.constants.js';
import { OPERAATIOT } from '../../src/openapi/tekstit/operaatiot.constants.js';
import { PARAMETRIT } from '../../src/openapi/tekstit/parametrit.constants.js';
import { SKEEMAT } from '../../src/openapi/tekstit/skeemat.constants.js';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Document;
/** What an error looks like: the schema by reference. */
const ERROR_BODY = { 'application/json': { schema: { $ref: '#/components/schemas/VirheDto' } } };

interface Response {
  description: string;
  content?: Record<string, { schema: Record<string, unknown> }>;
  headers?: object;
}
interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  parameters: { name: string; in: string; description: string; required: boolean; schema: object; example?: unknown }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, Response>;
}
interface Schema {
  description: string;
  properties: Record<string, Record<string, unknown>>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  tags: { name: string; description: string }[];
  info: { description: string };
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, { description: string }> };
}

/** Every operation by method and path. */
const operationsOf = ({ paths }: Document): Map<string, Operation> =>
  new Map(
    Object.entries(paths).flatMap(([at, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${at}`, operation] as const),
    ),
  );

/** Every text that a reader is shown, by where it stands; permission expressions, which are no text, are left out. */
function textsOf(document: Document): Map<string, string | undefined> {
  const texts = new Map<string, string | undefined>([['info', document.info.description]]);
  for (const { name, description } of document.tags) texts.set(`tag ${name}`, description);
  for (const [name, { description }] of Object.entries(document.components.securitySchemes))
    texts.set(`login ${name}`, description);
  for (const [name, { summary, description, parameters, responses }] of operationsOf(document)) {
    texts.set(`${name}: summary`, summary);
    const own = description?.replace(/(\n\n)?\*\*(Pre|Post)Authorize:\*\* `[^`]*`/g, '');
    if (own) texts.set(`${name}: description`, own);
    for (const parameter of parameters) texts.set(`${name}: parameter ${parameter.name}`, parameter.description);
    for (const [status, response] of Object.entries(responses)) texts.set(`${name}: ${status}`, response.description);
  }
  for (const [name, { description, properties }] of Object.entries(document.components.schemas)) {
    texts.set(name, description);
    for (const [member, schema] of Object.entries(properties))
      texts.set(`${name}.${member}`, schema.description as string | undefined);
  }
  return texts;
}

describe('openapi.json', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-openapi-'));
  const made = path.join(directory, 'openapi.json');
  beforeAll(() => {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts/bootstrap.mjs'), 'openapi', made], { stdio: 'pipe' });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(['openapi.json', 'openapi.en.json'])('%s is what the code says (npm run openapi rewrites it)', (file) => {
    expect(read(path.join(ROOT, file))).toEqual(read(path.join(directory, file)));
  });

  it('is a valid OpenAPI 3.1 document', () => {
    const output = execFileSync(process.execPath, [
      path.join(ROOT, 'node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js'),
      made,
    ]);
    expect(JSON.parse(String(output))).toMatchObject({ valid: true });
  });

  it.each(['openapi.json', 'openapi.en.json'])('%s has nothing that redocly lint complains of', async (file) => {
    const config = await loadConfig({ configPath: path.join(ROOT, 'redocly.yaml') });
    const problems = await lint({ ref: path.join(directory, file), config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it('has one operation id per operation', () => {
    const paths = Object.values(read(made).paths as Record<string, Record<string, { operationId: string }>>);
    const ids = paths.flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says of every operation which errors it can give, and how they look', () => {
    const operations = operationsOf(read(made));
    expect(operations.size).toBeGreaterThanOrEqual(75);
    for (const [name, { requestBody, responses }] of operations) {
      const codes = Object.keys(responses);
      const always = ['302', '400', '401', '503', ...(requestBody ? ['413', '415'] : [])];
      expect([name, always.filter((code) => !codes.includes(code))]).toEqual([name, []]);
      for (const code of codes.filter((status) => status >= '400')) {
        expect([name, code, responses[code]!.content]).toEqual([
          name,
          code,
          name.startsWith('HEAD') ? undefined : ERROR_BODY,
        ]);
      }
    }
    const statuses = (name: string) => Object.keys(operations.get(name)!.responses).join(' ');
    expect(statuses('GET /henkilo/{oid}')).toBe('200 302 400 401 404 406 431 503');
    expect(statuses('GET /henkilo/{oidHenkilo}/asiointiKieli')).toBe('200 302 400 401 404 431 503'); // a bare text
    expect(statuses('GET /henkilo/{oid}/slaves')).toBe('200 302 400 401 406 431 503'); // an unknown person has none
    expect(statuses('POST /henkilo')).toBe('201 302 400 401 413 415 503');
    expect(statuses('PUT /henkilo')).toBe('200 302 400 401 403 404 413 415 431 503');
    expect(statuses('POST /henkilo/exists')).toBe('200 204 302 400 401 404 406 409 413 415 429 503');
    expect(statuses('POST /henkilo/{oid}/link')).toBe('200 302 400 401 403 404 406 413 415 431 503');
    expect(statuses('PUT /henkilo/{oid}/yksilointitiedot')).toBe('200 302 400 401 404 431 500 503');
  });

  it('describes errors with the wrong fields, of which some members may be null', () => {
    const { VirheDto, KenttaVirheDto } = read(made).components.schemas;
    expect(VirheDto).toMatchObject({
      required: ['timestamp', 'status', 'error', 'path'],
      properties: { fieldErrors: { type: 'array', items: { $ref: '#/components/schemas/KenttaVirheDto' } } },
    });
    expect(KenttaVirheDto).toMatchObject({
      required: ['code', 'arguments', 'message', 'field', 'rejectedValue'],
      properties: { code: { type: 'string' }, message: { type: ['string', 'null'] }, field: { type: 'string' } },
    });
  });

  it('names the media types that are sent: JSON, or bare text', () => {
    const answers = [...operationsOf(read(made))].flatMap(([name, { responses }]) =>
      Object.values(responses).flatMap(({ content = {} }) =>
        Object.entries(content).map(([type, { schema }]) => ({ name, type, isText: schema.type === 'string' })),
      ),
    );
    const wrong = answers.filter(({ type, isText }) => type !== (isText ? 'text/plain' : 'application/json'));
    expect(wrong).toEqual([]);
    expect([...new Set(answers.filter(({ isText }) => isText).map(({ name }) => name))]).toEqual([
      'GET /cas/prequel',
      'POST /cas/prequel',
      'GET /henkilo/current/asiointiKieli',
      'GET /henkilo/{oidHenkilo}/asiointiKieli',
      'GET /s2s/oidByHetu/{hetu}',
      'POST /s2s/oidByEidas',
      'POST /henkilo',
      'PUT /henkilo',
      'POST /oppija',
    ]);
  });

  it('gives each parameter that must be given, and each body, a value to try', () => {
    const without = [...operationsOf(read(made))].flatMap(([name, { parameters, requestBody }]) => [
      ...parameters
        .filter(({ required, example }) => required && example === undefined)
        .map((p) => `${name} ${p.name}`),
      ...(requestBody && requestBody.content['application/json']!.example === undefined ? [`${name} body`] : []),
    ]);
    expect(without).toEqual([]);
  });

  it('says formats, limits, and that all numbers are whole', () => {
    const document = read(made);
    const { schemas } = document.components;
    const member = (schema: string, name: string) => schemas[schema]!.properties[name];
    expect(member('HenkiloDto', 'oidHenkilo')).toMatchObject({ type: 'string', format: 'oid' });
    expect(member('HenkiloDto', 'hetu')).toMatchObject({ type: ['string', 'null'], format: 'hetu' });
    expect(member('HenkiloDto', 'syntymaaika')).toMatchObject({ type: ['string', 'null'], format: 'date' });
    expect(member('HenkiloDto', 'createdAt')).toMatchObject({ format: 'date-time' });
    expect(member('KielisyysDto', 'kieliKoodi')).toMatchObject({ format: 'kielikoodi' });
    expect(member('HenkiloDto', 'created')).toMatchObject({ type: ['integer', 'null'], format: 'int64' });
    expect(JSON.stringify(schemas)).not.toContain('"type":"number"');
    const operations = operationsOf(document);
    const body = operations.get('POST /henkilo/henkilotByHenkiloOidList')!.requestBody!.content['application/json']!;
    expect(body.schema).toEqual({ type: 'array', maxItems: 5000, items: { type: 'string' } });
    const count = operations.get('GET /oppija/muuttuneet')!.parameters.find(({ name }) => name === 'count')!;
    expect(count.schema).toEqual({ type: 'integer', format: 'int32', minimum: 1, maximum: 10_000, default: 20 });
  });

  it('says how to log in', () => {
    expect(read(made)).toMatchObject({
      security: [{ oauth2: [] }, { token: [] }, { cas: [] }],
      components: {
        securitySchemes: {
          oauth2: {
            type: 'oauth2',
            flows: { clientCredentials: { tokenUrl: '/kayttooikeus-service/oauth2/token', scopes: {} } },
          },
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cas: { type: 'apiKey', in: 'cookie', name: 'JSESSIONID' },
        },
      },
    });
  });

  it('is complete in Finnish and in English, and differs in texts only', () => {
    const [fi, en] = [read(made), read(path.join(directory, 'openapi.en.json'))];
    const [finnish, english] = [textsOf(fi), textsOf(en)];
    expect([...finnish.keys()]).toEqual([...english.keys()]);
    expect(finnish.size).toBeGreaterThan(900);
    const untranslated = [...finnish].filter(([at, text]) => !text?.trim() || !english.get(at)?.trim() || text === english.get(at)); // prettier-ignore
    expect(untranslated).toEqual([]);
    const words = (texts: Map<string, string | undefined>, foreign: RegExp) =>
      [...texts].filter(([, text]) => foreign.test(text!.replace(/`[^`]*`/g, '')));
    expect(words(finnish, /\b(the|of|and|with|is|are|person|not)\b/i)).toEqual([]);
    expect(words(english, /\b(ja|ei|tai|ovat|jos|kun|henkilö\w*|oppija|tuonti)\b/i)).toEqual([]);

    const withoutTexts = (document: Document) =>
      JSON.parse(JSON.stringify(document), (key, value: unknown) =>
        (key === 'description' || key === 'summary') && typeof value === 'string' ? '' : value,
      ) as unknown;
    expect(withoutTexts(fi)).toEqual(withoutTexts(en));
  });

  it('has no text for what is not published', () => {
    const document = read(made);
    const operations = operationsOf(document);
    const { schemas } = document.components;
    const parameters = new Set(
      [...operations.values()].flatMap((operation) => operation.parameters.map(({ name }) => name)),
    );
    const members = Object.entries(schemas).flatMap(([owner, { properties }]) =>
      Object.keys(properties).map((name) => (`${owner}.${name}` in JASENET ? `${owner}.${name}` : name)),
    );
    const beyond = (texts: object, published: Iterable<string>) => {
      const known = new Set(published);
      return Object.keys(texts).filter((key) => !known.has(key));
    };
    expect(beyond(OPERAATIOT, operations.keys())).toEqual([]);
    expect(beyond(PARAMETRIT, parameters)).toEqual([]);
    expect(beyond(SKEEMAT, Object.keys(schemas))).toEqual([]);
    expect(beyond(JASENET, members)).toEqual([]);
  });
});
