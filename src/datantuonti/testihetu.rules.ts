import { randomInt } from 'node:crypto';
import type { LocalDate } from '../common/clock.js';
import { centurySigns, makeHetu } from '../common/hetu.js';

const DAY_MS = 86_400_000;
const millisOf = (day: LocalDate): number => Date.parse(`${day}T00:00:00Z`);

/** Draws a whole number from 0 to `count` - 1. */
export type Draw = (count: number) => number;

/** Every number is as likely as any other. */
export const draw: Draw = (count) => randomInt(count);

/** One of the elements. */
export const drawOne = <T>(elements: readonly T[], by: Draw = draw): T => elements[by(elements.length)]!;

/**
 * A hetu that no real person has: individual number 900 to 999.
 * @throws Error the year is before 1800 or after 2099
 */
export function drawTestihetu(birthDate: LocalDate, by: Draw = draw): string {
  const signs = centurySigns(birthDate);
  if (signs.length === 0) throw new Error(`No hetu begins with a birth on ${birthDate}`);
  return makeHetu(birthDate, drawOne(signs, by), String(900 + by(100)));
}

/** Every day from `first` to the day before `end` is as likely as any other. */
export function drawDay(first: LocalDate, end: LocalDate, by: Draw = draw): LocalDate {
  const days = Math.round((millisOf(end) - millisOf(first)) / DAY_MS);
  return new Date(millisOf(first) + by(days) * DAY_MS).toISOString().slice(0, 10);
}

/** The same day so many years later; 29 February becomes the 28th where the year has none. */
export function addYears(day: LocalDate, years: number): LocalDate {
  const year = Number(day.slice(0, 4)) + years;
  const moved = `${String(year).padStart(4, '0')}${day.slice(4)}`;
  const exists = new Date(millisOf(moved)).toISOString().startsWith(moved);
  return exists ? moved : moved.replace(/29$/, '28');
}
