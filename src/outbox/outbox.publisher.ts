import {
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { systemClock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { currentRequest } from '../http/request-context.js';
import { HenkiloModifiedTopic } from '../integrations/sns/henkilo-modified.topic.js';
import { JobRunner } from '../jobs/job-runner.service.js';
import { OutboxRepository, type OutboxRow } from './outbox.repository.js';

const published = new Counter({ name: 'onr_outbox_published_total', help: 'Messages that the topic took' });
const failures = new Counter({ name: 'onr_outbox_failures_total', help: 'Tries that the topic did not take' });
const waitingGauge = new Gauge({ name: 'onr_outbox_waiting', help: 'Messages left behind and not yet published' });

/** Catching up claims so many rows with one statement and publishes `MESSAGES_AT_ONCE` of them side by side. */
const MESSAGES_OF_BATCH = 100;
const MESSAGES_AT_ONCE = 10;
/** When more publications than this are under way, a job waits for one of them. */
const MAX_RUNNING_PUBLICATIONS = 50;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** Published rows are removed together, this long after the first of them was published. */
const REMOVE_AFTER_MS = 100;
/** While the database does not remove them, they are kept in mind and this is tried so often: else they would go out twice. */
const REMOVE_AGAIN_AFTER_MS = 1_000;
const COUNT_INTERVAL_MS = 30_000;
/** Longest time that a job waits for its messages at its end. */
const JOB_WAIT_MS = 10_000;

/**
 * Publishes what transactions left in the outbox. In the ordinary case a message goes out right after its commit; what
 * is left behind (the topic was down, the process died) is picked up here by any process, at least once, of each
 * person in order. While the topic is down, nobody waits for it.
 */
@Injectable()
export class OutboxPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(OutboxPublisher.name);
  private readonly running = new Set<Promise<unknown>>();
  /** Ids of published rows that are still there. */
  private readonly done = new Set<number>();
  private removing: Promise<void> | null = null;
  private removal: NodeJS.Timeout | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> | null = null;
  private stopped = false;
  /** Consecutive failures, and the instant before which the topic is left alone. */
  private failed = 0;
  private restUntil = 0;
  private countedAt = 0;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly topic: HenkiloModifiedTopic,
    private readonly outbox: OutboxRepository,
    @Optional() jobs?: JobRunner,
  ) {
    jobs?.beforeEnd(() => this.settle(JOB_WAIT_MS));
  }

  onApplicationBootstrap(): void {
    if (this.topic.enabled) this.schedule(0);
  }

  /**
   * Publishes what this process has just committed, the rows of a lane one after the other; a single long lane is spread
   * over several, each person on one. A request waits for it, but not longer than `outbox.waitMs`; a job does not, unless
   * too much is under way (see `settle`).
   */
  async publishCommitted(lanes: readonly (readonly OutboxRow[])[]): Promise<void> {
    if (systemClock.millis() < this.restUntil) return; // the lease runs out and they are swept up
    const [first = []] = lanes;
    const spread = lanes.length === 1 && first.length > MESSAGES_AT_ONCE ? lanesOf(first) : lanes;
    const work = Promise.all(spread.map((lane) => this.publishInOrder(lane))).finally(() => this.running.delete(work));
    this.running.add(work);
    if (currentRequest()) await within(work, this.config.outbox.waitMs);
    else if (this.running.size > MAX_RUNNING_PUBLICATIONS) await Promise.race(this.running);
  }

  /** Waits until nothing is under way, but not longer than `waitMs`. */
  async settle(waitMs: number): Promise<void> {
    await within(
      Promise.all(this.running).then(() => this.removeDone()),
      waitMs,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.sweeping;
    await this.settle(5_000);
  }

  /** Publishes every row whose lease has ended. */
  async sweep(): Promise<void> {
    while (!this.stopped && systemClock.millis() >= this.restUntil) {
      const rows = await this.outbox.claimDue(MESSAGES_OF_BATCH, this.config.outbox.leaseMs);
      if (rows.length === 0) break;
      const open = rows.filter(({ id }) => !this.done.has(id));
      for (let i = 0; i < open.length && systemClock.millis() >= this.restUntil; i += MESSAGES_AT_ONCE) {
        await Promise.all(open.slice(i, i + MESSAGES_AT_ONCE).map((row) => this.publishInOrder([row])));
      }
      await this.removeDone();
    }
    if (systemClock.millis() - this.countedAt < COUNT_INTERVAL_MS) return;
    this.countedAt = systemClock.millis();
    waitingGauge.set(await this.outbox.count());
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.log.error(`Catching up failed: ${String(error)}`))
        .finally(() => {
          this.sweeping = null;
          if (!this.stopped) this.schedule(this.config.outbox.pollMs);
        });
    }, delayMs);
    this.timer.unref();
  }

  /** Never fails: rows that the topic does not take are given back. */
  private async publishInOrder(rows: readonly OutboxRow[]): Promise<void> {
    for (const [i, row] of rows.entries()) {
      try {
        await this.topic.publish(row.henkiloOid);
      } catch (error) {
        failures.inc();
        this.rest(error);
        await this.postpone(rows.slice(i));
        return;
      }
      if (this.failed > 0) this.log.log('Messages go out again');
      this.failed = 0;
      published.inc();
      this.done.add(row.id);
      this.removeAfter(REMOVE_AFTER_MS);
    }
  }

  private rest(error: unknown): void {
    if (systemClock.millis() < this.restUntil) return; // one of several that were under way
    const delay = Math.min(FIRST_DELAY_MS * 2 ** this.failed++, MAX_DELAY_MS);
    this.restUntil = systemClock.millis() + delay;
    this.log.warn(`Messages stay in the outbox for ${delay} ms: ${(error as Error).message}`);
  }

  private async postpone(rows: readonly OutboxRow[]): Promise<void> {
    const delay = Math.max(0, this.restUntil - systemClock.millis());
    await this.outbox
      .postpone(
        rows.map(({ id }) => id),
        delay,
      )
      .catch((error: unknown) => {
        this.log.error(`Rows of the outbox wait for the end of their lease: ${String(error)}`);
      });
  }

  private removeAfter(delayMs: number): void {
    this.removal ??= setTimeout(() => void this.removeDone(), delayMs);
  }

  /** Removes published rows that have gathered. A row that outlives its lease, or this process, is published again. */
  private removeDone(): Promise<void> {
    if (this.removal) clearTimeout(this.removal);
    this.removal = null;
    this.removing ??= (async () => {
      while (this.done.size > 0) {
        const ids = [...this.done];
        await this.outbox.remove(ids);
        for (const id of ids) this.done.delete(id);
      }
    })()
      .catch((error: unknown) => {
        this.log.error(`Published rows stay in the outbox: ${String(error)}`);
        if (!this.stopped) this.removeAfter(REMOVE_AGAIN_AFTER_MS);
      })
      .finally(() => (this.removing = null));
    return this.removing;
  }
}

/** Spreads the rows over `MESSAGES_AT_ONCE` lanes; all rows of one person go to the same lane, in their order. */
function lanesOf(rows: readonly OutboxRow[]): OutboxRow[][] {
  const lanes = Array.from({ length: MESSAGES_AT_ONCE }, (): OutboxRow[] => []);
  const laneOf = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const lane = laneOf.get(row.henkiloOid) ?? lanes[laneOf.size % MESSAGES_AT_ONCE]!;
    laneOf.set(row.henkiloOid, lane);
    lane.push(row);
  }
  return lanes;
}

/** Waits for `work`, but at most `ms`; `work` itself goes on. */
async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
