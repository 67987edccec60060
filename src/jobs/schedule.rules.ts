/** When a job runs. Both kinds are those of the reference (docs/spec/security-integrations-jobs.md#5.1). */
export type Schedule =
  | { readonly kind: 'fixedDelay'; readonly delayMs: number }
  | { readonly kind: 'daily'; readonly hour: number; readonly minute: number };

export interface Span {
  readonly hours?: number;
  readonly minutes?: number;
  readonly milliseconds?: number;
}

const DAY_MS = 24 * 3_600_000;

/** Again so long after the end of the last run; the first run is due at once. */
export const fixedDelay = ({ hours = 0, minutes = 0, milliseconds = 0 }: Span): Schedule => ({
  kind: 'fixedDelay',
  delayMs: (hours * 60 + minutes) * 60_000 + milliseconds,
});

/** Every day at this time of UTC, the zone of the reference's container: no daylight saving, every day has the time once. */
export const dailyAt = (hour: number, minute: number): Schedule => ({ kind: 'daily', hour, minute });

/** The first time of a job that has no row yet. */
export const firstTime = (schedule: Schedule, now: Date): Date =>
  schedule.kind === 'daily' ? nextTime(schedule, now) : now;

/**
 * The time after a run.
 * @param after end of the run; for a daily job not before the time that the run was due, so that a clock set back
 *   during the run does not bring the same time again
 */
export function nextTime(schedule: Schedule, after: Date): Date {
  if (schedule.kind === 'fixedDelay') return new Date(after.getTime() + schedule.delayMs);
  const { hour, minute } = schedule;
  const sameDay = Date.UTC(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate(), hour, minute);
  return new Date(sameDay > after.getTime() ? sameDay : sameDay + DAY_MS);
}

export interface PlannedRow {
  readonly executionTime: Date;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
}

/** A row due sooner than this is left as it is. */
const IMMINENT_RUN_MS = 10_000;

/**
 * The new time of a row that an earlier start planned; null: it stays. A daily row moves when its time is another; a fixed
 * delay only when it would run earlier. After the clock was set back the last run may lie ahead of it: within a day it counts
 * as done, so that a daily job does not run twice.
 */
export function movedTime(schedule: Schedule, row: PlannedRow, now: Date): Date | null {
  const planned = row.executionTime.getTime();
  if (planned <= now.getTime() + IMMINENT_RUN_MS) return null;
  const runs = [row.lastSuccess, row.lastFailure]
    .map((run) => run?.getTime() ?? 0)
    .filter((run) => run < now.getTime() + DAY_MS);
  const after = schedule.kind === 'daily' ? Math.max(now.getTime(), ...runs) : now.getTime();
  const next = nextTime(schedule, new Date(after));
  if (schedule.kind === 'daily' ? next.getTime() === planned : next.getTime() >= planned) return null;
  return next;
}

/** For listings: `daily 04:30 UTC`, `15 min after the end`. */
export function describeSchedule(schedule: Schedule): string {
  const two = (n: number) => String(n).padStart(2, '0');
  if (schedule.kind === 'daily') return `daily ${two(schedule.hour)}:${two(schedule.minute)} UTC`;
  const seconds = schedule.delayMs / 1000;
  return seconds % 60 === 0 ? `${seconds / 60} min after the end` : `${seconds} s after the end`;
}
