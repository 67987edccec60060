import { setImmediate } from 'node:timers/promises';
import { ApiProperty } from '@nestjs/swagger';
import { TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import { isNumber } from './json-number.js';
import { OBJECT_RULE } from './rules.js';
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

/** A class whose instances are read from JSON or a query. */
export type DtoClass<T extends object = object> = new () => T;

/** The name of an instance in messages and permission rules. */
export const objectNameOf = ({ name }: { readonly name: string }): string =>
  name.charAt(0).toLowerCase() + name.slice(1);

export type FieldKind =
  'text' | 'boolean' | 'primitiveBoolean' | 'integer' | 'date' | 'instant' | 'enum' | 'object' | 'list' | 'set';

/** A member of a DTO, as its decorators of class-validator and class-transformer say. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly read: JsonReader<unknown>;
  /** Class of the object or of the elements; null for single values. */
  readonly type: (() => DtoClass) | null;
  /** The rules of `type` count too ("valid" in the specification). */
  readonly valid: boolean;
  /** What the decorators say, the lowest first. */
  readonly rules: readonly ValidationMetadata[];
  readonly enumValues: readonly string[] | null;
  /** Fewest elements that a message about `max` names; a rule sees to it. */
  readonly min: number;
  /** Most elements of a list; null: no list. */
  readonly max: number | null;
  /** Reads one element of a list of objects; null: no such list. */
  readonly readElement: JsonReader<unknown> | null;
  /** What `@Transform` makes of the value read. */
  readonly transform: (value: unknown) => unknown;
}

const fields = new Map<DtoClass, readonly Field[]>();

/** Rules of a class, those of its ancestors first, in the order of declaration. */
export function rulesOf(type: DtoClass): readonly ValidationMetadata[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...rules.filter(({ target }) => target !== type), ...rules.filter(({ target }) => target === type)];
}

export const isObjectRule = ({ context }: ValidationMetadata): boolean => context === OBJECT_RULE;

/** Members of a class, inherited ones first, in the order of declaration. */
export function fieldsOf(type: DtoClass): readonly Field[] {
  let known = fields.get(type);
  if (!known) {
    const byName = new Map<string, ValidationMetadata[]>();
    for (const rule of rulesOf(type)) {
      if (isObjectRule(rule)) continue;
      const rules = byName.get(rule.propertyName) ?? [];
      byName.set(rule.propertyName, [...rules, rule]);
    }
    known = [...byName].map(([name, rules]) => fieldOf(type, name, rules));
    fields.set(type, known);
  }
  return known;
}

const SCALARS: readonly [rule: string, kind: FieldKind, read: JsonReader<unknown>][] = [
  ['isString', 'text', readText],
  ['isBoolean', 'boolean', readBoolean],
  ['isPrimitiveBoolean', 'primitiveBoolean', readPrimitiveBoolean],
  ['isInt', 'integer', readInteger],
  ['isLocalDate', 'date', readLocalDate],
  ['isDate', 'instant', readInstant],
];

/** Names of the rules that readers see to: what is read breaks none. */
export const SEEN_TO_BY_READERS: ReadonlySet<string> = new Set([
  ...SCALARS.map(([rule]) => rule),
  ...['isIn', 'isObject', 'isArray', 'isSet', 'arrayMaxSize'],
]);

function fieldOf(owner: DtoClass, name: string, rules: readonly ValidationMetadata[]): Field {
  const find = (rule: string) => rules.find((metadata) => metadata.name === rule);
  const isList = find('isArray') !== undefined || find('isSet') !== undefined;
  const nested = defaultMetadataStorage.findTypeMetadata(owner, name);
  const type = nested ? () => nested.typeFunction() as DtoClass : null;
  const transforms = defaultMetadataStorage.findTransformMetadatas(owner, name, TransformationType.PLAIN_TO_CLASS);
  const transform = (given: unknown): unknown =>
    transforms.reduce<unknown>(
      (value, { transformFn }) =>
        transformFn({ value, key: name, obj: {}, type: TransformationType.PLAIN_TO_CLASS, options: {} }),
      given,
    );
  const field = (kind: FieldKind, read: JsonReader<unknown>, rest: Partial<Field> = {}): Field => ({
    name,
    kind,
    read: transforms.length === 0 ? read : (value, path) => transform(read(value, path)),
    type,
    valid: rules.some((rule) => (rule.type as ValidationTypes) === ValidationTypes.NESTED_VALIDATION),
    rules,
    enumValues: null,
    min: 0,
    max: null,
    readElement: null,
    transform,
    ...rest,
  });
  if (isList) {
    const max = find('arrayMaxSize')?.constraints[0] as number | undefined;
    if (max === undefined) throw new Error(`${owner.name}.${name} needs @ArrayMaxSize`);
    const min = (find('arrayMinSize')?.constraints[0] ?? 0) as number;
    const kind = find('isSet') ? 'set' : 'list';
    if (type) {
      const readElement = (value: unknown, path: string) => readObject(type(), value, path);
      return field(kind, listOf(readElement), { readElement, min, max });
    }
    const read = listOf(readText);
    return field(kind, kind === 'list' ? read : (value, path) => dedupe(read(value, path)), { min, max });
  }
  if (type) return field('object', (value, path) => readObject(type(), value, path));
  const values = find('isIn')?.constraints[0] as readonly string[] | undefined;
  if (values) return field('enum', enumReader(values), { enumValues: values });
  const scalar = SCALARS.find(([rule]) => find(rule));
  if (!scalar) throw new Error(`${owner.name}.${name} does not say how it is read`);
  return field(scalar[1], scalar[2]);
}

/** Rules that null breaks: the OpenAPI document calls such a member required. */
const PRESENCE = new Set(['isDefined', 'isNotEmpty', 'isNotBlank', 'arrayNotEmpty']);

const API_TYPES: Readonly<Record<FieldKind, object>> = {
  text: { type: String },
  boolean: { type: Boolean },
  primitiveBoolean: { type: Boolean },
  integer: { type: 'integer', format: 'int64' },
  date: { type: String, format: 'date' },
  instant: { type: String, format: 'date-time' },
  enum: { type: String },
  object: {},
  list: { isArray: true },
  set: { isArray: true },
};

const described = new Set<DtoClass>();

/** Tells the OpenAPI document what the decorators of `type` and of the classes inside it say. */
export function describeDto(type: DtoClass): void {
  if (described.has(type)) return;
  described.add(type);
  const parent = Object.getPrototypeOf(type) as DtoClass;
  if (fieldsOf(parent).length > 0) describeDto(parent);
  const inherited = new Set(fieldsOf(parent).map(({ name }) => name));
  for (const { name, kind, type: inner, rules, enumValues, max } of fieldsOf(type)) {
    if (inherited.has(name)) continue;
    if (inner) describeDto(inner());
    ApiProperty({
      required: rules.some((rule) => PRESENCE.has(rule.name ?? '') && !rule.each),
      ...API_TYPES[kind],
      ...(inner ? { type: inner() } : max !== null && { type: String }),
      ...(enumValues && { enum: [...enumValues] }),
      ...(max !== null && { maxItems: max }),
    })(type.prototype as object, name);
  }
}

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

/** As `readObject` of a document that is not null; its long lists in steps between which others are served. */
export async function readDocument<T extends object>(type: DtoClass<T>, document: unknown): Promise<T> {
  const lists: Record<string, unknown> = {};
  for (const { name, readElement, transform } of fieldsOf(type)) {
    const given = (document as Record<string, unknown>)[name];
    if (readElement === null || !Array.isArray(given) || given.length <= ELEMENTS_PER_STEP) continue;
    const read: unknown[] = [];
    for (const [index, element] of given.entries()) {
      if (index % ELEMENTS_PER_STEP === 0) await setImmediate();
      read.push(readElement(element, `${name}[${index}]`));
    }
    lists[name] = transform(read);
  }
  const readAlready = Object.fromEntries(Object.keys(lists).map((name) => [name, null]));
  const rest = Object.keys(lists).length === 0 ? document : { ...(document as object), ...readAlready };
  return Object.assign(readObject(type, rest, '')!, lists);
}
