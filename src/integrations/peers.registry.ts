import { systemClock } from '../common/clock.js';

/** Calls are counted over so many minutes. */
const COUNTED_MINUTES = 15;
const MINUTE_MS = 60_000;

/** What this process has seen of a system outside since its start. */
export interface PeerState {
  readonly peer: string;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  /** Status, or why there was no answer; null: none has failed yet. */
  readonly lastReason: string | null;
  /** Calls that failed since the last that did not. */
  readonly failuresInARow: number;
  /** In the last quarter of an hour. */
  readonly calls: number;
  readonly failures: number;
}

interface Minute {
  readonly minute: number;
  calls: number;
  failures: number;
}

interface Seen {
  lastSuccess: number | null;
  lastFailure: number | null;
  lastReason: string | null;
  failuresInARow: number;
  readonly minutes: Minute[];
}

const seen = new Map<string, Seen>();

function seenOf(peer: string): Seen {
  let found = seen.get(peer);
  if (!found)
    seen.set(
      peer,
      (found = { lastSuccess: null, lastFailure: null, lastReason: null, failuresInARow: 0, minutes: [] }),
    );
  return found;
}

/** The system will be called: it is listed also before the first call. */
export const notePeer = (peer: string): void => void seenOf(peer);

/** @param failure null: it answered, and below 500; else its status or a short word, without data */
export function noteCall(peer: string, failure: string | null): void {
  const now = systemClock.millis();
  const found = seenOf(peer);
  const minute = Math.floor(now / MINUTE_MS);
  let current = found.minutes.at(-1);
  if (current?.minute !== minute) {
    found.minutes.push((current = { minute, calls: 0, failures: 0 }));
    if (found.minutes.length > COUNTED_MINUTES) found.minutes.shift();
  }
  current.calls++;
  if (failure === null) {
    found.lastSuccess = now;
    found.failuresInARow = 0;
  } else {
    current.failures++;
    found.lastFailure = now;
    found.lastReason = failure;
    found.failuresInARow++;
  }
}

/** All systems that this process calls, by name. */
export function listPeers(): PeerState[] {
  const oldest = Math.floor(systemClock.millis() / MINUTE_MS) - COUNTED_MINUTES;
  const date = (at: number | null) => (at === null ? null : new Date(at));
  return [...seen]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([peer, { minutes, lastSuccess, lastFailure, lastReason, failuresInARow }]) => {
      const recent = minutes.filter(({ minute }) => minute > oldest);
      const sum = (of: 'calls' | 'failures') => recent.reduce((total, minute) => total + minute[of], 0);
      return {
        peer,
        lastSuccess: date(lastSuccess),
        lastFailure: date(lastFailure),
        lastReason,
        failuresInARow,
        calls: sum('calls'),
        failures: sum('failures'),
      };
    });
}
