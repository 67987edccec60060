/** OIDs, ids, hetut: nothing that an array's text would have to quote, and not its word for null. */
const UNQUOTED_ELEMENT = /^\d[\w.+-]*$/;

/**
 * A list as the value of an array parameter. One of OIDs, ids or hetut becomes the text of an array, at a fraction of what the
 * driver needs to quote each element; any other list stays as it is.
 */
export function arrayParameter(values: readonly (string | number | null)[]): unknown {
  for (const value of values) {
    if (typeof value !== 'number' && (value === null || !UNQUOTED_ELEMENT.test(value))) return values;
  }
  return `{${values.join(',')}}`;
}
