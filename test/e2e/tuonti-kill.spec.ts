import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../../scripts/lib/free-port.ts';
import { Child } from '../support/child.js';
import { rivit } from '../support/imports.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { tuoja } from '../support/users.js';

const ROWS = 5_000;
const children: Child[] = [];
let database: TestDatabase;
let peers: SandboxPeers;
let client: Client;

beforeAll(async () => {
  [database, peers] = await Promise.all([createTestDatabase(), SandboxPeers.start()]);
  client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
});
afterEach(() => Promise.all(children.splice(0).map((child) => child.signal('SIGKILL'))));
afterAll(async () => {
  await client?.end();
  await Promise.all([database?.drop(), peers?.stop()]);
});

/** A service process of its own on the database of the test. */
async function start(): Promise<{ base: string; child: Child }> {
  const port = String(await freePort());
  const child = Child.start('../../../src/bin/main.ts', {
    NODE_ENV: 'test',
    PORT: port,
    DATABASE_URL: database.url,
    'virkailija.baseurl': peers.url,
    'aws.endpoint': peers.url,
    'db-scheduler.enabled': 'false',
    ONR_POOL_SIZE: '5',
  });
  children.push(child);
  const base = `http://localhost:${port}/oppijanumerorekisteri-service`;
  const isUp = () => fetch(`${base}/actuator/health/liveness`).then(({ ok }) => ok, () => false); // prettier-ignore
  for (const end = Date.now() + 120_000; !(await isUp()); await sleep(20))
    if (Date.now() > end) throw new Error(`No service:\n${child.lines.join('\n')}`);
  return { base, child };
}

it('an import of 5 000 rows survives SIGKILL: two new processes finish it by themselves, no row twice, never backwards', async () => {
  const first = await start();
  const answer = await fetch(`${first.base}/oppija`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await peers.token(tuoja)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ henkilot: rivit(ROWS, 'tapettu') }),
  });
  const { id } = (await answer.json()) as { id: number };
  const progress: number[] = [];
  const watch = async (until: number) => {
    for (const end = Date.now() + 240_000; (progress.at(-1) ?? 0) < until; await sleep(5)) {
      const { rows } = await client.query<{ n: number }>('select kasiteltyja as n from tuonti where id = $1', [id]);
      if (progress.at(-1) !== rows[0]!.n) progress.push(rows[0]!.n);
      if (Date.now() > end) throw new Error(`The import stays at ${progress.at(-1)}`);
    }
  };

  await watch(300);
  await first.child.signal('SIGKILL');
  await watch(0);
  const { rows: left } = await client.query<{ n: number }>('select kasiteltyja as n from tuonti where id = $1', [id]);
  expect(left[0]!.n).toBeLessThan(ROWS);
  await Promise.all([start(), start()]);
  await watch(ROWS);

  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  const { rows } = await client.query<Record<string, number>>(
    `select count(*)::int as rows, count(distinct tunniste)::int as keys, count(distinct henkilo_id)::int as persons,
            (select count(*)::int from henkilo) as all_persons, (select count(*)::int from henkilo_aud) as history,
            (select count(*)::int from onr_tuonti_virhe) as errors
       from tuonti_rivi where tuonti_id = $1`,
    [id],
  );
  expect(rows[0]).toEqual({ rows: ROWS, keys: ROWS, persons: ROWS, all_persons: ROWS, history: ROWS, errors: 0 });
  console.log(
    `Killed at ${left[0]!.n} of ${ROWS} rows; then ${progress.filter((n) => n > left[0]!.n).length} steps to the end`,
  );
});

it('two processes share the imports, and each leaves alone what another works on', async () => {
  const processes = await Promise.all([start(), start()]);
  const authorization = `Bearer ${await peers.token(tuoja)}`;
  const ids = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      const answer = await fetch(`${processes[n % 2]!.base}/oppija`, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ henkilot: rivit(500, `jaettu${n}-`) }),
      });
      return ((await answer.json()) as { id: number }).id;
    }),
  );
  const held = ids[0]!;
  const rowsDone = async () =>
    (await client.query<{ id: string; n: number }>('select id, kasiteltyja as n from tuonti where id = any ($1)', [ids])).rows; // prettier-ignore
  const until = async (isDone: (id: number, n: number) => boolean) => {
    for (const end = Date.now() + 240_000; ; await sleep(20)) {
      const rows = await rowsDone();
      if (rows.every(({ id, n }) => isDone(Number(id), n))) return rows;
      if (Date.now() > end) throw new Error(`The imports stay at ${JSON.stringify(rows)}`);
    }
  };

  await client.query('begin');
  const locked = await client.query<{ n: number }>(
    'select kasiteltyja as n from tuonti where id = $1 for no key update',
    [held],
  );
  await until((id, n) => id === held || n === 500);
  expect((await rowsDone()).find(({ id }) => Number(id) === held)!.n).toBe(locked.rows[0]!.n);
  expect(locked.rows[0]!.n).toBeLessThan(500);
  await client.query('commit');
  await until((_, n) => n === 500);

  const { rows } = await client.query(
    'select count(*)::int as rows, count(distinct (tuonti_id, tunniste))::int as keys from tuonti_rivi where tuonti_id = any ($1)',
    [ids],
  );
  expect(rows).toEqual([{ rows: 4_000, keys: 4_000 }]);
  const countHandled = () =>
    processes.map(({ child }) => child.lines.filter((line) => line.includes('is handled')).length);
  for (const end = Date.now() + 60_000; countHandled()[0]! + countHandled()[1]! < 8; await sleep(20))
    if (Date.now() > end) throw new Error(`Handled so far: ${countHandled().join(' and ')}`);
  const handledBy = countHandled();
  expect(handledBy[0]! + handledBy[1]!).toBe(8);
  expect(Math.min(...handledBy)).toBeGreaterThan(0);
});
