#!/usr/bin/env node
/**
 * Measures the built service on a database of many invented persons and compares with the reference:
 *
 *   npm run bench [-- --persons 300000] [--fresh] [--only TEXT] [--seconds 5] [--connections 16] [--rounds 3] [--json FILE]
 *
 * Fills an embedded database with bench/populate.sql once (a few minutes; kept under the temporary directory, `--fresh`
 * makes it anew), measures on a copy of it, prints for each operation the rate and its ratio to the reference's, and
 * memory and start times. Other arguments go on to bench/bench.mjs, which needs wrk. The bench folder is beside the
 * conformance kit, or where BENCH_DIR says.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { startPostgres } from './embedded-pg.mjs';
import { claim, command, root, temporaryDirectory } from './lib/command.mjs';
import {
  conformanceDirectory,
  fromCaller,
  migrateDatabase,
  quietJobs,
  startKitPeers,
  startService,
} from './lib/rig.mjs';
import { runKitScript } from './lib/runner.mjs';

/**
 * The reference, warmed up: requests a second on two cores, 300 000 persons, 16 connections. Start to healthy 27 s,
 * resident memory 640 MB idle and 1 600 MB afterwards.
 */
const REFERENCE = {
  'henkilo by oid': 457,
  'henkilo master': 522,
  'henkilo by hetu': 471,
  oidByHetu: 1444,
  'yleistunniste hae by oid': 573,
  'perustiedot of 100': 306,
  'perustiedot of 1000': 40,
  'henkilot of 100': 198,
  'masters of 100': 206,
  'viitteet of 1000': 300,
  'changedSince, 100': 1627,
  hakutermi: 3,
  huoltajat: 355,
  'update a person': 272,
  'create a person': 552,
  'duplicates of a person': 32,
};
const GOAL = 3;
const GOALS = { hakutermi: 100 };
const GOAL_MEAN = 5;

/** Takes `--name value` (or a lone `--name`) out of the arguments. */
function take(args, name, hasValue) {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  const [, value] = args.splice(at, hasValue ? 2 : 1);
  return hasValue ? value : true;
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

async function admin(url, ...statements) {
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
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024);
  return { now: read('VmRSS'), most: read('VmHWM') };
}

const geometricMean = (list) => Math.exp(list.reduce((sum, value) => sum + Math.log(value), 0) / list.length);

function compare(report) {
  const rows = report
    .filter(({ name }) => REFERENCE[name])
    .map(({ name, results: [{ rate, p50, p99, errors }] }) => ({
      name,
      rate,
      p50,
      p99,
      errors,
      ratio: rate / REFERENCE[name],
      goal: GOALS[name] ?? GOAL,
    }));
  console.log(
    `\n${'operation'.padEnd(28)}${['req/s', 'reference', 'ratio', 'goal'].map((h) => h.padStart(11)).join('')}`,
  );
  for (const { name, rate, ratio, goal, errors } of rows) {
    const verdict = errors > 0 ? `   ${errors} ERRORS` : ratio >= goal ? '' : '   below';
    console.log(
      `${name.padEnd(28)}${rate.toFixed(0).padStart(11)}${String(REFERENCE[name]).padStart(11)}${ratio.toFixed(1).padStart(11)}${String(goal).padStart(11)}${verdict}`,
    );
  }
  const sound = rows.filter(({ errors }) => errors === 0);
  if (sound.length === 0) return;
  const all = geometricMean(sound.map(({ ratio }) => ratio));
  const rest = sound.filter(({ name }) => !GOALS[name]);
  console.log(
    `geometric mean of the ratios ${all.toFixed(1)}${rest.length > 0 ? `, without hakutermi ${geometricMean(rest.map(({ ratio }) => ratio)).toFixed(1)}` : ''} (goal ${GOAL_MEAN})`,
  );
}

const args = process.argv.slice(2);
const count = Number(take(args, '--persons', true) ?? 300_000);
const fresh = take(args, '--fresh', false) ?? false;
const jsonFile = take(args, '--json', true);

await command(async (scope) => {
  if (spawnSync('wrk', ['--version']).error) {
    throw new Error('wrk is missing, the load generator of the benchmark. Debian and Ubuntu: apt-get install wrk');
  }
  const bench = process.env.BENCH_DIR ? fromCaller(process.env.BENCH_DIR) : resolve(conformanceDirectory(), '../bench');
  const sqlFile = join(bench, 'populate.sql');
  const version = createHash('sha256').update(readFileSync(sqlFile)).digest('hex').slice(0, 8);
  const directory = join(tmpdir(), `onr-bench-${count}-${version}`);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
  claim(directory, scope);
  if (fresh) rmSync(join(directory, 'filled'), { force: true });

  const url = await filledServer(scope, { directory, sqlFile, count });
  // What a run writes must not slow the next one.
  await admin(
    url('postgres'),
    'drop database if exists measured',
    'create database measured template filled strategy file_copy',
    'checkpoint',
  );
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const env = { 'db-scheduler.polling-interval-ms': '10000' };
  const service = await startService(scope, {
    peers,
    databaseUrl: url('measured'),
    log: join(logs, 'service.log'),
    env,
  });
  await quietJobs(url('measured'));
  const { pid } = service.process;
  const before = memory(pid);

  const report = join(logs, 'bench.json');
  const { status, lastLine } = await runKitScript(scope, join(bench, 'bench.mjs'), [
    '--db',
    url('measured'),
    '--base',
    service.base,
    '--peers',
    peers,
    '--json',
    report,
    ...args,
  ]);
  if (lastLine) console.log(lastLine);
  if (status !== 0)
    throw new Error(`bench.mjs ended with status ${status}; the service's log is ${service.process.log}`);
  if (jsonFile) copyFileSync(report, fromCaller(jsonFile));

  compare(JSON.parse(readFileSync(report, 'utf8')));
  const after = memory(pid);
  console.log(
    `start to healthy ${(service.startMs / 1000).toFixed(2)} s (goal 2); resident memory ${before.now} MB before, ${after.now} MB after, ${after.most} MB at most (goal 250)`,
  );
  console.log(`Node ${process.version}, ${count} persons; ${root}`);
  return 0;
});
