import type { INestApplication } from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { HANDLER_EXTENSION, POST_RULE, PRE_RULE } from '../auth/permissions/authorize.decorator.js';
import type { Rule } from '../auth/permissions/permission.rules.js';
import { toJsonSchema } from './json-schema.mapper.js';

/** Of every error (docs/spec/api.md#2): of the container's with the first four members, of the service's own with all. */
const ERROR_SCHEMA = {
  type: 'object',
  required: ['timestamp', 'status', 'error', 'path'],
  properties: {
    timestamp: { type: 'integer', format: 'int64' },
    status: { type: 'integer', format: 'int32' },
    error: { type: 'string' },
    path: { type: 'string' },
    exception: { type: 'string' },
    message: { type: ['string', 'null'] },
    globalErrors: { type: 'array', items: {} },
    fieldErrors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'field', 'message'],
        properties: { code: { type: 'string' }, field: { type: 'string' }, message: { type: 'string' } },
      },
    },
    httpQuery: { type: ['string', 'null'] },
  },
} as const;
const ERROR_SCHEMA_NAME = 'VirheDto';

const error = (description: string): Answer => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${ERROR_SCHEMA_NAME}` } } },
});

/**
 * Added to every operation (docs/spec/api.md#8): any can be refused for its address, its headers or its values (400), for the
 * caller, for what it is about, or because the service cannot do it now (503).
 */
const COMMON_RESPONSES = {
  '302': { description: 'Kirjautuminen puuttuu' },
  '400': error('Bad Request'),
  '401': error('Istunto on vanhentunut tai oikeudet puuttuvat'),
  '404': error('Not Found'),
  '409': error('Conflict'),
  '503': error('Service Unavailable'),
};
/** Of operations with a body. */
const BODY_RESPONSES = { '413': error('Content Too Large'), '415': error('Unsupported Media Type') };
/** Of operations that answer with JSON only. */
const JSON_RESPONSES = { '406': error('Not Acceptable') };

interface Answer {
  description: string;
  content?: Record<string, unknown>;
}

interface Operation {
  operationId: string;
  description?: string;
  requestBody?: object;
  responses: Record<string, Answer>;
  [extension: `x-${string}`]: string | undefined;
}

type Handlers = ReadonlyMap<string, object>;

/** The OpenAPI 3.1 document of the application (docs/spec/api.md#8). @param version of the service @param server its address */
export function createDocument(
  app: INestApplication,
  { version, server }: { version: string; server: string },
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Oppijanumerorekisteri')
    .setDescription('Oppijanumerorekisteri sisältää oppijoiden ja virkailijoiden henkilötiedot ja oppijanumerot.')
    .setVersion(version)
    .addServer(server, 'Generated server url')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_type, method) => method,
  });
  const handlers = handlersOf(app);
  const used = new Map<string, number>();
  const paths = Object.entries(document.paths)
    .filter(([path]) => !/=(\/|$)/.test(path)) // second form of a path, for an empty value
    .map(([path, item]) => {
      for (const method of ['get', 'head', 'put', 'post', 'delete'] as const) {
        const operation = item[method] as Operation | undefined;
        if (operation) finish(operation, handlers, used);
      }
      return [path.replace(/\{path\}$/, '**'), item] as const;
    });
  const { components } = document;
  const schemas = { ...components?.schemas, [ERROR_SCHEMA_NAME]: ERROR_SCHEMA };
  return toJsonSchema({
    ...document,
    tags: undefined,
    paths: Object.fromEntries(paths),
    components: { ...components, schemas },
  });
}

/** Every handler by `Controller#method`. */
function handlersOf(app: INestApplication): Handlers {
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

function finish(operation: Operation, handlers: Handlers, used: Map<string, number>): void {
  const handler = handlers.get(operation[HANDLER_EXTENSION]!)!;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the name is a constant
  delete operation[HANDLER_EXTENSION];
  const name = operation.operationId.replace(/\[\d+\]$|_\d+$/, '');
  const repeated = used.get(name) ?? 0;
  used.set(name, repeated + 1);
  operation.operationId = repeated === 0 ? name : `${name}_${repeated}`;
  publishRule(operation, 'PreAuthorize', Reflect.getMetadata(PRE_RULE, handler) as Rule | undefined);
  publishRule(operation, 'PostAuthorize', Reflect.getMetadata(POST_RULE, handler) as Rule | undefined);
  operation.responses = responsesOf(operation, Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number);
}

function publishRule(operation: Operation, kind: 'PreAuthorize' | 'PostAuthorize', rule: Rule | undefined): void {
  if (rule === undefined || rule.published === null) return;
  operation[`x-${kind.toLowerCase()}`] = rule.published;
  const text = `**${kind}:** \`${rule.published}\``;
  operation.description = operation.description ? `${operation.description}\n\n${text}` : text;
}

/** Success codes with any media type, as the reference publishes them; POST is no 201 unless it is. */
function responsesOf({ responses, requestBody }: Operation, status: number): Operation['responses'] {
  const own = Object.entries(responses).filter(([code]) => code !== 'default');
  const moved = own.map(
    ([code, response]) => [code === '201' && status === 200 && !responses['200'] ? '200' : code, response] as const,
  );
  const entries = moved.map(([code, { description, content }]) => {
    const known = description || (code.startsWith('2') ? 'OK' : '');
    const schema = content && Object.values(content)[0];
    const type = content?.['text/plain'] ? 'text/plain' : '*/*';
    const answer: Answer = { description: known, ...(schema !== undefined && { content: { [type]: schema } }) };
    return [code, code >= '400' && schema === undefined ? error(known) : answer] as const;
  });
  const answersJson = entries.some(([code, { content }]) => code.startsWith('2') && isJson(content?.['*/*']));
  const all = {
    ...COMMON_RESPONSES,
    ...(requestBody && BODY_RESPONSES),
    ...(answersJson && JSON_RESPONSES),
    ...Object.fromEntries(entries),
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Texts are sent as any type. */
function isJson(media: unknown): boolean {
  const schema = (media as { schema?: { type?: unknown } } | undefined)?.schema;
  return schema !== undefined && schema.type !== 'string';
}
