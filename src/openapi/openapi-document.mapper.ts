import type { INestApplication } from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { HANDLER_EXTENSION, POST_RULE, PRE_RULE } from '../auth/permissions/authorize.decorator.js';
import type { Rule } from '../auth/permissions/permission.rules.js';
import { toJsonSchema } from './json-schema.mapper.js';
import { describeSchemas, ERROR_SCHEMA_NAME, ERROR_SCHEMAS, type Schemas } from './openapi-schemas.mapper.js';
import type { Kieli } from './tekstit/kieli.model.js';
import { OPERAATIOT, ONNISTUI, type OperaatioTekstit } from './tekstit/operaatiot.constants.js';
import { PARAMETRIT, TUNNISTEEN_ARVO } from './tekstit/parametrit.constants.js';
import { KUVAUS, KIRJAUTUMINEN, PALVELIN, RETRY_AFTER, TAGIT, UUDEN_OSOITE } from './tekstit/yleiset.constants.js';
import { VIRHEET, type VirheStatus } from './tekstit/virheet.constants.js';

interface Answer {
  description: string;
  content?: Record<string, { schema?: unknown }>;
  headers?: object;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Readonly<Record<string, unknown>>;
}

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  parameters?: readonly Parameter[];
  requestBody?: { content: Record<string, object> };
  responses: Record<string, Answer>;
  [extension: `x-${string}`]: string | undefined;
}

interface Options {
  /** Of the service. */
  readonly version: string;
  /** Its address. */
  readonly server: string;
  /** Where OAuth2 clients get tokens. */
  readonly tokenUrl: string;
  readonly kieli: Kieli;
}

const METHODS = ['get', 'head', 'put', 'post', 'delete'] as const;

/** The OpenAPI 3.1 document of the application in one language (docs/spec/api.md#8). @throws Error something published has no text */
export function createDocument(app: INestApplication, { version, server, tokenUrl, kieli }: Options): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Oppijanumerorekisteri')
    .setDescription(KUVAUS[kieli])
    .setVersion(version)
    .setLicense('EUPL-1.2', 'https://eupl.eu/1.2/')
    .addServer(server, PALVELIN[kieli])
    .addOAuth2(
      {
        type: 'oauth2',
        description: KIRJAUTUMINEN.oauth2[kieli],
        flows: { clientCredentials: { tokenUrl, scopes: {} } },
      },
      'oauth2',
    ) // prettier-ignore
    .addBearerAuth({ type: 'http', bearerFormat: 'JWT', description: KIRJAUTUMINEN.token[kieli] }, 'token')
    .addCookieAuth('JSESSIONID', { type: 'apiKey', in: 'cookie', description: KIRJAUTUMINEN.cas[kieli] }, 'cas')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (_type, method) => method });
  const handlers = handlersOf(app);
  const used = new Map<string, number>();
  const paths = Object.entries(document.paths)
    .filter(([path]) => !/=(\/|$)/.test(path)) // second form of a path, for an empty value
    .map(([route, item]) => {
      const path = route.replace(/\{path\}$/, '**');
      for (const method of METHODS) {
        const operation = item[method] as Operation | undefined;
        if (operation) finish(operation, { handlers, used, kieli, method, path });
      }
      return [path, item] as const;
    });
  const schemas = { ...document.components?.schemas, ...ERROR_SCHEMAS } as Schemas;
  const json = toJsonSchema({
    ...document,
    tags: Object.entries(TAGIT).map(([name, text]) => ({ name, description: text[kieli] })),
    security: [{ oauth2: [] }, { token: [] }, { cas: [] }],
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas },
  });
  return { ...json, components: { ...json.components, schemas: describeSchemas(json.components!.schemas!, kieli) } };
}

/** Every handler by `Controller#method`. */
function handlersOf(app: INestApplication): ReadonlyMap<string, object> {
  const modules = [...app.get(ModulesContainer).values()];
  const types = modules.flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype));
  return new Map(
    types.flatMap((type) => {
      const prototype = type!.prototype as Record<string, object>;
      return Object.getOwnPropertyNames(prototype).map(
        (method) => [`${(type as { name: string }).name}#${method}`, prototype[method]!] as const,
      );
    }),
  );
}

interface Place {
  readonly handlers: ReadonlyMap<string, object>;
  readonly used: Map<string, number>;
  readonly kieli: Kieli;
  readonly method: string;
  readonly path: string;
}

function finish(operation: Operation, { handlers, used, kieli, method, path }: Place): void {
  const handler = handlers.get(operation[HANDLER_EXTENSION]!)!;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the name is a constant
  delete operation[HANDLER_EXTENSION];
  const name = operation.operationId.replace(/\[\d+\]$|_\d+$/, '');
  const repeated = used.get(name) ?? 0;
  used.set(name, repeated + 1);
  operation.operationId = repeated === 0 ? name : `${name}_${repeated}`;
  const key = `${method.toUpperCase()} ${path}`;
  const texts = OPERAATIOT[key];
  if (!texts) throw new Error(`${key} has no texts in openapi/tekstit/operaatiot.constants.ts`);
  operation.summary = texts.summary[kieli];
  operation.description = texts.description?.[kieli];
  publishRule(operation, 'PreAuthorize', Reflect.getMetadata(PRE_RULE, handler) as Rule | undefined);
  publishRule(operation, 'PostAuthorize', Reflect.getMetadata(POST_RULE, handler) as Rule | undefined);
  operation.parameters = parametersOf(operation, texts, path, kieli);
  if (operation.requestBody && texts.runko !== undefined)
    Object.assign(operation.requestBody.content['application/json']!, { example: texts.runko });
  const status = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number;
  operation.responses = responsesOf(operation, { status, texts, kieli, hasBody: method !== 'head' });
}

function publishRule(operation: Operation, kind: 'PreAuthorize' | 'PostAuthorize', rule: Rule | undefined): void {
  if (rule === undefined || rule.published === null) return;
  operation[`x-${kind.toLowerCase()}`] = rule.published;
  const text = `**${kind}:** \`${rule.published}\``;
  operation.description = operation.description ? `${operation.description}\n\n${text}` : text;
}

const PLACES = ['path', 'query', 'header'];

/** In the order of the path, then of the query, headers last; with what the page says and fills in. */
function parametersOf(
  { operationId, parameters = [] }: Operation,
  { esimerkit = {} }: OperaatioTekstit,
  path: string,
  kieli: Kieli,
): Parameter[] {
  const order = ({ in: place, name }: Parameter) =>
    PLACES.indexOf(place) * 1_000 + Math.max(path.indexOf(`{${name}}`), 0);
  return [...parameters]
    .filter(({ name }) => name !== '*') // the rest of a path is no parameter of its template
    .reverse()
    .sort((a, b) => order(a) - order(b))
    .map((parameter) => {
      const { name, schema, ...rest } = parameter;
      const texts = PARAMETRIT[name];
      if (!texts)
        throw new Error(`Parameter ${name} of ${operationId} has no texts in openapi/tekstit/parametrit.constants.ts`);
      const isText = name === 'id' && rest.in === 'query';
      const example = esimerkit[name] ?? texts.esimerkki;
      const isObject = schema?.$ref !== undefined;
      return {
        name,
        ...rest,
        description: (isText ? TUNNISTEEN_ARVO : texts.description)[kieli],
        // Each member is a parameter of its own, and none of them is needed.
        ...(isObject && { required: false, style: 'form', explode: true }),
        schema: { ...schema, ...(texts.format && { format: texts.format }), ...texts.schema },
        ...(example !== undefined && { example }),
      };
    });
}

interface ResponseContext {
  readonly status: number;
  readonly texts: OperaatioTekstit;
  readonly kieli: Kieli;
  readonly hasBody: boolean;
}

/** The success of the operation, its own errors, and those that every operation can give (docs/spec/api.md#2, docs/spec/api.md#8). */
function responsesOf(
  { responses, requestBody, parameters = [] }: Operation,
  context: ResponseContext,
): Operation['responses'] {
  const { texts, kieli, hasBody } = context;
  const successes = Object.entries(responses)
    .filter(([code]) => code.startsWith('2'))
    .map(([code, answer]) => {
      const moved = code === '201' && context.status === 200 && !responses['200'] ? '200' : code;
      return [moved, success(moved, answer, context)] as const;
    });
  const answersJson = successes.some(([, { content }]) => content?.['application/json']);
  const statuses = new Set<VirheStatus>([
    302,
    400,
    401,
    ...(answersJson ? ([406] as const) : []),
    ...(requestBody ? ([413, 415] as const) : []),
    ...(parameters.length > 0 ? ([431] as const) : []),
    503,
    ...(Object.keys(responses)
      .map(Number)
      .filter((status) => status >= 400) as VirheStatus[]),
    ...(Object.keys(texts.virheet ?? {}).map(Number) as VirheStatus[]),
  ]);
  const errors = [...statuses].map((status): [string, Answer] => {
    const description = (texts.virheet?.[status as 400] ?? VIRHEET[status])[kieli];
    if (status === 302) return ['302', { description }];
    const schema = { $ref: `#/components/schemas/${ERROR_SCHEMA_NAME}` };
    const retry = { 'Retry-After': { description: RETRY_AFTER[kieli], schema: { type: 'integer' } } };
    return [
      String(status),
      {
        description,
        ...((status === 429 || status === 503) && { headers: retry }),
        ...(hasBody && { content: { 'application/json': { schema } } }),
      },
    ];
  });
  return Object.fromEntries([...successes, ...errors].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Texts are sent as they are, everything else as JSON. */
function success(code: string, { content }: Answer, { texts, kieli }: ResponseContext): Answer {
  const description = (texts.ok?.[Number(code) as 200] ?? ONNISTUI)[kieli];
  const schema = content && Object.values(content)[0]?.schema;
  const type = (schema as { type?: unknown } | undefined)?.type === 'string' ? 'text/plain' : 'application/json';
  const location = { Location: { description: UUDEN_OSOITE[kieli], schema: { type: 'string' } } };
  return {
    description,
    ...(code === '201' && type === 'application/json' && { headers: location }),
    ...(schema !== undefined && { content: { [type]: { schema } } }),
  };
}
