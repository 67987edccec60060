import pg from 'pg';

/**
 * How values cross between PostgreSQL and the process, the same for TypeORM and for SQL by hand, in any time zone:
 * `date` is text, `timestamp` holds UTC wall-clock time (docs/spec/schema.md#6.5), `bigint` fits a number (docs/spec/schema.md#13).
 * Importing this file is enough; it must be imported before the first connection. What only the database itself can be made
 * to hold has a form too (ADR 94): a `date` before Christ, after the year 9999 or at infinity is the database's text,
 * an instant at infinity the end of the year 9999 or the first day that PostgreSQL knows.
 */
const { types } = pg;
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.INT8, Number);
const INT4_ARRAY: number = 1007;
const INT8_ARRAY: number = 1016;
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- lists are missing in the driver's enum
types.setTypeParser(INT8_ARRAY, types.getTypeParser(INT4_ARRAY) as (text: string) => number[]);
types.setTypeParser(types.builtins.TIMESTAMP, parseTimestamp);
const parseWithZone = types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => Date | number;
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => withinBounds(parseWithZone(text)));
pg.defaults.parseInputDatesAsUTC = true;

/** What stands for instants before and after all that have a date in both worlds. */
export const FIRST_INSTANT = new Date(0).setUTCFullYear(-4712, 0, 1);
export const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function withinBounds(instant: Date | number): Date {
  if (instant instanceof Date && !Number.isNaN(instant.getTime())) return instant;
  return new Date(instant === -Infinity ? FIRST_INSTANT : LAST_INSTANT);
}

/** `2026-01-31 10:15:30.123`, with more digits or ` BC` in years of more digits or before Christ; `infinity`. */
export function parseTimestamp(text: string): Date {
  const usual = new Date(`${text.replace(' ', 'T')}Z`);
  if (!Number.isNaN(usual.getTime())) return usual;
  return withinBounds(parseWithZone(text.endsWith('infinity') ? text : text.replace(/(?= BC$)|$/, '+00')));
}
