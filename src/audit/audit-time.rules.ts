const FORMAT = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Helsinki', hour: '2-digit', hourCycle: 'h23' });
const HOUR_MS = 3_600_000;

let knownHour = NaN;
let knownOffset = 0;
let knownMs = NaN;
let known = '';

/** Hours that Helsinki is ahead of UTC: 2 or 3; worked out once per hour. */
function offsetAt(ms: number): number {
  const hour = Math.floor(ms / HOUR_MS);
  if (hour !== knownHour) {
    knownHour = hour;
    knownOffset = (Number(FORMAT.format(hour * HOUR_MS)) - new Date(hour * HOUR_MS).getUTCHours() + 24) % 24;
  }
  return knownOffset;
}

/** `2026-01-31T12:15:30.123+02`: the audit log's pattern (docs/spec/security-integrations-jobs.md#3.1). */
export function auditTime(ms: number): string {
  const offset = offsetAt(ms);
  if (ms !== knownMs) {
    knownMs = ms;
    known = `${new Date(ms + offset * HOUR_MS).toISOString().slice(0, -1)}+0${offset}`;
  }
  return known;
}
