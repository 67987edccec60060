import type { LocalDate } from '../../common/clock.js';
import { parseLocalDate } from '../../common/local-date.js';
import { UnreadableBodyError } from '../http-errors.js';
import { numberText } from './json-number.js';

/**
 * Single values as the reference's Jackson reads them (docs/spec/api.md#1.4). Absent and null are null; `path` names the place
 * for the message, which never carries the value.
 * @throws UnreadableBodyError a value of the wrong kind
 */
export type JsonReader<T> = (value: unknown, path: string) => T;

export function unreadable(path: string, kind: string): never {
  throw new UnreadableBodyError(`JSON parse error: Cannot read ${path === '' ? 'the body' : `'${path}'`} as ${kind}`);
}

/** Half of a surrogate pair: no character, the database would store another one. */
const HALF = /\p{Surrogate}/u;

/** Is it a text that can be stored and found again as it is? */
const isText = (value: unknown): value is string => typeof value === 'string' && !HALF.test(value);

/** Characters of a text; names, identifiers and contact values have narrower bounds of their own. */
const MAX_TEXT = 4_000;

/** Text of a number is its text in the document, so that no digit gets lost. */
export const readText: JsonReader<string | null> = (value, path) => {
  if (typeof value === 'string')
    return value.length <= MAX_TEXT && isText(value) ? value : unreadable(path, `a text of ${MAX_TEXT} characters`);
  if (value === undefined || value === null) return null;
  return typeof value === 'boolean' ? String(value) : (numberText(value) ?? unreadable(path, 'a text'));
};

const INTEGER = /^-?\d+$/;

const BOOLEANS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
  '': null,
};

export const readBoolean: JsonReader<boolean | null> = (value, path) => {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return null;
  const number = numberText(value);
  if (number !== null && INTEGER.test(number)) return !/^-?0$/.test(number);
  const known = typeof value === 'string' && Object.hasOwn(BOOLEANS, value.trim()) ? BOOLEANS[value.trim()] : undefined;
  return known === undefined ? unreadable(path, 'a boolean') : known;
};

/** Null is false: a Java primitive. */
export const readPrimitiveBoolean: JsonReader<boolean> = (value, path) => readBoolean(value, path) ?? false;

export const readInteger: JsonReader<number | null> = (value, path) => {
  if (value === undefined || value === null) return null;
  const text = numberText(value);
  const number = text !== null ? Math.trunc(Number(text)) : typeof value === 'string' ? readIntegerText(value) : NaN;
  if (number === null) return null;
  // Beyond 2^53 two numbers look alike here; nothing has such an id.
  return Number.isSafeInteger(number) ? number + 0 : unreadable(path, 'a whole number');
};

const readIntegerText = (text: string): number | null => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^[+-]?\d{1,19}$/.test(trimmed) ? Number(trimmed) : NaN;
};

export const readLocalDate: JsonReader<LocalDate | null> = (value, path) => {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') return unreadable(path, 'a date');
  const text = value.trim();
  return text === '' ? null : (parseLocalDate(text) ?? unreadable(path, 'a date'));
};

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Epoch milliseconds or ISO 8601; a day means its start in UTC. */
export const readInstant: JsonReader<Date | null> = (value, path) => {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 8.64e15) return new Date(value);
  const match = typeof value === 'string' ? INSTANT.exec(value.trim()) : null;
  if (!match || parseLocalDate(match[1]!) === null) return unreadable(path, 'a time');
  const zone = (match[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = new Date(`${match[1]}T${match[2] ?? '00:00'}${zone}`);
  return Number.isNaN(instant.getTime()) ? unreadable(path, 'a time') : instant;
};

/** Only the exact constant name. */
export function enumReader<T extends string>(values: readonly T[]): JsonReader<T | null> {
  return (value, path) => {
    if (value === undefined || value === null) return null;
    return typeof value === 'string' && values.includes(value as T)
      ? (value as T)
      : unreadable(path, 'one of its constants');
  };
}
