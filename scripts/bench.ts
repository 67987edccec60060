#!/usr/bin/env node
/**
 * Measures the built service on a database of many invented persons and compares with the reference:
 *
 *   npm run bench [-- --persons 300000] [--fresh] [--only TEXT] [--seconds 5] [--connections 16] [--rounds 3] [--json FILE]
 *                 [--profile DIRECTORY]
 *
 * Fills an embedded database with bench/populate.sql once (a few minutes; kept under the temporary directory, `--fresh`
 * makes it anew), measures on a copy of it, prints for each operation the rate and its ratio to the reference's, and
 * memory, processor time and start times; `--profile` keeps a profile of Node (a .cpuprofile, which Chrome's developer tools
 * read), at a cost of speed. Other arguments go on to bench/bench.mjs, which needs wrk. BENCH_DIR may name
 * another bench folder.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, root, temporaryDirectory } from './lib/command.ts';
import { copyFilled, filledDatabase, memory, processorSecondsOfAll, serverPid } from './lib/filled-database.ts';
import { fromCaller, startKitPeers, startService } from './lib/rig.ts';
import { runKitScript } from './lib/runner.ts';

/**
 * The reference, warmed up: requests a second on two cores, 300 000 persons, 16 connections. Start to healthy 27 s,
 * resident memory 640 MB idle and 1 600 MB afterwards.
 */
const REFERENCE: Readonly<Record<string, number>> = {
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
const GOALS: Readonly<Record<string, number>> = { hakutermi: 100, 'duplicates of a person': 4 };
const GOAL_MEAN = 5;

/** Takes `--name value` out of the arguments. */
function take(name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
}

/** Takes a lone `--name` out of the arguments. */
function takeFlag(name: string): boolean {
  const at = args.indexOf(name);
  return at >= 0 && args.splice(at, 1).length > 0;
}

const geometricMean = (list: readonly number[]) =>
  Math.exp(list.reduce((sum, value) => sum + Math.log(value), 0) / list.length);

/** An operation in the report of bench/bench.mjs. */
interface Measured {
  readonly name: string;
  readonly results: readonly { readonly rate: number; readonly errors: number }[];
}

function compare(report: readonly Measured[]): void {
  const rows = report.flatMap(({ name, results: [result] }) => {
    const reference = REFERENCE[name];
    if (!result || !reference) return [];
    const { rate, errors } = result;
    return [{ name, rate, errors, reference, ratio: rate / reference, goal: GOALS[name] ?? GOAL }];
  });
  console.log(
    `\n${'operation'.padEnd(28)}${['req/s', 'reference', 'ratio', 'goal'].map((h) => h.padStart(11)).join('')}`,
  );
  for (const { name, rate, reference, ratio, goal, errors } of rows) {
    const verdict = errors > 0 ? `   ${errors} ERRORS` : ratio >= goal ? '' : '   below';
    console.log(
      `${name.padEnd(28)}${rate.toFixed(0).padStart(11)}${String(reference).padStart(11)}${ratio.toFixed(1).padStart(11)}${String(goal).padStart(11)}${verdict}`,
    );
  }
  const sound = rows.filter(({ errors }) => errors === 0);
  if (sound.length === 0) return;
  const all = geometricMean(sound.map(({ ratio }) => ratio));
  const rest = sound.filter(({ name }) => name !== 'hakutermi');
  console.log(
    `geometric mean of the ratios ${all.toFixed(1)}${rest.length > 0 ? `, without hakutermi ${geometricMean(rest.map(({ ratio }) => ratio)).toFixed(1)}` : ''} (goal ${GOAL_MEAN})`,
  );
}

const args = process.argv.slice(2);
const count = Number(take('--persons') ?? 300_000);
const fresh = takeFlag('--fresh');
const jsonFile = take('--json');
const profile = take('--profile');

await command(async (scope) => {
  if (spawnSync('wrk', ['--version']).error) {
    throw new Error('wrk is missing, the load generator of the benchmark. Debian and Ubuntu: apt-get install wrk');
  }
  const { url, bench } = await filledDatabase(scope, { count, fresh });
  await copyFilled(url);
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const env: NodeJS.ProcessEnv = { 'db-scheduler.enabled': 'false' }; // on so many persons a job would run for hours
  if (profile) env.NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${fromCaller(profile)}`;
  const service = await startService(scope, {
    peers,
    databaseUrl: url('measured'),
    log: join(logs, 'service.log'),
    env,
  });
  const { pid } = service.process;
  const before = memory(pid);
  const postgres = await serverPid(url('postgres'));
  const spent = () => ({ database: processorSecondsOfAll(postgres), node: processorSecondsOfAll(pid) });
  const spentBefore = spent();

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

  compare(JSON.parse(readFileSync(report, 'utf8')) as Measured[]);
  const after = memory(pid);
  const spentAfter = spent();
  const seconds = (of: 'database' | 'node') => (spentAfter[of] - spentBefore[of]).toFixed(1);
  console.log(`processor time: PostgreSQL ${seconds('database')} s, service ${seconds('node')} s`);
  console.log(
    `start to healthy ${(service.startMs / 1000).toFixed(2)} s (goal 2); resident memory ${before.now} MB before, ${after.now} MB after, ${after.most} MB at most (goal 250)`,
  );
  console.log(`Node ${process.version}, ${count} persons; ${root}`);
  return 0;
});
