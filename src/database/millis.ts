import { FIRST_INSTANT, LAST_INSTANT } from './pg-types.js';

/**
 * SQL of a timestamp in UTC as epoch milliseconds; null stays. Exact in floating point: microseconds of any year up to 2255
 * are below 2^53, and `extract` would reckon in `numeric`.
 */
export const millisOf = (column: string): string =>
  `case ${column} when 'infinity' then ${LAST_INSTANT} when '-infinity' then ${FIRST_INSTANT}
   else floor(round(date_part('epoch', ${column}) * 1e6) / 1e3)::bigint end`;
