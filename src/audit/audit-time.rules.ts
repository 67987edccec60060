import { helsinkiOffset } from '../common/helsinki-time.js';

const MINUTE_MS = 60_000;

let knownMs = NaN;
let known = '';

/** `2026-01-31T12:15:30.123+02`: the audit log's pattern (docs/spec/security-integrations-jobs.md#3.1). */
export function auditTime(ms: number): string {
  if (ms !== knownMs) {
    const offset = helsinkiOffset(ms);
    knownMs = ms;
    known = `${new Date(ms + offset * MINUTE_MS).toISOString().slice(0, -1)}+0${offset / 60}`;
  }
  return known;
}
