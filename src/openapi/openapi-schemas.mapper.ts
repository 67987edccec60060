import type { Kieli } from './tekstit/kieli.model.js';
import { JASENET } from './tekstit/jasenet.constants.js';
import { SKEEMAT } from './tekstit/skeemat.constants.js';

type Schema = Readonly<Record<string, unknown>> & { readonly properties?: Readonly<Record<string, Schema>> };
export type Schemas = Readonly<Record<string, Schema>>;

export const ERROR_SCHEMA_NAME = 'VirheDto';

/** Of every error (docs/spec/api.md#2): of the container's with the first four members, of the service's own with all. */
export const ERROR_SCHEMAS: Schemas = {
  [ERROR_SCHEMA_NAME]: {
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
      fieldErrors: { type: 'array', items: { $ref: '#/components/schemas/KenttaVirheDto' } },
      httpQuery: { type: ['string', 'null'] },
    },
  },
  KenttaVirheDto: {
    type: 'object',
    required: ['code', 'arguments', 'message', 'field', 'rejectedValue'],
    properties: {
      code: { type: 'string' },
      arguments: { type: ['array', 'null'], items: {} },
      message: { type: ['string', 'null'] },
      field: { type: 'string' },
      rejectedValue: {},
    },
  },
};

/** The schemas with what they and their members mean. @throws Error one of them has no text */
export function describeSchemas(schemas: Readonly<Record<string, object>>, kieli: Kieli): Schemas {
  const entries = Object.entries(schemas as Schemas).map(([name, schema]) => {
    const text = SKEEMAT[name];
    if (!text) throw new Error(`Schema ${name} has no text in openapi/tekstit/skeemat.constants.ts`);
    const members = Object.entries(schema.properties ?? {}).map(([member, value]) => [
      member,
      describeMember(name, member, value, kieli),
    ]);
    return [name, { ...schema, description: text[kieli], properties: Object.fromEntries(members) as Schemas }];
  });
  return Object.fromEntries(entries) as Schemas;
}

function describeMember(owner: string, name: string, schema: Schema, kieli: Kieli): Schema {
  const texts = JASENET[`${owner}.${name}`] ?? JASENET[name];
  if (!texts) throw new Error(`${owner}.${name} has no text in openapi/tekstit/jasenet.constants.ts`);
  const { description, format, esimerkki } = texts;
  return {
    ...withIntegers(schema),
    ...(format && { format }),
    description: description[kieli],
    ...(esimerkki !== undefined && { examples: [esimerkki] }),
  };
}

/** All numbers of the interface are whole; classes do not say so. */
function withIntegers(schema: Schema): Schema {
  const { type } = schema;
  if (type === 'number') return { ...schema, type: 'integer', format: 'int64' };
  if (Array.isArray(type) && type.includes('number')) return { ...schema, type: ['integer', 'null'], format: 'int64' };
  return schema;
}
