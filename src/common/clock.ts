import { toHelsinkiText } from './helsinki-time.js';

/** 'YYYY-MM-DD', a day without a clock. */
export type LocalDate = string;

/** The time, so that tests may choose it. */
export class Clock {
  now(): Date {
    return new Date();
  }

  /** The same in milliseconds since 1970. */
  millis(): number {
    return Date.now();
  }

  /** The day in Europe/Helsinki. */
  today(): LocalDate {
    return toHelsinkiText(this.now().getTime()).slice(0, 10);
  }
}

/** The one that is injected, for what no injector makes and for caches that ask it at every use. */
export const systemClock = new Clock();
