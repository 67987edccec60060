import type { OpenAPIObject } from '@nestjs/swagger';

type Node = Record<string, unknown>;

/** The document with the schemas of 3.1: `nullable` of 3.0 becomes the type null. */
export function toJsonSchema(document: object): OpenAPIObject {
  return convert(document) as OpenAPIObject;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => [key, convert(member)] as const);
  const node = Object.fromEntries<unknown>(entries);
  return typeof node.nullable === 'boolean' ? withNull(node) : node;
}

function withNull({ nullable, ...schema }: Node): Node {
  if (!nullable) return schema;
  const { type, enum: values, allOf, $ref, ...rest } = schema;
  const withValues = Array.isArray(values)
    ? { enum: values.includes(null) ? values : [...(values as unknown[]), null] }
    : {};
  if (typeof type === 'string') return { ...rest, type: [type, 'null'], ...withValues };
  if ($ref !== undefined) return { ...rest, anyOf: [{ $ref }, { type: 'null' }] };
  if (Array.isArray(allOf)) return { ...rest, anyOf: [...(allOf as unknown[]), { type: 'null' }] };
  return schema;
}
