import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { parseLegacyTimestamp } from '../common/legacy-timestamp.js';
import { parseLocalDate } from '../common/local-date.js';
import { noteArgument } from './handler-arguments.js';
import { ConversionError, HttpRefusal, MissingParameterError } from './http-errors.js';

/* Single values from path, query and header, read as Spring reads them (docs/spec/api.md#1.5). A bad one is 400. */

type Place = 'path' | 'query' | 'header';
type Convert<T> = (text: string) => T;

interface Source {
  readonly place: Place;
  readonly name: string;
  readonly convert: Convert<unknown>;
  /** Value of an absent or empty parameter. */
  readonly fallback: unknown;
  readonly required: boolean;
}

const value = createParamDecorator((source: Source, context: ExecutionContext): unknown => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const text = textAt(request, source) ?? (source.place === 'path' ? '' : undefined);
  if (text === undefined || (text === '' && source.place !== 'path' && source.convert !== asText)) {
    if (source.required) throw new MissingParameterError(source.name);
    return source.fallback;
  }
  return source.convert(text);
});

/** Of a query parameter given several times a text is all of them, with commas; anything else is the first. */
function textAt(request: FastifyRequest, { place, name, convert }: Source): string | undefined {
  const from = place === 'path' ? request.params : place === 'query' ? request.query : request.headers;
  const found = (from as Record<string, string | string[] | undefined>)[name];
  if (!Array.isArray(found)) return found;
  return place === 'query' && convert === asText ? found.join(',') : found[0];
}

interface Range {
  min?: number;
  max?: number;
  maxLength?: number;
}

interface Options<T> {
  /** Value when the parameter is absent or empty; null unless given. */
  default?: T;
  /** Absent is 400 with a container body. */
  required?: boolean;
}

function parameter(
  source: Omit<Source, 'fallback' | 'required'>,
  options: Options<unknown>,
  api: Readonly<Record<string, unknown>>,
  range?: Range,
): ParameterDecorator {
  const { default: fallback = null, required = false } = options;
  return (target, key, index) => {
    const check = range && checkRange(`${String(key)}.${source.name}`, range);
    noteArgument(target, String(key), { index, name: source.name, ...(check && { check }) });
    value({ ...source, fallback, required })(target, key, index);
    const descriptor = Object.getOwnPropertyDescriptor(target, key!)!;
    if (source.place === 'path') ApiParam({ name: source.name, ...api })(target, key!, descriptor);
    else if (source.place === 'query') {
      ApiQuery({
        name: source.name,
        required,
        ...withDefault(api, fallback),
      })(target, key!, descriptor);
    }
  };
}

/** What the API description says of a value that need not be given. */
function withDefault(api: Readonly<Record<string, unknown>>, fallback: unknown): object {
  return fallback === null ? api : { ...api, schema: { ...(api.schema as object), default: fallback } };
}

/** Gives the text of a broken range, null when all is well; looked at after the permission (docs/spec/api.md#1.7). */
function checkRange(label: string, { min, max, maxLength }: Range): (given: unknown) => string | null {
  return (given) => {
    if (typeof given === 'string' && maxLength !== undefined && given.length > maxLength)
      return `${label}: size must be between 0 and ${maxLength}`;
    if (typeof given !== 'number') return null;
    if (min !== undefined && given < min) return `${label}: must be greater than or equal to ${min}`;
    return max !== undefined && given > max ? `${label}: must be less than or equal to ${max}` : null;
  };
}

const asText = (text: string): string => text;

function asNumber(limit: number): Convert<number> {
  return (text) => {
    const number = /^[+-]?\d{1,19}$/.test(text.trim()) ? Number(text.trim()) : NaN;
    if (!(number <= limit && number >= -limit - 1))
      throw new ConversionError('java.lang.NumberFormatException', `For input string: "${text}"`);
    return number;
  };
}
const asInt = asNumber(2_147_483_647);
const asLong = asNumber(Number.MAX_SAFE_INTEGER);

const refuse = (text: string): never => {
  throw new ConversionError('java.lang.IllegalArgumentException', `Parse attempt failed for value [${text}]`);
};
const asDate = (text: string) => parseLocalDate(text) ?? refuse(text);
const asInstant = (text: string) => parseLegacyTimestamp(text) ?? refuse(text);
const asEnum =
  (values: readonly string[], javaClass: string): Convert<string> =>
  (text) => {
    if (values.includes(text)) return text;
    throw new ConversionError('java.lang.IllegalArgumentException', `No enum constant ${javaClass}.${text}`);
  };

/**
 * `string`: a path variable, percent-decoded; may be empty.
 * @param as its name in the permission rules, where that is another
 */
export const PathText =
  (name: string, { as }: { as?: string } = {}): ParameterDecorator =>
  (target, key, index) => {
    parameter({ place: 'path', name, convert: asText }, {}, { type: String })(target, key, index);
    if (as !== undefined) noteArgument(target, String(key), { index, name: as });
  };
/** `number`: a Java long. */
export const PathLong = (name: string) =>
  parameter({ place: 'path', name, convert: asLong }, {}, { schema: { type: 'integer', format: 'int64' } });
/** `LocalDate` */
export const PathDate = (name: string) =>
  parameter({ place: 'path', name, convert: asDate }, {}, { schema: { type: 'string', format: 'date' } });
/** `Date`; the many forms of docs/spec/api.md#1.5. */
export const PathTimestamp = (name: string) =>
  parameter({ place: 'path', name, convert: asInstant }, {}, { schema: { type: 'string' } });
/** One of `values`; null for an absent optional part. @param javaClass for the message */
export const PathEnum = (name: string, values: readonly string[], javaClass: string) =>
  parameter({ place: 'path', name, convert: asEnum(values, javaClass) }, {}, { enum: [...values] });

/**
 * `string | null`; an empty text stays. One longer than `maxLength` is 400 after the permission, as the ranges of numbers.
 */
export const QueryText = (name: string, options: Options<string> & { maxLength?: number } = {}) =>
  parameter(
    { place: 'query', name, convert: asText },
    options,
    options.maxLength === undefined ? { type: String } : { schema: { type: 'string', maxLength: options.maxLength } },
    options,
  );
/**
 * `number | null`: a Java int. A value outside `min`, `max` is 400 after the permission, with the text
 * `<method>.<name>: must be …`.
 */
export const QueryInt = (name: string, options: Options<number> & Range = {}) => {
  const { min, max } = options;
  const bounds = { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  return parameter(
    { place: 'query', name, convert: asInt },
    options,
    { schema: { type: 'integer', format: 'int32', ...bounds } },
    options,
  );
};
/** As `QueryInt`, but a value below `min` is refused before the permission, 400 with a container body (E77). */
export const QueryIntFrom = (name: string, min: number, options: Options<number>) =>
  parameter({ place: 'query', name, convert: (text) => atLeast(asInt(text), name, min) }, options, {
    schema: { type: 'integer', format: 'int32', minimum: min },
  });
function atLeast(number: number, name: string, min: number): number {
  if (number < min) throw new HttpRefusal(400, 'container', null, `${name} must be at least ${min}`);
  return number;
}
/** `LocalDate | null` */
export const QueryDate = (name: string, options: Options<string> = {}) =>
  parameter({ place: 'query', name, convert: asDate }, options, { schema: { type: 'string', format: 'date' } });
/** One of `values`, or null. @param javaClass for the message */
export const QueryEnum = (name: string, values: readonly string[], javaClass: string, options: Options<string> = {}) =>
  parameter({ place: 'query', name, convert: asEnum(values, javaClass) }, options, { enum: [...values] });

/** Values of the header External-Permission-Service (docs/spec/api.md#6.2). */
export const EXTERNAL_PERMISSION_SERVICES = ['HAKU_APP', 'SURE', 'ATARU', 'KOSKI', 'VARDA'] as const;
export type ExternalPermissionService = (typeof EXTERNAL_PERMISSION_SERVICES)[number];

const externalService = value({
  place: 'header',
  name: 'external-permission-service',
  convert: asEnum(
    EXTERNAL_PERMISSION_SERVICES,
    'fi.vm.sade.oppijanumerorekisteri.services.impl.PermissionCheckerImpl.ExternalPermissionService',
  ),
  fallback: null,
  required: false,
});

/** `ExternalPermissionService | null` from the header; `#permissionService` of the permission rules. */
export const PermissionService = (): ParameterDecorator => (target, key, index) => {
  noteArgument(target, String(key), { index, name: 'permissionService' });
  externalService(target, key, index);
  const api = ApiHeader({
    name: 'External-Permission-Service',
    required: false,
    enum: [...EXTERNAL_PERMISSION_SERVICES],
  }) as MethodDecorator;
  api(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
};
