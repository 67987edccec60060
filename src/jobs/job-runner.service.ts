import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Clock } from '../common/clock.js';
import { errorText } from '../common/error-text.js';
import { traceWork } from '../common/tracing.js';
import { maskHetut } from '../common/hetu-mask.js';
import { ProgressMeter } from '../common/progress.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import type { JobSummary } from './job.decorator.js';
import type { RegisteredJob } from './job-registry.service.js';
import type { JobRun } from './job-run.entity.js';
import { JobRunRepository } from './job-run.repository.js';
import { nextTime } from './schedule.rules.js';
import { ScheduledTaskRepository, type Completion, type PlannedTask } from './scheduled-task.repository.js';

const runs = new Counter({ name: 'onr_job_runs_total', help: 'Ended runs of jobs', labelNames: ['job', 'outcome'] });
const durations = new Histogram({
  name: 'onr_job_duration_seconds',
  help: 'Time of one run of a job',
  labelNames: ['job'],
  buckets: [0.1, 1, 10, 60, 600, 3600],
});
const lastSuccess = new Gauge({
  name: 'onr_job_last_success_timestamp_seconds',
  help: 'End of the last run that succeeded in this process',
  labelNames: ['job'],
});

const itemsDone = new Gauge({
  name: 'onr_job_items_done',
  help: 'Items that the running jobs of this process have worked on in this run',
  labelNames: ['job'],
});
const itemsTotal = new Gauge({
  name: 'onr_job_items_total',
  help: 'Items of the running jobs of this process in all, where they know',
  labelNames: ['job'],
});

/** Pauses between attempts to store the end of a run; after the last one another process takes the row over. */
const COMPLETION_PAUSES_MS = [500, 2_000, 5_000, 10_000];
/** How often the progress of a run is written down. */
const PROGRESS_INTERVAL_MS = 2_000;

interface Run {
  readonly version: number;
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}

/** How a run ended; `taken`: it was another process's by then. */
export type Outcome = 'succeeded' | 'failed' | 'taken';

/** Runs jobs whose rows this process has taken: heartbeat, summary, metrics, next time. */
@Injectable()
export class JobRunner {
  readonly host = hostname();
  private readonly log = new Logger('Jobs');
  private readonly running = new Map<string, Run>();
  private readonly endings: (() => Promise<void>)[] = [];
  private heart: NodeJS.Timeout | null = null;
  private stopped = false;
  /** Interrupted runs are due again at once. */
  private repeats = false;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    private readonly tasks: ScheduledTaskRepository,
    private readonly latestRuns: JobRunRepository,
  ) {}

  get size(): number {
    return this.running.size;
  }

  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  /** Adds an effect that runs after the work of every run, before the run counts as ended. */
  beforeEnd(effect: () => Promise<void>): void {
    this.endings.push(effect);
  }

  /**
   * One run of a job whose row this process has taken. Never fails.
   * @param progress counts what the run works on
   */
  async run(job: RegisteredJob, task: PlannedTask, progress = new ProgressMeter()): Promise<Outcome> {
    const due = new Date(Math.min(task.executionTime.getTime(), this.clock.now().getTime()));
    const abort = new AbortController();
    const work = this.work(job, abort.signal, progress);
    const ended = work.then((succeeded) => {
      const interrupted = !succeeded && abort.signal.aborted && this.repeats;
      return this.complete(job, task, due, succeeded, interrupted);
    });
    this.running.set(job.name, { version: task.version, abort, ended });
    this.heart ??= setInterval(() => void this.beat(), this.config.jobs.heartbeatMs).unref();
    try {
      return await ended;
    } finally {
      this.running.delete(job.name);
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- another may have stopped it meanwhile
      if (this.running.size === 0 && this.heart) {
        clearInterval(this.heart);
        this.heart = null;
      }
    }
  }

  /**
   * Tells every run to end soon and waits for them. Those left are taken over once their heartbeat is missed.
   * @param repeat runs that could not do all are due again at once, for another process
   */
  async stop(waitMs: number, { repeat = false } = {}): Promise<void> {
    this.repeats = repeat;
    for (const { abort } of this.running.values()) abort.abort();
    const all = Promise.all([...this.running.values()].map(({ ended }) => ended));
    await Promise.race([all, sleep(waitMs, undefined, { ref: false })]);
    this.stopped = true;
    for (const name of this.running.keys()) this.log.warn(`job "${name}" is left running`);
  }

  private async work(job: RegisteredJob, signal: AbortSignal, progress: ProgressMeter): Promise<boolean> {
    const started = performance.now();
    const end = this.writeDown(job.name, progress);
    let summary: JobSummary | null = null;
    let reason = '';
    try {
      summary = await traceWork(`job ${job.name}`, { 'onr.job': job.name }, () => job.handler.run(signal, progress));
      for (const effect of this.endings) await effect();
    } catch (error) {
      reason = maskHetut(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    const ms = Math.round(performance.now() - started);
    const outcome = reason === '' ? 'succeeded' : 'failed';
    runs.inc({ job: job.name, outcome });
    durations.observe({ job: job.name }, ms / 1000);
    if (outcome === 'succeeded') lastSuccess.set({ job: job.name }, this.clock.now().getTime() / 1000);
    const counts = Object.entries(summary ?? {}).map(([name, count]) => `${name}=${count}`);
    const line = [`job "${job.name}" ${outcome}`, ...counts, `durationMs=${ms}`].join(' ');
    if (outcome === 'succeeded') this.log.log(line);
    else this.log.error(`${line} reason="${reason}"`);
    await end(outcome === 'succeeded', summary, reason === '' ? null : reason);
    return outcome === 'succeeded';
  }

  /**
   * Writes down that a run has begun and, from time to time, how far it is. A failure changes nothing: this is for people only.
   * @returns writes down how it ended
   */
  private writeDown(name: string, progress: ProgressMeter) {
    const run = { name, host: this.host, started: this.clock.now(), ended: null, succeeded: null, summary: null, reason: null }; // prettier-ignore
    let written = -1;
    let last: Promise<void> = Promise.resolve();
    const save = (end: Partial<JobRun> = {}) => {
      const { done, total } = progress.read();
      written = done;
      itemsDone.set({ job: name }, done);
      if (total !== null) itemsTotal.set({ job: name }, total);
      last = last
        .then(() => this.latestRuns.save({ ...run, done, total, ...end }))
        .catch((error: unknown) =>
          this.log.warn(`The progress of job "${name}" is not written: ${errorText(error as Error)}`),
        );
      return last;
    };
    void save();
    const timer = setInterval(() => progress.read().done !== written && void save(), PROGRESS_INTERVAL_MS).unref();
    return (succeeded: boolean, summary: JobSummary | null, reason: string | null): Promise<void> => {
      clearInterval(timer);
      const saved = save({ ended: this.clock.now(), succeeded, summary, reason });
      itemsDone.remove({ job: name });
      itemsTotal.remove({ job: name });
      return saved;
    };
  }

  /** Writes the end of a run; a database that is away for a moment does not make the job run twice. */
  private async complete(
    job: RegisteredJob,
    task: PlannedTask,
    due: Date,
    succeeded: boolean,
    interrupted: boolean,
  ): Promise<Outcome> {
    const now = this.clock.now();
    const at = job.schedule.kind === 'daily' && due > now ? due : now; // a clock set back during the run does not count
    const completion: Completion = { succeeded, at, next: interrupted ? now : nextTime(job.schedule, at) };
    for (const pause of [...COMPLETION_PAUSES_MS, null]) {
      try {
        if (await this.tasks.complete(task.name, task.version, completion)) return succeeded ? 'succeeded' : 'failed';
        this.log.warn(`job "${job.name}" was taken over while it ran here`);
        return 'taken';
      } catch (error) {
        this.log.warn(`The end of job "${job.name}" is not written: ${(error as Error).message}`);
        if (pause === null || this.stopped) break;
        await sleep(pause);
      }
    }
    return 'taken';
  }

  private async beat(): Promise<void> {
    const mine = [...this.running].map(([name, { version }]) => ({ name, version }));
    try {
      const kept = new Set(await this.tasks.heartbeat(mine));
      for (const { name, version } of mine) {
        const run = this.running.get(name);
        if (kept.has(name) || run?.version !== version) continue;
        run.abort.abort();
      }
    } catch (error) {
      this.log.warn(`No heartbeat: ${(error as Error).message}`);
    }
  }
}
