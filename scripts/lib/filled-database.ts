import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from './embedded-pg.ts';
import { claim, root } from './command.ts';
import { fromCaller, migrateDatabase } from './rig.ts';

/** The bench folder of the project, or the one of BENCH_DIR. */
function benchDirectory() {
  return process.env.BENCH_DIR ? fromCaller(process.env.BENCH_DIR) : join(root, 'bench');
}

/**
 * A server with database `filled` of many invented persons, made by bench/populate.sql once (a few minutes) and kept
 * under the temporary directory.
 * @param fresh make it anew
 * @returns the bench folder, and the url by database name
 */
export async function filledDatabase(scope, { count, fresh }) {
  const bench = benchDirectory();
  const sqlFile = join(bench, 'populate.sql');
  const version = createHash('sha256').update(readFileSync(sqlFile)).digest('hex').slice(0, 8);
  const directory = join(tmpdir(), `onr-bench-${count}-${version}`);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
  await claim(directory, scope);
  if (fresh) rmSync(join(directory, 'filled'), { force: true });
  return { bench, url: await filledServer(scope, { directory, sqlFile, count }) };
}

/** Makes database `measured` a copy of `filled`: what a run writes must not slow the next one. */
export async function copyFilled(url) {
  await admin(
    url('postgres'),
    'drop database if exists measured',
    'create database measured template filled strategy file_copy',
    'checkpoint',
  );
}

/** Runs populate.sql, which is written for psql, without psql: its one variable and its settings are all it uses. */
async function populate(url, file, count) {
  const sql = readFileSync(file, 'utf8')
    .replace(/^\\set .*$/gm, '')
    .replace(/(?<!:):persons\b/g, String(count));
  const end = sql.lastIndexOf('commit;') + 'commit;'.length;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql.slice(0, end));
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Statements one after the other, each on its own. */
export async function admin(url, ...statements) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A server with database `filled`; made when the directory has none. @returns url by database name */
async function filledServer(scope, { directory, sqlFile, count }) {
  const marker = join(directory, 'filled');
  const dataDir = join(directory, 'data');
  const address =
    ({ user, port }) =>
    (name) =>
      `postgres://${user}@127.0.0.1:${port}/${name}`;
  if (!existsSync(marker)) {
    rmSync(dataDir, { recursive: true, force: true });
    console.log(`Filling a database with ${count} persons in ${dataDir} …`);
    const began = performance.now();
    const server = await startPostgres({
      dataDir,
      durable: false,
      settings: ['max_wal_size=4GB', 'maintenance_work_mem=512MB'],
    });
    scope.defer(() => server.stop());
    const url = address(server);
    await admin(url('postgres'), 'create database filled');
    await migrateDatabase(url('filled'));
    await populate(url('filled'), sqlFile, count);
    await server.stop();
    writeFileSync(marker, '');
    console.log(`Filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  const server = await startPostgres({ dataDir, durable: true });
  scope.defer(() => server.stop());
  return address(server);
}

/** Megabytes of resident memory of a process, now and at most. */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024);
  return { now: read('VmRSS'), most: read('VmHWM') };
}

/** Parent of a process, and ticks of processor time of its own and of its ended children. */
function statOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').map(Number);
  return { parent: fields[1], own: fields[11] + fields[12], ended: fields[13] + fields[14] };
}

/** Seconds of processor time that a process has used; the clock of /proc ticks a hundred times a second. */
export const processorSeconds = (pid) => statOf(pid).own / 100;

/** As `processorSeconds`, with those of its children, ended ones included. */
export function processorSecondsOfAll(pid) {
  const { own, ended } = statOf(pid);
  let ticks = own + ended;
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const child = statOf(id);
      if (child.parent === pid) ticks += child.own;
    } catch {
      // it has just ended
    }
  }
  return ticks / 100;
}

/** Process id of the server behind a url. */
export async function serverPid(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select pg_backend_pid() as pid');
    return statOf(rows[0].pid).parent;
  } finally {
    await client.end();
  }
}
