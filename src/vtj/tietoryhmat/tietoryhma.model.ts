import type { LocalDate } from '../../common/clock.js';
import { ValidationError } from '../../common/errors.js';
import { readKyllaEi } from '../../common/kylla-ei.js';
import { daysInMonth } from '../../common/local-date.js';

/** One change group (tietoryhmä) of a VTJ message, as received (docs/spec/yksilointi-vtj.md#5.8). */
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
  const loppupv = findPaiva(ryhma, 'loppupv');
  return loppupv === undefined || loppupv.viimeinen > today;
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Is there a plain value, be it empty? Null counts as absent everywhere. */
export const isGiven = (object: Tietoryhma, field: string): boolean => isPlain(object[field]);

/** Text of a field without the space around it; undefined when it is missing, null, empty, blank or not a plain value. */
export function findText(object: Tietoryhma, field: string): string | undefined {
  const value = object[field];
  return (isPlain(value) && String(value).trim()) || undefined;
}

/** Digits of a code in kunta, in maatjavaltiot2, and of a postal code. */
export const KUNTAKOODI = 3;
export const MAAKOODI = 3;
export const POSTINUMERO = 5;

/** A code of digits, which may come as a number and without its leading zeros; otherwise as `findText`. */
export function findKoodi(object: Tietoryhma, field: string, length: number): string | undefined {
  const text = findText(object, field);
  return text !== undefined && /^\d+$/.test(text) ? text.padStart(length, '0') : text;
}

/** @throws TietoryhmaError the field is missing or null; an empty one says nothing */
export function assertGiven(ryhma: Tietoryhma, field: string): void {
  if (!isGiven(ryhma, field)) throw new TietoryhmaError(ryhma, field, 'is missing');
}

/** @throws TietoryhmaError the field says neither yes nor no */
export function getKyllaEi(ryhma: Tietoryhma, field: string): boolean {
  const value = readKyllaEi(ryhma[field]);
  if (value === undefined) throw new TietoryhmaError(ryhma, field, 'is not true or false');
  return value;
}

/** What is known of a day: the same day twice, or the first and the last day of its month or year. */
export interface Paiva {
  readonly ensimmainen: LocalDate;
  readonly viimeinen: LocalDate;
}

/** A year, a month or a day; what is not known may be zeros. */
const ARVO = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;

/**
 * Day of a field `{arvo: "yyyy-MM-dd", tarkkuus}`, of which VTJ may know the year or the month only; undefined when nothing is
 * known of it.
 * @throws TietoryhmaError `arvo` is something else
 */
export function findPaiva(ryhma: Tietoryhma, field: string, owner = ryhma): Paiva | undefined {
  const value = ryhma[field];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new TietoryhmaError(owner, field, 'is not a day');
  if (value.arvo === undefined || value.arvo === null) return undefined;
  const arvo = isPlain(value.arvo) ? String(value.arvo).trim() : undefined;
  if (arvo === '') return undefined;
  const paiva = arvo === undefined ? undefined : readPaiva(arvo);
  if (!paiva) throw new TietoryhmaError(owner, field, 'is not a day');
  return paiva;
}

function readPaiva(arvo: string): Paiva | undefined {
  const [, year, month = '00', day = '00'] = ARVO.exec(arvo) ?? [];
  if (year === undefined || year === '0000') return undefined;
  if (month === '00') return day === '00' ? { ensimmainen: `${year}-01-01`, viimeinen: `${year}-12-31` } : undefined;
  if (Number(month) > 12) return undefined;
  const last = String(daysInMonth(Number(year), Number(month))).padStart(2, '0');
  const [ensimmainen, viimeinen] = day === '00' ? [`${year}-${month}-01`, `${year}-${month}-${last}`] : [arvo, arvo];
  return day > last ? undefined : { ensimmainen, viimeinen };
}

/** The day when it is known to the day, else undefined; otherwise as `findPaiva`. */
export function findDate(ryhma: Tietoryhma, field: string, owner = ryhma): LocalDate | undefined {
  const paiva = findPaiva(ryhma, field, owner);
  return paiva?.ensimmainen === paiva?.viimeinen ? paiva?.ensimmainen : undefined;
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
