import type { LocalDate } from './clock.js';

/** Century of each sign (docs/spec/henkilo.md#1.1). */
const CENTURIES: Readonly<Record<string, number>> = Object.fromEntries([
  ['+', 1800],
  ...[...'-YXWVU'].map((sign) => [sign, 1900]),
  ...[...'ABCDEF'].map((sign) => [sign, 2000]),
]) as Record<string, number>;
/** Signs of a century, by the first two digits of the year. */
const SIGNS: Readonly<Record<string, string>> = { '18': '+', '19': '-YXWVU', '20': 'ABCDEF' };
const CHECK_MARKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const SHAPE = /^(\d\d)(\d\d)(\d\d)([-+YXWVUABCDEF])(\d{3})([0-9A-Y])$/;

/** What SHAPE finds: day, month, year, sign, individual number, check mark. */
type HetuParts = readonly [string, string, string, string, string, string];

export interface HetuTiedot {
  readonly birthDate: LocalDate;
  /** Code of code set `sukupuoli`: '1' male, '2' female. */
  readonly sukupuoli: '1' | '2';
  /** Individual number 900-999: made up for tests. */
  readonly isFake: boolean;
}

/**
 * What a hetu tells; undefined for a text that is none. Exactly eleven characters, upper case, not trimmed. A day
 * beyond the month's end up to 31 counts as its last day, as the reference has it (docs/spec/henkilo.md#1.1).
 */
export function readHetu(text: string): HetuTiedot | undefined {
  const parts = SHAPE.exec(text);
  if (!parts) return undefined;
  const [, dd, mm, yy, sign, number, mark] = parts as unknown as readonly [string, ...HetuParts];
  const day = Number(dd);
  const month = Number(mm);
  if (day < 1 || day > 31 || month < 1 || month > 12) return undefined;
  if (CHECK_MARKS[Number(dd + mm + yy + number) % 31] !== mark) return undefined;
  const year = CENTURIES[sign]! + Number(yy);
  const clamped = Math.min(day, new Date(Date.UTC(year, month, 0)).getUTCDate());
  return {
    birthDate: `${year}-${mm}-${String(clamped).padStart(2, '0')}`,
    sukupuoli: Number(number[2]) % 2 === 0 ? '2' : '1',
    isFake: number.startsWith('9'),
  };
}

/** @returns the signs that a hetu of a birth in this year may have; none for a year outside 1800 to 2099 */
export const centurySigns = (birthDate: LocalDate): readonly string[] => [...(SIGNS[birthDate.slice(0, 2)] ?? '')];

/** @param sign one of `centurySigns` @param number individual number, three digits */
export function makeHetu(birthDate: LocalDate, sign: string, number: string): string {
  const day = birthDate.slice(8) + birthDate.slice(5, 7) + birthDate.slice(2, 4);
  return `${day}${sign}${number}${CHECK_MARKS[Number(day + number) % 31]}`;
}

/** Whether somebody may have meant a hetu by the text, a wrong one included. */
export const looksLikeHetu = (text: string): boolean => /^\s*\d{6}[-+a-z]\d{3}[0-9a-z]\s*$/i.test(text);

/** @param allowFake whether an individual number 900-999 counts as valid (setting `allow-fake-ssn`) */
export function isValidHetu(text: string, { allowFake }: { allowFake: boolean }): boolean {
  const hetu = readHetu(text);
  return hetu !== undefined && (allowFake || !hetu.isFake);
}
