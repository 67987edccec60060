let knownMs = NaN;
let known = '';

/** The instant as `2026-01-31T10:15:30.123Z`; remembered, since several lines are written within a millisecond. */
export function isoTime(ms: number): string {
  if (ms !== knownMs) {
    knownMs = ms;
    known = new Date(ms).toISOString();
  }
  return known;
}
