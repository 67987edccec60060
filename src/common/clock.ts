/** 'YYYY-MM-DD', a day without a clock. */
export type LocalDate = string;

const helsinki = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki', dateStyle: 'short' });

/** The time, so that tests may choose it. */
export class Clock {
  now(): Date {
    return new Date();
  }

  /** The day in Europe/Helsinki. */
  today(): LocalDate {
    return helsinki.format(this.now());
  }
}
