import pg from 'pg';

/**
 * How values cross between PostgreSQL and the process, the same for TypeORM and for SQL by hand, in any time zone:
 * `date` is text, `timestamp` holds UTC wall-clock time (spec schema 6.5), `bigint` fits a number (spec schema 13).
 * Importing this file is enough; it must be imported before the first connection.
 */
const { types } = pg;
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.INT8, Number);
const INT4_ARRAY: number = 1007;
const INT8_ARRAY: number = 1016;
types.setTypeParser(INT8_ARRAY, types.getTypeParser(INT4_ARRAY) as (text: string) => number[]);
types.setTypeParser(types.builtins.TIMESTAMP, (text) => new Date(`${text.replace(' ', 'T')}Z`));
pg.defaults.parseInputDatesAsUTC = true;
