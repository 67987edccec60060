import { daysInMonth } from './local-date.js';

/** Largest instant that PostgreSQL's timestamp holds, year 294276. */
const MAX_MS = Date.UTC(275_760, 8, 13);
const DATE = String.raw`([+-]?\d{1,9})(?:-(?:W(\d{1,2})(?:-(\d))?|(\d{3})|(\d{1,2})(?:-(\d{1,2}))?))?`;
const TIME = String.raw`(\d{1,2})(?:[.,](\d+)|:(\d{1,2})(?:[.,](\d+)|:(\d{1,2})(?:[.,](\d+))?)?)?`;
const OFFSET = String.raw`(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?`;
const DATE_TIME = new RegExp(`^(?:${DATE}(?:T(?:${TIME})?${OFFSET})?|T${TIME}${OFFSET})$`, 'i');

/**
 * An instant as the reference reads it from paths and queries (docs/spec/api.md#1.5): ISO 8601 date-time with or without parts
 * and offset (UTC without one), letters in either case, also week and ordinal dates, `T10:00` and a bare year of at most nine digits; otherwise
 * epoch milliseconds.
 * @returns null when it is none of these, or beyond what the database holds
 */
export function parseLegacyTimestamp(text: string): Date | null {
  const match = DATE_TIME.exec(text);
  if (match) return within(readDateTime(match));
  return /^-?\d{1,18}$/.test(text) ? within(Number(text)) : null;
}

const within = (ms: number | null): Date | null => (ms === null || !(Math.abs(ms) <= MAX_MS) ? null : new Date(ms));

function readDateTime(m: RegExpExecArray): number | null {
  const day = m[1] === undefined ? 0 : readDay(m);
  if (day === null) return null;
  const time = m[1] === undefined ? readTime(m.slice(14, 20)) : readTime(m.slice(7, 13));
  const offset = readOffset(m[1] === undefined ? m[20] : m[13]);
  return time === null || offset === null ? null : day + time - offset;
}

function readDay(m: RegExpExecArray): number | null {
  const [year, week, weekday, ordinal, month, day] = m.slice(1, 7);
  const y = Number(year);
  if (week !== undefined) return readWeek(y, Number(week), Number(weekday ?? 1));
  if (ordinal !== undefined) {
    const n = Number(ordinal);
    return n < 1 || n > (isLeap(y) ? 366 : 365) ? null : utc(y, 0, n);
  }
  const mm = Number(month ?? 1);
  const dd = Number(day ?? 1);
  if (mm < 1 || mm > 12 || dd < 1 || dd > daysInMonth(y, mm)) return null;
  return utc(y, mm - 1, dd);
}

function readWeek(year: number, week: number, weekday: number): number | null {
  if (week < 1 || week > 53 || weekday < 1 || weekday > 7) return null;
  const jan4 = utc(year, 0, 4);
  const firstMonday = jan4 - ((new Date(jan4).getUTCDay() + 6) % 7) * 86_400_000;
  return firstMonday + ((week - 1) * 7 + weekday - 1) * 86_400_000;
}

/** [hour, fraction of it, minute, fraction of it, second, fraction of it] */
function readTime(parts: (string | undefined)[]): number | null {
  const [hour, hourFraction, minute, minuteFraction, second, secondFraction] = parts;
  if (hour === undefined) return 0;
  const h = Number(hour);
  const m = Number(minute ?? 0);
  const s = Number(second ?? 0);
  if (h > 23 || m > 59 || s > 59) return null;
  const fraction = (digits: string | undefined, unit: number) =>
    digits === undefined ? 0 : Math.floor(Number(`0.${digits}`) * unit);
  return (
    h * 3_600_000 +
    m * 60_000 +
    s * 1000 +
    fraction(hourFraction, 3_600_000) +
    fraction(minuteFraction, 60_000) +
    fraction(secondFraction, 1000)
  );
}

function readOffset(offset: string | undefined): number | null {
  if (offset === undefined || offset === 'Z' || offset === 'z') return 0;
  const digits = offset.slice(1).replaceAll(':', '').padEnd(6, '0');
  const [h, m, s] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].map(Number) as [
    number,
    number,
    number,
  ];
  if (h > 23 || m > 59 || s > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (h * 3_600_000 + m * 60_000 + s * 1000);
}

const isLeap = (y: number): boolean => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;

/** Date.UTC takes the years 0-99 as 19xx; this does not. */
const utc = (year: number, month: number, day: number): number => new Date(0).setUTCFullYear(year, month, day);
