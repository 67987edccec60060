import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../support/child.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
const children: Child[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  await sql('create table run (job text, process int, began timestamptz default clock_timestamp(), ended timestamptz)');
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.signal('SIGKILL')));
  await database.drop();
});

const sql = async <T>(text: string): Promise<T[]> =>
  withClient(database.url, async (client) => (await client.query(text)).rows as T[]);

function start(env: Record<string, string> = {}): Child {
  const child = Child.start('job-process.ts', {
    DATABASE_URL: database.url,
    ONR_JOBS_POLL_MS: '50',
    ONR_JOBS_HEARTBEAT_MS: '250',
    'db-scheduler.missed-heartbeats-limit': '12', // a busy machine stops a process for a second, too
    ...env,
  });
  children.push(child);
  return child;
}

const overlaps = () =>
  sql(`select 1 from run a join run b on a.job = b.job and a.ctid < b.ctid
        where a.began < coalesce(b.ended, 'infinity') and b.began < coalesce(a.ended, 'infinity')`);
const count = async (job: string) => (await sql(`select 1 from run where job = '${job}'`)).length;

it('runs everything exactly once at a time on three processes', async () => {
  const three = [start(), start(), start()];
  await Promise.all(three.map((child) => child.until(/^ready$/)));
  while ((await count('first')) < 25) await sleep(50);
  await Promise.all(three.map((child) => child.signal('SIGTERM')));
  children.length = 0;
  const processes = await sql(`select distinct process from run where job = 'first'`);
  const [row] = await sql<{ version: string; picked: boolean }>(
    `select version, picked from scheduled_tasks where task_name = 'first'`,
  );
  const runs = await count('first');
  console.log(`${runs} runs on ${processes.length} processes, ${(await overlaps()).length} at the same time`);
  expect(await overlaps()).toEqual([]);
  expect(await count('second')).toBe(1);
  expect(processes.length).toBeGreaterThan(1);
  expect(await sql('select 1 from run where ended is null')).toEqual([]);
  expect([Number(row!.version), row!.picked]).toEqual([1 + 2 * runs, false]);
});

it('takes a run over from a killed process once its heartbeats are missed, not before', async () => {
  const first = start({ WORK_MS: '60000' });
  await first.until(/^second begins$/);
  const second = start();
  await second.until(/^ready$/);
  await sleep(4_000); // longer than a silent process is believed to live
  expect(await count('second')).toBe(1);
  await first.signal('SIGKILL');
  const killed = Date.now();
  await second.until(/^second begins$/);
  const after = Date.now() - killed;
  console.log(`taken over ${after} ms after the kill`);
  expect(after).toBeGreaterThan(2_000);
  while ((await sql(`select 1 from scheduled_tasks where task_name = 'second' and picked`)).length > 0) await sleep(20);
  expect(await count('second')).toBe(2);
  expect(
    await sql(
      `select consecutive_failures, last_failure is not null as failed from scheduled_tasks where task_name = 'second'`,
    ),
  ).toEqual([{ consecutive_failures: 0, failed: true }]);
});

it('lets runs end when a process is told to stop', async () => {
  const child = start({ WORK_MS: '700' });
  await child.until(/^second begins$/);
  await child.signal('SIGTERM');
  children.length = 0;
  expect(await sql('select 1 from run where ended is null')).toEqual([]);
  expect(await sql('select 1 from scheduled_tasks where picked')).toEqual([]);
});
