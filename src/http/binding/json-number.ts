/**
 * Key of the object that stands for a number whose text JavaScript would lose (`1.0`, `118446744073709551615`, `1e400`).
 * No client can name it: member names with U+0000 are refused.
 */
const KEY = '\0';

/** JSON text of the object that stands for a number. */
export const standInFor = (number: string): string => `{"\\u0000":"${number}"}`;

const isStandIn = (value: unknown): value is Record<typeof KEY, string> =>
  typeof value === 'object' && value !== null && KEY in value;

export const isNumber = (value: unknown): boolean => typeof value === 'number' || isStandIn(value);

/** The text of a number as it was sent; null: the value is none. */
export function numberText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return isStandIn(value) ? value[KEY] : null;
}
