import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Child } from '../support/child.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';

/**
 * Our scheduler and db-scheduler, the reference's, on one table scheduled_tasks. What plays db-scheduler sends the statements that
 * docs/spec/schema.md#7.2 tells of it: it reads rows that are due and takes each by its version, without row locks of its own.
 */

interface Row {
  readonly task_name: string;
  readonly version: string;
  readonly execution_time: Date;
}

const HEARTBEAT_MS = 250;

/** One process of the reference that runs tasks as db-scheduler does. */
class DbScheduler {
  private client!: Client;
  /** Runs that it began. */
  runs = 0;

  static async start(url: string): Promise<DbScheduler> {
    const scheduler = new DbScheduler();
    scheduler.client = new Client({ connectionString: url });
    await scheduler.client.connect();
    return scheduler;
  }

  stop(): Promise<void> {
    return this.client.end();
  }

  async due(): Promise<Row[]> {
    return this.rows(
      `select * from scheduled_tasks where picked = false and execution_time <= $1 order by execution_time asc limit 20`,
      [new Date()],
    );
  }

  /** @returns the row as it is taken; undefined: another was faster */
  async pick(row: Row): Promise<Row | undefined> {
    const { rowCount } = await this.client.query(
      `update scheduled_tasks set picked = true, picked_by = 'reference', last_heartbeat = $1, version = version + 1
        where picked = false and task_name = $2 and task_instance = 'recurring' and version = $3`,
      [new Date(), row.task_name, row.version],
    );
    if (rowCount !== 1) return undefined;
    this.runs++;
    return { ...row, version: String(Number(row.version) + 1) };
  }

  /** @returns false: the row is another's */
  async heartbeat(row: Row): Promise<boolean> {
    const { rowCount } = await this.client.query(
      `update scheduled_tasks set last_heartbeat = $1
        where task_name = $2 and task_instance = 'recurring' and version = $3`,
      [new Date(), row.task_name, row.version],
    );
    return rowCount === 1;
  }

  /** The end of a run. @returns false: the row is another's, on which db-scheduler logs an error */
  async complete(row: Row, nextMs: number): Promise<boolean> {
    const { rowCount } = await this.client.query(
      `update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null, last_success = $1, consecutive_failures = 0,
              execution_time = $2, version = version + 1
        where task_name = $3 and task_instance = 'recurring' and version = $4`,
      [new Date(), new Date(Date.now() + nextMs), row.task_name, row.version],
    );
    return rowCount === 1;
  }

  /** Makes runs due whose heartbeat is old. @returns how many */
  async reviveDead(): Promise<number> {
    const dead = await this.rows(
      `select * from scheduled_tasks where picked = true and last_heartbeat <= $1 order by last_heartbeat asc`,
      [new Date(Date.now() - 6 * HEARTBEAT_MS)],
    );
    for (const row of dead)
      await this.client.query(
        `update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null, last_failure = $1,
                consecutive_failures = coalesce(consecutive_failures, 0) + 1, execution_time = $1, version = version + 1
          where task_name = $2 and task_instance = 'recurring' and version = $3`,
        [new Date(), row.task_name, row.version],
      );
    return dead.length;
  }

  /** Polls as db-scheduler does until told to stop, running task `first` in table run. */
  async work(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      for (const row of (await this.due()).filter(({ task_name }) => task_name === 'first')) {
        const picked = await this.pick(row);
        if (!picked) continue;
        await this.client.query(`insert into run (job, process) values ('first', 0)`);
        await sleep(30);
        await this.client.query(
          `update run set ended = clock_timestamp() where job = 'first' and process = 0 and ended is null`,
        );
        expect(await this.complete(picked, 100)).toBe(true);
      }
      await sleep(20);
    }
  }

  private async rows(sql: string, values: unknown[]): Promise<Row[]> {
    return (await this.client.query<Row>(sql, values)).rows;
  }
}

let database: TestDatabase;
let children: Child[] = [];
let schedulers: DbScheduler[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  await sql('create table run (job text, process int, began timestamptz default clock_timestamp(), ended timestamptz)');
});
afterEach(async () => {
  await Promise.all([
    ...children.map((child) => child.signal('SIGKILL')),
    ...schedulers.map((scheduler) => scheduler.stop()),
  ]);
  children = [];
  schedulers = [];
  await database.drop();
});

const sql = async <T>(text: string): Promise<T[]> =>
  withClient(database.url, async (client) => (await client.query(text)).rows as T[]);
const taskRow = async (name: string) =>
  (
    await sql<Row & { picked: boolean; picked_by: string | null }>(
      `select * from scheduled_tasks where task_name = '${name}'`,
    )
  )[0];
const count = async (where: string) => (await sql(`select 1 from run where ${where}`)).length;

async function ours(env: Record<string, string> = {}): Promise<Child> {
  const child = Child.start('job-process.ts', {
    DATABASE_URL: database.url,
    ONR_JOBS_POLL_MS: '50',
    ONR_JOBS_HEARTBEAT_MS: String(HEARTBEAT_MS),
    'db-scheduler.missed-heartbeats-limit': '6',
    ...env,
  });
  children.push(child);
  await child.until(/^ready$/);
  return child;
}
async function theirs(): Promise<DbScheduler> {
  const scheduler = await DbScheduler.start(database.url);
  schedulers.push(scheduler);
  return scheduler;
}

it('each run happens in one system, and both get their turns', async () => {
  await Promise.all([ours(), ours()]);
  const reference = [await theirs(), await theirs()];
  let ends = false;
  const work = reference.map((scheduler) => scheduler.work(() => ends));
  while ((await count('process = 0')) < 8 || (await count(`process <> 0 and job = 'first'`)) < 8) await sleep(50);
  ends = true;
  await Promise.all(work);
  await Promise.all(children.map((child) => child.signal('SIGTERM')));
  children = [];

  const overlaps = await sql(`select 1 from run a join run b on a.job = b.job and a.ctid < b.ctid
    where a.began < coalesce(b.ended, 'infinity') and b.began < coalesce(a.ended, 'infinity')`);
  const runs = await count(`job = 'first'`);
  console.log(
    `${runs} runs, ${reference.map((r) => r.runs).join(' and ')} of them by the reference, ${overlaps.length} at the same time`,
  );
  expect(overlaps).toEqual([]);
  expect(await taskRow('first')).toMatchObject({ picked: false, picked_by: null, version: String(1 + 2 * runs) });
});

it('we leave a run of the reference alone while its heart beats, and take it over when it is silent', async () => {
  const reference = await theirs();
  await sql(`insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
    values ('second', 'recurring', now() - interval '1 s', false, 1)`);
  const run = (await reference.pick((await reference.due())[0]!))!;
  await ours();
  for (let i = 0; i < 16; i++) {
    expect(await reference.heartbeat(run)).toBe(true);
    await sleep(HEARTBEAT_MS / 2);
  }
  expect(await count(`job = 'second'`)).toBe(0);
  await children[0]!.until(/^second begins$/); // six heartbeats later
  expect(await reference.heartbeat(run)).toBe(false);
  expect(await reference.complete(run, 0)).toBe(false);
});

it('the reference takes over the run of a process of ours that was killed, not of one that lives', async () => {
  const reference = await theirs();
  const child = await ours({ WORK_MS: '60000' });
  await child.until(/^second begins$/);
  for (let i = 0; i < 10; i++) {
    await sleep(HEARTBEAT_MS);
    expect(await reference.reviveDead()).toBe(0);
  }
  await child.signal('SIGKILL');
  children = [];
  while ((await reference.reviveDead()) === 0) await sleep(50);
  const rows = await reference.due();
  const second = rows.find(({ task_name }) => task_name === 'second');
  expect(second && (await reference.pick(second))).toBeDefined();
});
