import type { ColumnOptions } from 'typeorm';

/** `bigint` as a number: ids, versions and buckets stay far below 2^53. */
export const bigint = { type: 'bigint' } as const satisfies ColumnOptions;

/** `varchar(255)`, the reference's usual text column. */
export const varchar = { type: 'varchar', length: 255 } as const satisfies ColumnOptions;

/** `date` as 'YYYY-MM-DD' text: a day has no clock and no zone. */
export const localDate = { type: 'date' } as const satisfies ColumnOptions;

/** `timestamp` without time zone that holds UTC wall-clock time (docs/spec/schema.md#6.5), as a Date. */
export const utcTimestamp = { type: 'timestamp' } as const satisfies ColumnOptions;
