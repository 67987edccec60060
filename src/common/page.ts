/** One page of rows without a total, counted from 1 (docs/spec/api.md#1.6). */
export interface Slice<T> {
  readonly number: number;
  readonly size: number;
  readonly results: readonly T[];
  /** There are no further rows. */
  readonly last: boolean;
  readonly first: boolean;
  readonly numberOfElements: number;
}

/** One page of rows with a total, counted from 1 (docs/spec/api.md#1.6). */
export interface Page<T> extends Slice<T> {
  readonly totalElements: number;
  readonly totalPages: number;
}

/** @param rows the rows of the page and, when there are further ones, at least one of these */
export function toSlice<T>(rows: readonly T[], number: number, size: number): Slice<T> {
  const results = rows.slice(0, size);
  return { number, size, results, last: rows.length <= size, first: number === 1, numberOfElements: results.length };
}

/** `last` is false for an empty result and past the end, as clients know it (docs/spec/api.md#A14). */
export function toPage<T>(results: readonly T[], number: number, size: number, totalElements: number): Page<T> {
  const totalPages = Math.ceil(totalElements / size);
  return {
    number,
    size,
    results,
    totalElements,
    totalPages,
    numberOfElements: results.length,
    first: number === 1,
    last: totalPages === number,
  };
}
