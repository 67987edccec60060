import {
  createParamDecorator,
  Injectable,
  type ArgumentMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { ApiExtraModels, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { BeanValidationError } from '../../common/errors.js';
import { parseLocalDate } from '../../common/local-date.js';
import { parseLegacyTimestamp } from '../../common/legacy-timestamp.js';
import { noteArgument } from '../handler-arguments.js';
import { describeDto, fieldsOf, objectNameOf, type DtoClass, type Field } from './fields.js';
import { DtoValidator } from './validate.js';

type Query = Record<string, string | string[] | undefined>;
const TRUE = new Set(['true', 'on', 'yes', '1']);
const FALSE = new Set(['false', 'off', 'no', '0']);
const MISMATCH = Symbol('typeMismatch');
/** Elements of a list in a query at most. */
const MOST_ELEMENTS = 1_000;

/** Binds the query to an instance of `type` as Spring does (docs/spec/api.md#1.5); an absent parameter keeps the member's initial value, or is null. */
export function bindQuery<T extends object>(type: DtoClass<T>, query: Query): T {
  const dto = new type() as Record<string, unknown>;
  const mismatches: { field: string; message: string }[] = [];
  for (const field of fieldsOf(type)) {
    const given = query[field.name] ?? query[`${field.name}[]`];
    if (given === undefined) {
      dto[field.name] ??= field.kind === 'primitiveBoolean' ? false : null;
      continue;
    }
    const value = bindValue(field, given);
    if (value === MISMATCH)
      mismatches.push({ field: field.name, message: `typeMismatch: not a value of type ${field.kind}` });
    else dto[field.name] = value;
  }
  if (mismatches.length > 0) throw new BeanValidationError(objectNameOf(type), mismatches);
  return dto as T;
}

/** Of a value given several times a text is all of them, with commas; anything else is the first. */
function bindValue(field: Field, given: string | string[]): unknown {
  if (field.kind === 'list' || field.kind === 'set') {
    const texts = Array.isArray(given) ? given : given === '' ? [] : given.split(',').map((part) => part.trim());
    if (texts.length > Math.min(field.max ?? MOST_ELEMENTS, MOST_ELEMENTS)) return MISMATCH;
    return field.kind === 'set' ? [...new Set(texts)] : texts;
  }
  if (field.kind === 'text') return Array.isArray(given) ? given.join(',') : given;
  const text = Array.isArray(given) ? given[0]! : given;
  if (text.trim() === '') return field.kind === 'primitiveBoolean' ? MISMATCH : null;
  switch (field.kind) {
    case 'boolean':
    case 'primitiveBoolean': {
      const word = text.trim().toLowerCase();
      return TRUE.has(word) ? true : FALSE.has(word) ? false : MISMATCH;
    }
    case 'integer':
      return /^[+-]?\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : MISMATCH;
    case 'date':
      return parseLocalDate(text) ?? MISMATCH;
    case 'instant':
      return parseLegacyTimestamp(text) ?? MISMATCH;
    case 'enum':
      return field.enumValues!.includes(text) ? text : MISMATCH;
    default:
      return MISMATCH;
  }
}

/** Binds and validates the query; Nest makes one for each module. */
@Injectable()
class QueryObjectPipe implements PipeTransform<Query, object> {
  constructor(private readonly validator: DtoValidator) {}

  transform(query: Query, { data }: ArgumentMetadata): object {
    const dto = bindQuery(data as unknown as DtoClass, query);
    this.validator.validate(dto);
    return dto;
  }
}

const queryOf = createParamDecorator(
  (_type: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().query as Query,
);

/** The query parameters as an instance of `type`, validated. @param name Java name of the argument, for the OpenAPI document */
export const QueryObject =
  (type: DtoClass, name = 'criteria'): ParameterDecorator =>
  (target, key, index) => {
    noteArgument(target, String(key), { index, name });
    queryOf(type, QueryObjectPipe)(target, key, index);
    describeDto(type);
    const descriptor = Object.getOwnPropertyDescriptor(target, key!)!;
    ApiExtraModels(type)(target, key, descriptor);
    const schema = { $ref: getSchemaPath(type) };
    ApiQuery({ name, required: true, style: 'form', explode: true, schema })(target, key!, descriptor);
  };
