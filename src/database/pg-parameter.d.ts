/** A part of the driver that has no types of its own. */
declare module 'pg/lib/utils.js' {
  /** How the driver writes a parameter. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
