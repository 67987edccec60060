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
const GOALS = { hakutermi: 100, 'duplicates of a person': 4 };
const GOAL_MEAN = 5;

/** Takes `--name value` (or a lone `--name`) out of the arguments. */
function take(args, name, hasValue) {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  const [, value] = args.splice(at, hasValue ? 2 : 1);
  return hasValue ? value : true;
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
  const rest = sound.filter(({ name }) => name !== 'hakutermi');
  console.log(
    `geometric mean of the ratios ${all.toFixed(1)}${rest.length > 0 ? `, without hakutermi ${geometricMean(rest.map(({ ratio }) => ratio)).toFixed(1)}` : ''} (goal ${GOAL_MEAN})`,
  );
}

const args = process.argv.slice(2);
const count = Number(take(args, '--persons', true) ?? 300_000);
const fresh = take(args, '--fresh', false) ?? false;
const jsonFile = take(args, '--json', true);
const profile = take(args, '--profile', true);

await command(async (scope) => {
  if (spawnSync('wrk', ['--version']).error) {
    throw new Error('wrk is missing, the load generator of the benchmark. Debian and Ubuntu: apt-get install wrk');
  }
  const { url, bench } = await filledDatabase(scope, { count, fresh });
  await copyFilled(url);
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const env = { 'db-scheduler.enabled': 'false' }; // on so many persons a job would run for hours
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
  const spent = () => [postgres, pid].map(processorSecondsOfAll);
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

  compare(JSON.parse(readFileSync(report, 'utf8')));
  const after = memory(pid);
  const [database, node] = spent().map((seconds, i) => seconds - spentBefore[i]);
  console.log(`processor time: PostgreSQL ${database.toFixed(1)} s, service ${node.toFixed(1)} s`);
  console.log(
    `start to healthy ${(service.startMs / 1000).toFixed(2)} s (goal 2); resident memory ${before.now} MB before, ${after.now} MB after, ${after.most} MB at most (goal 250)`,
  );
  console.log(`Node ${process.version}, ${count} persons; ${root}`);
  return 0;
});
