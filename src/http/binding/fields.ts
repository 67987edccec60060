import { setImmediate } from 'node:timers/promises';
import { ApiProperty } from '@nestjs/swagger';
import {
  enumReader,
  readBoolean,
  readInstant,
  readInteger,
  readLocalDate,
  readPrimitiveBoolean,
  readText,
  unreadable,
  type JsonReader,
} from './scalars.js';
import { isNumber } from './json-number.js';

/** A class whose instances are read from JSON or a query. */
export type DtoClass<T extends object = object> = new () => T;

export type FieldKind =
  'text' | 'boolean' | 'primitiveBoolean' | 'integer' | 'date' | 'instant' | 'enum' | 'object' | 'list' | 'set' | 'any';

/** One rule of a field or, with `field` null, of the whole object (docs/spec/api.md#7). */
export interface Rule {
  /** True when the value may stay. */
  readonly test: (value: unknown, owner: object) => boolean;
  readonly message: string;
}

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly read: JsonReader<unknown>;
  /** Class of the object or of the elements; null for single values. */
  readonly type: (() => DtoClass) | null;
  /** The rules of `type` count too ("valid" in the specification). */
  readonly valid: boolean;
  /** Null elements of a list break a rule instead of being kept. */
  readonly elementsNotNull: boolean;
  readonly enumValues: readonly string[] | null;
  /** Fewest elements that a message about `max` names; a rule sees to it. */
  readonly min: number;
  /** Most elements of a list; null: no list. */
  readonly max: number | null;
  /** Reads one element of a list of objects; null: no such list. */
  readonly readElement: JsonReader<unknown> | null;
}

export interface ObjectRule extends Rule {
  /** Path under which clients see the broken rule, e.g. `nicknameOk`; null: of the whole object. */
  readonly field: string | null;
}

const FIELDS = Symbol('onr:fields');
const RULES = Symbol('onr:rules');
const OBJECT_RULES = Symbol('onr:object-rules');

/** Fields of a class, inherited ones first, in the order of declaration. */
export const fieldsOf = (type: DtoClass): readonly Field[] =>
  (Reflect.getMetadata(FIELDS, type.prototype as object) ?? []) as Field[];
export const rulesOf = (type: DtoClass, field: string): readonly Rule[] =>
  (Reflect.getMetadata(RULES, type.prototype as object, field) ?? []) as Rule[];
export const objectRulesOf = (type: DtoClass): readonly ObjectRule[] =>
  (Reflect.getMetadata(OBJECT_RULES, type) ?? []) as ObjectRule[];

/** Adds a rule to a property; decorators are applied bottom up, so the lowest comes first. */
export const fieldRule =
  (rule: Rule): PropertyDecorator =>
  (target, key) => {
    const rules = (Reflect.getMetadata(RULES, target, key) ?? []) as Rule[];
    Reflect.defineMetadata(RULES, [...rules, rule], target, key);
  };

/** A rule that looks at several members. `field` null: of the whole object. */
export const ObjectRuleFor =
  <T extends object>(field: string | null, message: string, test: (dto: T) => boolean): ClassDecorator =>
  (type) => {
    const rules = (Reflect.getMetadata(OBJECT_RULES, type) ?? []) as ObjectRule[];
    const rule: ObjectRule = { field, message, test: (_value, owner) => test(owner as T) };
    Reflect.defineMetadata(OBJECT_RULES, [...rules, rule], type);
  };

/** Texts of the rules that null breaks: the document calls such a member required. */
const REQUIRED = new Set(['must not be null', 'must not be empty', 'must not be blank', 'Cannot be empty']);

interface NestedOptions {
  /** Validate what is inside. */
  valid?: boolean;
}

interface ListOptions {
  /** Most elements, counted before the list is read; more are 400. */
  max: number;
  min?: number;
}

interface ObjectListOptions extends NestedOptions, ListOptions {
  /** Null elements break a rule (docs/spec/api.md#A8). */
  elementsNotNull?: boolean;
}

function field(
  kind: FieldKind,
  read: JsonReader<unknown>,
  rest: Partial<Field>,
  api: object | null,
): PropertyDecorator {
  return (target, key) => {
    const fields = (Reflect.getMetadata(FIELDS, target) ?? []) as Field[];
    const added: Field = {
      name: String(key),
      kind,
      read,
      type: null,
      valid: false,
      elementsNotNull: false,
      enumValues: null,
      min: 0,
      max: null,
      readElement: null,
      ...rest,
    };
    Reflect.defineMetadata(FIELDS, [...fields.filter((f) => f.name !== added.name), added], target);
    const rules = (Reflect.getMetadata(RULES, target, key) ?? []) as Rule[];
    ApiProperty({ required: rules.some(({ message }) => REQUIRED.has(message)), ...api })(target, key);
  };
}

/** Text; numbers and booleans are taken in their text form. Absent: null. */
export const JsonText = () => field('text', readText, {}, { type: String });
/** `boolean | null`. */
export const JsonBoolean = () => field('boolean', readBoolean, {}, { type: Boolean });
/** `boolean`; absent and null are false. */
export const JsonPrimitiveBoolean = () => field('primitiveBoolean', readPrimitiveBoolean, {}, { type: Boolean });
/** `number | null`: a whole number or its text. */
export const JsonInteger = () => field('integer', readInteger, {}, { type: 'integer', format: 'int64' });
/** `LocalDate | null`. */
export const JsonDate = () => field('date', readLocalDate, {}, { type: String, format: 'date' });
/** `Date | null`: epoch milliseconds or ISO 8601. */
export const JsonInstant = () => field('instant', readInstant, {}, { type: String, format: 'date-time' });
/** Exactly one of `values`, or null. */
export const JsonEnum = (values: readonly string[]) =>
  field('enum', enumReader(values), { enumValues: values }, { type: String, enum: [...values] });
/** Anything, as it was sent. */
export const JsonAny = () => field('any', (value) => value ?? null, {}, null);

/** For the OpenAPI document, which knows a class that is named later by a function called `type`. */
const deferred = (dto: () => DtoClass) => ({ type: () => dto() });

/** An object of another DTO class, or null. */
export const JsonObject = (type: () => DtoClass, options: NestedOptions = {}) =>
  field('object', (value, path) => readObject(type(), value, path), { type, ...options }, deferred(type));

function objectListField(kind: 'list' | 'set', type: () => DtoClass, options: ObjectListOptions): PropertyDecorator {
  const readElement = (value: unknown, path: string) => readObject(type(), value, path);
  const api = { ...deferred(type), isArray: true, maxItems: options.max };
  return field(kind, listOf(readElement), { type, readElement, ...options }, api);
}

/** A list of objects; null elements are kept unless told otherwise. Null when absent. */
export const JsonList = (type: () => DtoClass, options: ObjectListOptions) => objectListField('list', type, options);

/** As `JsonList`, but the paths of broken rules carry no index, as the elements of a Java set have none. */
export const JsonSet = (type: () => DtoClass, options: ObjectListOptions) => objectListField('set', type, options);

/** A list of texts, repeated ones kept. Null when absent. */
export const JsonTextList = ({ max }: ListOptions) =>
  field('list', listOf(readText), { max }, { type: String, isArray: true, maxItems: max });

/** A list of texts without repetitions, in the order of first appearance. Null when absent. */
export const JsonTextSet = ({ max }: ListOptions) =>
  field(
    'set',
    (value, path) => dedupe(listOf(readText)(value, path)),
    { max },
    { type: String, isArray: true, maxItems: max },
  );

const dedupe = (list: (string | null)[] | null) => (list === null ? null : [...new Set(list)]);

export function listOf<T>(read: JsonReader<T>): JsonReader<T[] | null> {
  return (value, path) => {
    if (value === undefined || value === null) return null;
    if (!Array.isArray(value)) return unreadable(path, 'a list');
    return value.map((element: unknown, index) => read(element, `${path}[${index}]`));
  };
}

/** An instance of `type`, every member set: what is absent is null, or false for a primitive. */
export function readObject<T extends object>(type: DtoClass<T>, value: unknown, path: string): T | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value) || isNumber(value)) return unreadable(path, 'an object');
  const dto = new type() as Record<string, unknown>;
  for (const { name, read } of fieldsOf(type)) {
    const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    dto[name] = read(given, path === '' ? name : `${path}.${name}`);
  }
  return dto as T;
}

/** Elements of a long list between two pauses. */
export const ELEMENTS_PER_STEP = 500;

/** As `readObject` of a document, in steps between which others are served. */
export async function readLongObject<T extends object>(type: DtoClass<T>, value: unknown): Promise<T | null> {
  const lists = new Map<string, unknown[]>();
  for (const { name, readElement } of fieldsOf(type)) {
    const given = (value as Record<string, unknown>)[name];
    if (readElement === null || !Array.isArray(given) || given.length <= ELEMENTS_PER_STEP) continue;
    const read: unknown[] = [];
    for (const [index, element] of given.entries()) {
      if (index % ELEMENTS_PER_STEP === 0) await setImmediate();
      read.push(readElement(element, `${name}[${index}]`));
    }
    lists.set(name, read);
  }
  if (lists.size === 0) return readObject(type, value, '');
  const rest = Object.fromEntries(Object.entries(value as object).filter(([name]) => !lists.has(name)));
  return Object.assign(readObject(type, rest, '')!, Object.fromEntries(lists));
}
