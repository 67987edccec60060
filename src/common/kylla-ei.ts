const YES = new Set(['true', '1', 'kyllä', 'kylla', 'k', 'yes']);
const NO = new Set(['false', '0', 'ei', 'e', 'no']);

/**
 * What VTJ says to a question, as a truth value, a number or a text, whatever its case and the space around it.
 * @returns undefined when it is neither clearly yes nor clearly no, also for nothing at all
 */
export function readKyllaEi(value: unknown): boolean | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value).trim().toLowerCase();
  return YES.has(text) ? true : NO.has(text) ? false : undefined;
}

/**
 * Is the person under turvakielto? Anything but a clear no protects: a protected address must not be shown because the flag was
 * written in another way (ADR 87).
 */
export const isTurvakielto = (value: unknown): boolean => readKyllaEi(value) !== false;
