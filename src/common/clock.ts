import { toHelsinkiText } from './helsinki-time.js';

/** 'YYYY-MM-DD', a day without a clock. */
export type LocalDate = string;

/** The time, so that tests may choose it. */
export class Clock {
  now(): Date {
    return new Date();
  }

  /** The day in Europe/Helsinki. */
  today(): LocalDate {
    return toHelsinkiText(this.now().getTime()).slice(0, 10);
  }
}
