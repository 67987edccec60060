import { performance } from 'node:perf_hooks';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { JobRegistry, type RegisteredJob } from './job-registry.service.js';
import { JobRunner } from './job-runner.service.js';
import { firstTime, movedTime } from './schedule.rules.js';
import { ScheduledTaskRepository } from './scheduled-task.repository.js';

/** Jobs that one process runs at the same time. */
const JOBS_AT_ONCE = 10;
const UNKNOWN_JOB_KEPT_MS = 14 * 24 * 3_600_000;
const CLEAN_INTERVAL_MS = 3_600_000;
/** A wall clock that differs this much from the elapsed time has been set. */
const CLOCK_JUMP_MS = 60_000;

/**
 * Runs the jobs of this process at the times in scheduled_tasks (docs/spec/security-integrations-jobs.md#5.1). The table is
 * read at every poll, since operators and SQL functions change its times by hand.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private timer: NodeJS.Timeout | null = null;
  private polling: Promise<void> | null = null;
  private started = false;
  private stopped = false;
  private stopping: Promise<void> | null = null;
  private cleanedAt = 0;
  /** Wall clock and monotonic time of the last look at both. */
  private seen: { wall: number; steady: number } | null = null;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
    private readonly tasks: ScheduledTaskRepository,
    private readonly runner: JobRunner,
  ) {}

  /** Off, or started: its table could be read once. */
  get isWell(): boolean {
    return !this.config.jobs.enabled || this.started;
  }

  onApplicationBootstrap(): void {
    if (this.config.jobs.enabled) this.schedule(0);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Running jobs are told to end and waited for; a second call waits with the first. */
  stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    return (this.stopping ??= this.waitForEnd());
  }

  private async waitForEnd(): Promise<void> {
    await this.polling;
    await this.runner.stop(this.config.jobs.shutdownMs, { repeat: true });
  }

  /** One poll: the rows as they should be, dead runs, then what is due. */
  async poll(): Promise<void> {
    const jobs = this.registry.list().filter(({ enabled }) => enabled);
    const names = jobs.map(({ name }) => name);
    const clockSet = this.isClockSet();
    if (!this.started || clockSet) await this.plan(jobs);
    this.started = true;
    await this.removeUnknown(names);

    const { heartbeatMs, missedHeartbeats } = this.config.jobs;
    const idle = names.filter((name) => !this.runner.isRunning(name)); // a run here is alive, even if its heartbeats failed
    const dead = await this.tasks.reviveDead(idle, heartbeatMs * missedHeartbeats, this.clock.now());
    for (const name of dead) this.log.warn(`job "${name}" is taken over: its process is silent`);

    const free = JOBS_AT_ONCE - this.runner.size;
    if (free <= 0 || this.stopped) return;
    const due = await this.tasks.claimDue(idle, this.clock.now(), free, this.runner.host);
    for (const task of due) {
      const run = this.runner.run(this.registry.find(task.name)!, task);
      if (due.length === free) void run.then(() => this.pollSoon()); // others may be waiting for a worker
    }
  }

  /** Rows that are missing are added; planned times follow changed schedules. */
  private async plan(jobs: readonly RegisteredJob[]): Promise<void> {
    const now = this.clock.now();
    await this.tasks.insertMissing(
      jobs.map(({ name, schedule }) => ({ name, executionTime: firstTime(schedule, now) })),
    );
    for (const task of await this.tasks.listByNames(jobs.map(({ name }) => name))) {
      if (task.picked) continue;
      const to = movedTime(this.registry.find(task.name)!.schedule, task, now);
      if (to) await this.tasks.move(task, to);
    }
  }

  /** Rows of jobs that are off or of another version stay as they are, until nobody has run them for 14 days. */
  private async removeUnknown(names: readonly string[]): Promise<void> {
    const now = this.clock.now().getTime();
    if (Math.abs(now - this.cleanedAt) < CLEAN_INTERVAL_MS) return;
    this.cleanedAt = now;
    for (const name of await this.tasks.removeUnknown(names, new Date(now - UNKNOWN_JOB_KEPT_MS))) {
      this.log.log(`job "${name}" is unknown here and has not run for 14 days: removed`);
    }
  }

  /** A clock set forward and back would leave daily jobs planned days ahead: their times are looked over again. */
  private isClockSet(): boolean {
    const now = { wall: this.clock.now().getTime(), steady: performance.now() };
    const drift = this.seen ? now.wall - this.seen.wall - (now.steady - this.seen.steady) : 0;
    this.seen = now;
    if (Math.abs(drift) < CLOCK_JUMP_MS) return false;
    this.log.warn(`The clock was set by ${Math.round(drift / 1000)} s`);
    return true;
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.polling = this.poll()
        .catch((error: unknown) => this.log.error(`No jobs were looked for: ${(error as Error).message}`))
        .finally(() => {
          this.polling = null;
          if (!this.stopped) this.schedule(this.config.jobs.pollMs);
        });
    }, delayMs);
  }

  private pollSoon(): void {
    if (this.polling || this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.schedule(0);
  }
}
