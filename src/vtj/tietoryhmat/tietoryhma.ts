import type { LocalDate } from '../../common/clock.js';
import { ValidationError } from '../../common/errors.js';
import { parseLocalDate } from '../../common/local-date.js';

/** One change group (tietoryhmä) of a VTJ message, as received (spec yksilointi-vtj 5.8). */
export type Tietoryhma = Readonly<Record<string, unknown>>;

/** A group that cannot be read. Names the group and the field, never a value: it reaches logs and Slack. */
export class TietoryhmaError extends ValidationError {
  constructor(ryhma: Tietoryhma | undefined, field: string, problem: string) {
    const name = typeof ryhma?.tietoryhma === 'string' ? ryhma.tietoryhma : 'Tietoryhmä';
    super(`${name}: ${field} ${problem}`);
  }
}

/**
 * The groups of a message.
 * @throws TietoryhmaError it is no list of objects, or one of them has no name
 */
export function toTietoryhmat(value: unknown): Tietoryhma[] {
  if (!Array.isArray(value)) throw new TietoryhmaError(undefined, 'tietoryhmat', 'is not a list');
  for (const ryhma of value as unknown[]) {
    if (!isObject(ryhma) || typeof ryhma.tietoryhma !== 'string') {
      throw new TietoryhmaError(undefined, 'tietoryhma', 'is missing');
    }
  }
  return value as Tietoryhma[];
}

/** Value of `muutosattribuutti`; undefined in base data (perustieto). */
export const muutosattribuutti = (ryhma: Tietoryhma): string | undefined => findText(ryhma, 'muutosattribuutti');

const DATA_ATTRIBUUTIT: readonly (string | undefined)[] = ['LISATTY', 'KORJATTU', 'MUUTETTU'];

/** Does the group bring data that is in force ("D" in the specification)? An end today counts as over. */
export function isDataPaivitys(ryhma: Tietoryhma, today: LocalDate): boolean {
  if (!DATA_ATTRIBUUTIT.includes(muutosattribuutti(ryhma))) return false;
  const loppupv = findDate(ryhma, 'loppupv');
  return loppupv === undefined || loppupv > today;
}

/** Text of a field; undefined when it is missing, null or not a plain value. Null counts as absent everywhere. */
export function findText(object: Tietoryhma, field: string): string | undefined {
  const value = object[field];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** @throws TietoryhmaError the field is missing or null */
export function getText(ryhma: Tietoryhma, field: string): string {
  const value = findText(ryhma, field);
  if (value === undefined) throw new TietoryhmaError(ryhma, field, 'is missing');
  return value;
}

/** @throws TietoryhmaError the field is no true or false */
export function getBoolean(ryhma: Tietoryhma, field: string): boolean {
  const value = ryhma[field];
  if (typeof value !== 'boolean') throw new TietoryhmaError(ryhma, field, 'is not true or false');
  return value;
}

/**
 * Day of a field `{arvo: "yyyy-MM-dd", tarkkuus}`; undefined when the field is missing or null.
 * @throws TietoryhmaError `arvo` is no full day: VTJ may know a year or a month only
 */
export function findDate(ryhma: Tietoryhma, field: string, owner = ryhma): LocalDate | undefined {
  const value = ryhma[field];
  if (value === undefined || value === null) return undefined;
  const arvo = isObject(value) ? value.arvo : undefined;
  if (typeof arvo !== 'string' || parseLocalDate(arvo) === null)
    throw new TietoryhmaError(owner, field, 'is not a full day');
  return arvo;
}

/** @throws TietoryhmaError the field is missing, null or no list */
export function getList(ryhma: Tietoryhma, field: string): unknown[] {
  const value = ryhma[field];
  if (!Array.isArray(value)) throw new TietoryhmaError(ryhma, field, 'is not a list');
  return value as unknown[];
}

/** Value of a field keyed by language: that of `kieli`, else the Finnish one. */
export function findLocalised(ryhma: Tietoryhma, field: string, kieli: string): string | undefined {
  const value = ryhma[field];
  return isObject(value) ? (findText(value, kieli) ?? findText(value, 'fi')) : undefined;
}

export function isObject(value: unknown): value is Tietoryhma {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
