import type { ColumnOptions } from 'typeorm';

/** `bigint` as a number: ids, versions and buckets stay far below 2^53. */
export const bigint = { type: 'bigint' } as const satisfies ColumnOptions;

/** `varchar(255)`, the reference's usual text column. */
export const varchar = { type: 'varchar', length: 255 } as const satisfies ColumnOptions;

/** `date` as 'YYYY-MM-DD' text: a day has no clock and no zone. */
export const localDate = { type: 'date' } as const satisfies ColumnOptions;

/** `timestamp` without time zone that holds UTC wall-clock time (docs/spec/schema.md#6.5), as a Date. */
export const utcTimestamp = { type: 'timestamp' } as const satisfies ColumnOptions;

/**
 * SQL: now by the database's clock for such a column, in whole milliseconds as the API gives them. Every change is stamped by it,
 * whichever process makes it: readers of changes rely on the order. Never before the start of the transaction.
 */
export const NOW_IN_UTC = `date_trunc('milliseconds', statement_timestamp() at time zone 'UTC')`;
