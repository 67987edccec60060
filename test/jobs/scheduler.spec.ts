import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { register } from 'prom-client';
import { measureSlowness } from '../../scripts/lib/slowness.ts';
import { Clock } from '../../src/common/clock.js';
import { readConfig } from '../../src/config/config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { Database } from '../../src/database/database.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { Job, type JobHandler, type JobProgress, type JobSummary } from '../../src/jobs/job.decorator.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { dailyAt, fixedDelay, type Schedule } from '../../src/jobs/schedule.rules.js';
import { Scheduler } from '../../src/jobs/scheduler.service.js';
import { JobRun } from '../../src/jobs/job-run.entity.js';
import { ScheduledTask } from '../../src/jobs/scheduled-task.entity.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const HOUR = 3_600_000;
const DONE: JobSummary = { seen: 3, changed: 2, failed: 1 };
/** Looks for jobs only when the test says so. */
const MANUAL = { ONR_JOBS_POLL_MS: '600000' };

@Injectable()
class FakeClock extends Clock {
  at = Date.parse('2026-03-28T12:00:00Z');
  override now(): Date {
    return new Date(this.at);
  }
}

let database: TestDatabase;
const apps: TestingModule[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await database.drop();
});

type Work = (signal: AbortSignal, progress: JobProgress) => Promise<JobSummary>;

/** A job that does what the test says; `runs` are the times of its clock. */
function makeJob(name: string, schedule: Schedule, work: Work = () => Promise.resolve(DONE), on = true) {
  const runs: string[] = [];
  @Job({ name, schedule, enabled: () => on })
  class TestJob implements JobHandler {
    constructor(private readonly clock: Clock) {}
    run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
      runs.push(this.clock.now().toISOString());
      return work(signal, progress);
    }
  }
  return { job: TestJob as Type<JobHandler>, runs };
}

async function start(jobs: Type<JobHandler>[], env: Record<string, string> = {}, clock?: FakeClock) {
  @Module({ providers: jobs })
  class Jobs {}
  const defaults = { DATABASE_URL: database.url, ONR_JOBS_POLL_MS: '50', ONR_JOBS_HEARTBEAT_MS: '100' };
  const config = ConfigModule.of(readConfig({ ...defaults, ...env }));
  const builder = Test.createTestingModule({
    imports: [config, DatabaseModule.forRoot([JobRun, ScheduledTask]), JobsModule, Jobs],
  });
  if (clock) builder.overrideProvider(Clock).useValue(clock);
  // Else the first look of the process itself could take a job while the test sets the clock.
  if (env === MANUAL) jest.spyOn(Scheduler.prototype, 'onApplicationBootstrap').mockImplementationOnce(() => undefined);
  const app = await builder.compile();
  apps.push(await app.init());
  return app;
}

interface Row {
  readonly picked: boolean;
  readonly execution_time: Date;
  readonly last_success: Date | null;
  readonly last_failure: Date | null;
  readonly consecutive_failures: number | null;
  readonly version: number;
}
const sql = <T extends object>(app: TestingModule, text: string, values: unknown[] = []) =>
  app.get(Database).query<T>(text, values);
const row = async (app: TestingModule, name: string) =>
  (await sql<Row>(app, 'select * from scheduled_tasks where task_name = $1', [name]))[0]!;
const time = async (app: TestingModule, name: string) => (await row(app, name)).execution_time.toISOString();

/** Polls and waits until nothing runs. */
async function pollOnce(app: TestingModule): Promise<void> {
  await app.get(Scheduler).poll();
  while ((await sql(app, 'select 1 from scheduled_tasks where picked')).length > 0) await sleep(2);
}

it('runs a fixed delay at once, again after its end, and keeps the row as the reference does', async () => {
  const { job, runs } = makeJob('often', fixedDelay({ milliseconds: 100 }));
  const app = await start([job]);
  await eventually(() => runs.length >= 3);
  apps.length = 0;
  await app.close();
  expect(await row(await start([]), 'often')).toMatchObject({
    task_instance: 'recurring',
    task_data: null,
    picked: false,
    picked_by: null,
    last_heartbeat: null,
    last_failure: null,
    consecutive_failures: 0,
  });
});

it('writes down how far a run is while it goes on, and how it ended', async () => {
  let end: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (end = resolve));
  const { job } = makeJob('long', fixedDelay({ minutes: 5 }), async (_signal, progress) => {
    progress.expect(40);
    progress.add(10);
    await gate;
    progress.add(30);
    return DONE;
  });
  const failing = makeJob('failing', fixedDelay({ minutes: 5 }), (_signal, progress) => {
    progress.add(2);
    return Promise.reject(new Error('the peer of 010190-900P is away'));
  });
  const app = await start([job, failing.job]);
  const written = (name: string) =>
    sql<Record<string, unknown>>(
      app,
      `select done, total, succeeded, summary, reason, ended >= started as ended from onr_job_run where task_name = $1`,
      [name],
    ).then(([found]) => found);
  const metric = async () => (await register.getSingleMetricAsString('onr_job_items_done')).includes('job="long"');

  await eventually(async () => (await written('long'))?.done === 10);
  const running = { done: 10, total: 40, succeeded: null, summary: null, reason: null, ended: null };
  expect(await written('long')).toEqual(running);
  expect(await metric()).toBe(true);
  end();
  await eventually(async () => (await written('long'))?.ended === true);
  const ended = { done: 40, total: 40, succeeded: true, summary: DONE, reason: null, ended: true };
  expect(await written('long')).toEqual(ended);
  expect(await metric()).toBe(false);
  await eventually(async () => (await written('failing'))?.ended === true);
  expect(await written('failing')).toMatchObject({ done: 2, total: null, succeeded: false, summary: null });
  expect(String((await written('failing'))?.reason)).toBe('Error: the peer of 010190-**** is away');
});

it('runs nothing when the scheduler is off', async () => {
  const { job, runs } = makeJob('often', fixedDelay({ milliseconds: 1 }));
  const app = await start([job], { 'db-scheduler.enabled': 'false' });
  await sleep(300);
  expect([runs, await row(app, 'often'), app.get(Scheduler).isWell]).toEqual([[], undefined, true]);
});

it('leaves the row of a job that is off as it is, and removes it when nobody has run it for 14 days', async () => {
  const { job, runs } = makeJob('off', fixedDelay({ milliseconds: 1 }), undefined, false);
  const app = await start([], { 'db-scheduler.enabled': 'false' });
  await sql(
    app,
    `insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
     values ('off', 'recurring', now() - interval '13 days', false, 1), ('gone', 'recurring', now() - interval '15 days', false, 1)`,
  );
  await start([job]);
  await sleep(300);
  expect(runs).toEqual([]);
  expect(await row(app, 'off')).toMatchObject({ version: 1, picked: false });
  expect(await row(app, 'gone')).toBeUndefined();
});

it('counts failures in a row, goes on by the schedule and forgets them after a success', async () => {
  let failing = true;
  const work = () => (failing ? Promise.reject(new Error('no')) : Promise.resolve(DONE));
  const app = await start([makeJob('shaky', fixedDelay({ milliseconds: 60 }), work).job]);
  await eventually(async () => (await row(app, 'shaky'))?.consecutive_failures === 3);
  expect((await row(app, 'shaky')).last_success).toBeNull();
  failing = false;
  await eventually(async () => (await row(app, 'shaky')).consecutive_failures === 0);
  const { last_success, last_failure } = await row(app, 'shaky');
  expect(last_success!.getTime()).toBeGreaterThan(last_failure!.getTime());
});

it('counts runs and times for monitoring', async () => {
  const app = await start([makeJob('watched', fixedDelay({ hours: 1 })).job]);
  await eventually(async () => (await row(app, 'watched'))?.last_success != null);
  const text = await register.metrics();
  expect(text).toContain('onr_job_runs_total{job="watched",outcome="succeeded"} 1');
  expect(text).toMatch(/onr_job_last_success_timestamp_seconds\{job="watched"\} \d+/);
  expect(text).toContain('onr_job_duration_seconds_count{job="watched"} 1');
});

it('runs a job that an operator makes due by SQL within one poll', async () => {
  const { job, runs } = makeJob('yksilointi task', dailyAt(0, 0));
  const app = await start([job]);
  await eventually(async () => (await row(app, 'yksilointi task')) !== undefined);
  await sql(app, `update scheduled_tasks set execution_time = current_timestamp where task_name = 'yksilointi task'`);
  await eventually(() => runs.length === 1, { withinMs: 3_000 * measureSlowness() });
});

it('runs ten jobs at a time and each of them once', async () => {
  let now = 0;
  let most = 0;
  const busy = async () => {
    most = Math.max(most, ++now);
    await sleep(100);
    now--;
    return DONE;
  };
  const jobs = Array.from({ length: 25 }, (_, i) => makeJob(`job ${i}`, fixedDelay({ hours: 1 }), busy));
  await start(
    jobs.map(({ job }) => job),
    { ONR_JOBS_POLL_MS: '600000' }, // the first look, then whenever a worker is free
  );
  await eventually(() => jobs.every(({ runs }) => runs.length === 1));
  expect(most).toBe(10);
});

describe('a daily job', () => {
  it.each([
    ['loses an hour', '2026-03-27T12:00:00Z'],
    ['has an hour twice', '2026-10-23T12:00:00Z'],
  ])('runs once a day while Helsinki %s, looked at every ten minutes for four days', async (_, from) => {
    const clock = new FakeClock();
    clock.at = Date.parse(from);
    const { job, runs } = makeJob('daily', dailyAt(0, 30));
    const app = await start([job], MANUAL, clock);
    for (const end = clock.at + 96 * HOUR; clock.at < end; clock.at += 600_000) await pollOnce(app);
    expect(runs.map((run) => run.slice(11, 16))).toEqual(Array(4).fill('00:30'));
    expect(new Set(runs.map((run) => run.slice(0, 10))).size).toBe(4);
  });

  it('does not run twice when the clock is set back during the run, nor after a new start then', async () => {
    const clock = new FakeClock();
    let setBack = 0;
    const { job, runs } = makeJob('daily', dailyAt(4, 30), () => {
      clock.at -= setBack;
      return Promise.resolve(DONE);
    });
    const before = await start([job], MANUAL, clock);
    await pollOnce(before);
    clock.at = Date.parse('2026-03-29T04:30:05Z');
    setBack = 600_000;
    await pollOnce(before);
    expect(runs).toHaveLength(1);
    const app = await start([job], MANUAL, clock);
    for (const at of ['04:20:10', '04:29:59', '04:30:00', '04:31:00', '23:00:00']) {
      clock.at = Date.parse(`2026-03-29T${at}Z`);
      await pollOnce(before);
      await pollOnce(app);
    }
    expect(runs).toHaveLength(1);
    clock.at = Date.parse('2026-03-30T04:30:00Z');
    await pollOnce(app);
    expect(runs).toHaveLength(2);
  });

  it('does not run twice when the clock is set back after the run', async () => {
    const clock = new FakeClock();
    const { job, runs } = makeJob('daily', dailyAt(4, 30));
    const app = await start([job], MANUAL, clock);
    await pollOnce(app);
    clock.at = Date.parse('2026-03-29T04:30:05Z');
    await pollOnce(app);
    for (const at of ['04:10:00', '04:30:00', '04:40:00']) {
      clock.at = Date.parse(`2026-03-29T${at}Z`);
      await pollOnce(app);
    }
    expect(runs).toHaveLength(1);
  });

  it('is not left out after the clock was days ahead for a while', async () => {
    const clock = new FakeClock();
    const { job, runs } = makeJob('daily', dailyAt(4, 30));
    const app = await start([job], MANUAL, clock);
    await pollOnce(app);
    clock.at += 72 * HOUR;
    await pollOnce(app);
    clock.at -= 72 * HOUR;
    await pollOnce(app);
    clock.at = Date.parse('2026-03-29T04:30:01Z');
    await pollOnce(app);
    expect(runs.map((run) => run.slice(0, 10))).toEqual(['2026-03-31', '2026-03-29']);
  });

  it('is made up for once when nothing ran at its time', async () => {
    const clock = new FakeClock();
    const { job, runs } = makeJob('daily', dailyAt(4, 30));
    await pollOnce(await start([job], MANUAL, clock));
    clock.at += 72 * HOUR;
    const app = await start([job], MANUAL, clock);
    await pollOnce(app);
    await pollOnce(app);
    expect(runs).toHaveLength(1);
    expect(await time(app, 'daily')).toBe('2026-04-01T04:30:00.000Z');
  });
});

it('follows changed schedules at the next start by the rules of the reference', async () => {
  const clock = new FakeClock();
  const jobs = (daily: Schedule, shorter: Schedule, longer: Schedule) =>
    [makeJob('daily', daily), makeJob('shorter', shorter), makeJob('longer', longer)].map(({ job }) => job);
  const first = jobs(dailyAt(4, 30), fixedDelay({ hours: 2 }), fixedDelay({ hours: 1 }));
  await pollOnce(await start(first, MANUAL, clock));
  const second = jobs(dailyAt(5, 0), fixedDelay({ minutes: 10 }), fixedDelay({ hours: 9 }));
  const app = await start(second, MANUAL, clock);
  await pollOnce(app);
  expect(await Promise.all(['daily', 'shorter', 'longer'].map((name) => time(app, name)))).toEqual([
    '2026-03-29T05:00:00.000Z',
    '2026-03-28T12:10:00.000Z',
    '2026-03-28T13:00:00.000Z',
  ]);
});

it('tells a running job to end when it stops, and waits for it', async () => {
  let ended = false;
  const { job, runs } = makeJob('long', fixedDelay({ hours: 1 }), async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await sleep(200);
    ended = true;
    return DONE;
  });
  const app = await start([job]);
  await eventually(() => runs.length === 1);
  apps.length = 0;
  await app.close();
  expect(ended).toBe(true);
  expect(await row(await start([]), 'long')).toMatchObject({ picked: false, consecutive_failures: 0 });
});

it('does not wait longer than it may', async () => {
  let release: () => void = () => undefined;
  const stuck = new Promise<typeof DONE>((resolve) => (release = () => resolve(DONE)));
  const { job, runs } = makeJob('stuck', fixedDelay({ hours: 1 }), () => stuck);
  const app = await start([job], { ONR_JOBS_SHUTDOWN_MS: '100' });
  await eventually(() => runs.length === 1);
  apps.length = 0;
  await app.close(); // the run has no end before it is released
  expect(await row(await start([]), 'stuck')).toMatchObject({ picked: true });
  release();
});

it('adopts a row that the reference left', async () => {
  const { job, runs } = makeJob('adopted', fixedDelay({ hours: 1 }));
  const before = await start([], { 'db-scheduler.enabled': 'false' });
  await sql(
    before,
    `insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, last_success, consecutive_failures)
     values ('adopted', 'recurring', now() - interval '1 hour', false, 4711, now() - interval '2 hours', 5)`,
  );
  const app = await start([job]);
  await eventually(async () => runs.length === 1 && !(await row(app, 'adopted')).picked);
  expect(await row(app, 'adopted')).toMatchObject({ version: 4713, consecutive_failures: 0 });
});
