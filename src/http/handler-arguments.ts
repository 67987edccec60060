import { ConstraintViolationError } from '../common/errors.js';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';

/** Where an argument's value comes from, kept beside Nest's own metadata for permission rules and OpenAPI. */
export interface ArgumentNote {
  readonly index: number;
  /** Name as in the permission expressions, e.g. `oid`, `henkiloUpdateDto`, `permissionService`. */
  readonly name: string;
  /** Gives the text of a broken range of the value, else null; looked at after the permission (docs/spec/api.md#1.7). */
  readonly check?: (value: unknown) => string | null;
}

const NOTES = 'onr:arguments';

/** Remembers under which name a permission rule finds the argument at `index`. */
export function noteArgument(target: object, key: string, note: ArgumentNote): void {
  const notes = (Reflect.getOwnMetadata(NOTES, target, key) as ArgumentNote[] | undefined) ?? [];
  Reflect.defineMetadata(NOTES, [...notes, note], target, key);
}

const found = new WeakMap<object, Map<string, number | undefined>>();

/** Index of the argument with that name; also of Nest's own `@Param('name')`. */
export function argumentIndex(target: object, key: string, name: string): number | undefined {
  let known = found.get(target);
  if (!known) found.set(target, (known = new Map<string, number | undefined>()));
  const id = `${key}#${name}`;
  if (!known.has(id)) known.set(id, search(target, key, name));
  return known.get(id);
}

/** @throws ConstraintViolationError naming every argument outside its range */
export function checkRanges(target: object, key: string, args: readonly unknown[]): void {
  const notes = Reflect.getMetadata(NOTES, target, key) as ArgumentNote[] | undefined;
  if (!notes) return;
  const broken = notes.map(({ check, index }) => check?.(args[index]) ?? null).filter((text) => text !== null);
  if (broken.length > 0) throw new ConstraintViolationError(broken.reverse().join(', '));
}

function search(target: object, key: string, name: string): number | undefined {
  const notes = (Reflect.getMetadata(NOTES, target, key) as ArgumentNote[] | undefined) ?? [];
  const noted = notes.find((note) => note.name === name);
  if (noted) return noted.index;
  const nest = (Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, key) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  return Object.values(nest).find(({ data }) => data === name)?.index;
}
