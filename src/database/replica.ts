import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionPool } from './connection-pool.js';
import { RecentWriters } from './recent-writers.js';
import { DatabaseUnavailableError } from './unavailable.js';

const MEASURE_INTERVAL_MS = 500;
const CATCH_UP_INTERVAL_MS = 50;
/** Positions of the primary that the standby has not reached yet; the oldest tells how far behind it is. */
const MAX_POSITIONS = 1_000;
/** The time between two measurements and a write that is under way, on top of the lag that is allowed. */
const LAG_MARGIN_MS = 2_000;
/** A standby on which a read failed serves nothing for so long. */
const FAILED_STANDBY_REST_MS = 5_000;

/** Why the primary served a read that a standby may serve. */
export type PrimaryBecause = 'writer' | 'late' | 'away' | 'failed';

/**
 * The standby that serves reads which may be late, as long as it is not too late. How late it is shows in the positions of
 * the log that the primary had and the standby has replayed, by the clock of this process (ADR 157).
 */
export class Replica {
  private readonly timer = setInterval(() => void this.measure(), MEASURE_INTERVAL_MS).unref();
  /** Where the primary was when; oldest first, only those that the standby has not reached. */
  private readonly ahead: { readonly at: number; readonly position: number }[] = [];
  private measuring = false;
  /** When both have last answered; on the clock of `performance.now()`, as the next. */
  private answeredAt = -Infinity;
  private restsUntil = -Infinity;
  private readonly writers: RecentWriters;
  /** Counts of reads: those that the standby has served, and those that went to the primary, by reason. */
  readonly served: Record<PrimaryBecause | 'replica', number> = { replica: 0, writer: 0, late: 0, away: 0, failed: 0 };

  constructor(
    readonly pool: ConnectionPool,
    /** Of the primary, for small questions. */
    private readonly primary: ConnectionPool,
    private readonly maxLagMs: number,
  ) {
    this.writers = new RecentWriters(maxLagMs + LAG_MARGIN_MS);
    void this.measure();
  }

  /** Milliseconds by which it may be behind; Infinity: it is away, or no standby. */
  get lagMs(): number {
    const now = performance.now();
    const behindMs = this.ahead.length > 0 ? now - this.ahead[0]!.at : 0;
    return this.answeredAt === -Infinity ? Infinity : Math.max(behindMs, now - this.answeredAt - MEASURE_INTERVAL_MS);
  }

  /** The caller's next reads, for as long as the standby may be late, are for the primary. */
  noteWrite(caller: string): void {
    this.writers.add(caller);
  }

  /** Why it cannot serve this caller now; null: it can. @param caller null: nobody in particular */
  refuses(caller: string | null): PrimaryBecause | null {
    if (caller !== null && this.writers.has(caller)) return 'writer';
    const { lagMs } = this;
    if (lagMs === Infinity || performance.now() < this.restsUntil) return 'away';
    return lagMs > this.maxLagMs ? 'late' : null;
  }

  /** A read failed on it that the primary can serve. */
  rest(): void {
    this.served.failed++;
    this.restsUntil = performance.now() + FAILED_STANDBY_REST_MS;
  }

  /** Waits until it shows all that the primary shows now. @returns false: not within the lag that is allowed */
  async catchUp(): Promise<boolean> {
    const isUpToDate = await this.waitForReplay();
    if (!isUpToDate) this.served.late++;
    return isUpToDate;
  }

  private async waitForReplay(): Promise<boolean> {
    const end = performance.now() + this.maxLagMs;
    try {
      const position = await askPosition(this.primary, PRIMARY_POSITION);
      while (position !== null) {
        const replayed = await askPosition(this.pool, REPLAYED_POSITION);
        if (replayed === null) return false;
        if (replayed >= position) return true;
        if (performance.now() > end) return false;
        await sleep(CATCH_UP_INTERVAL_MS);
      }
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    }
    return false;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    if (this.measuring) return;
    this.measuring = true;
    const at = performance.now();
    try {
      const position = await askPosition(this.primary, PRIMARY_POSITION);
      if (position !== null && this.ahead.length < MAX_POSITIONS) this.ahead.push({ at, position });
      const replayed = await askPosition(this.pool, REPLAYED_POSITION);
      if (position === null || replayed === null) {
        this.answeredAt = -Infinity;
      } else {
        while (this.ahead.length > 0 && this.ahead[0]!.position <= replayed) this.ahead.shift();
        this.answeredAt = performance.now();
      }
    } catch {
      // nothing is known of it: it grows late
    } finally {
      this.measuring = false;
    }
  }
}

/** Bytes of the log. PostgreSQL calls what a standby has replayed null where the server is none, and refuses the other there. */
const bytes = (position: string) => `(${position} - '0/0')::bigint`;
const PRIMARY_POSITION = `case when pg_is_in_recovery() then null else ${bytes('pg_current_wal_flush_lsn()')} end`;
const REPLAYED_POSITION = `case when pg_is_in_recovery() then ${bytes('pg_last_wal_replay_lsn()')} end`;

async function askPosition(pool: ConnectionPool, position: string): Promise<number | null> {
  const { rows } = await pool.query<{ position: number | null }>({ text: `select ${position} as position` });
  return rows[0]!.position;
}
