#!/usr/bin/env node
/**
 * Measures the built service on a database of many invented persons and compares with the reference:
 *
 *   npm run bench [-- --persons 300000] [--fresh] [--only TEXT] [--seconds 5] [--connections 16] [--rounds 3] [--spread]
 *                 [--json FILE] [--profile DIRECTORY] [--against CHECKOUT]
 *                 [--postgres DIRECTORY] [--postgres-setting NAME=VALUE …]
 *
 * Fills an embedded database with bench/populate.sql once (a few minutes; kept under the temporary directory, `--fresh`
 * makes it anew) and measures on a copy of it. bench/calibrate.mjs tells before, between and after what a bare server does on
 * this machine at this moment: each operation is shown as a share of that, beside the reference's share. Memory, processor time
 * and start times follow.
 *
 * `--against` names another checkout of this project, built: the two run side by side, each on a copy of the database, and
 * take turns; the last column is ours as a multiple of the other's. `--profile` keeps a profile of Node (a .cpuprofile, which
 * Chrome's developer tools read), at a cost of speed. `--postgres` names the programs of another PostgreSQL (Debian:
 * /usr/lib/postgresql/15/bin). Other arguments go on to bench/bench.mjs, which needs wrk. BENCH_DIR may
 * name another bench folder.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, root, temporaryDirectory, type Scope } from './lib/command.ts';
import { copyFilled, filledDatabase, memory, processorSecondsOfAll, serverPid } from './lib/filled-database.ts';
import { fromCaller, startKitPeers, startService } from './lib/rig.ts';
import { runKitScript } from './lib/runner.ts';

/** Share of the bare server: what the reference did, warmed up, and what we want to do. */
interface Share {
  readonly reference: number;
  readonly aim: number;
}

/** Two cores, 300 000 persons, 16 connections, both warm, in turn with the bare server, November 2026. */
const SHARES: Readonly<Record<string, Share>> = {
  'henkilo by oid': { reference: 0.0681, aim: 0.45 },
  'henkilo master': { reference: 0.0682, aim: 0.45 },
  'henkilo by hetu': { reference: 0.0704, aim: 0.45 },
  oidByHetu: { reference: 0.1902, aim: 0.8 },
  'yleistunniste hae by oid': { reference: 0.0676, aim: 0.8 },
  'yleistunniste hae by names': { reference: 0.0664, aim: 0.35 },
  'perustiedot of 100': { reference: 0.0321, aim: 0.16 },
  'perustiedot of 1000': { reference: 0.0037, aim: 0.017 },
  'henkilot of 100': { reference: 0.0203, aim: 0.1 },
  'masters of 100': { reference: 0.0176, aim: 0.1 },
  'viitteet of 1000': { reference: 0.0297, aim: 0.09 },
  'changedSince, 100': { reference: 0.1305, aim: 0.5 },
  hakutermi: { reference: 0.0005, aim: 0.071 },
  'duplicates of a person': { reference: 0.0033, aim: 0.023 },
  huoltajat: { reference: 0.0448, aim: 0.507 },
  'update a person': { reference: 0.0326, aim: 0.155 },
  'create a person': { reference: 0.0633, aim: 0.248 },
};
/** No operation may be below so many times the reference, nor may the mean of all be below `LEAST_MEAN` times. */
const LEAST_RATIO = 3;
const LEAST_MEAN = 8;
/** The bare server is measured anew after so many operations. */
const CALIBRATE_EVERY = 6;
/** Three million take half a minute. */
const SEARCH_TEXTS_WITHIN_MS = 300_000;

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
  /** Requests a second of the bare server about that time. */
  readonly bare: number;
}

function compare(report: readonly Measured[]): void {
  const heads = ['req/s', 'bare server', 'share', 'reference', 'aim', 'ratio'];
  console.log(`\n${'operation'.padEnd(32)}${heads.map((head) => head.padStart(12)).join('')}`);
  const ratios: number[] = [];
  for (const { name, results, bare } of report) {
    const { rate, errors } = results[0]!;
    const share = rate / bare;
    const known = SHARES[name];
    const ratio = known && share / known.reference;
    if (ratio && errors === 0) ratios.push(ratio);
    const cells = [rate.toFixed(0), bare.toFixed(0), share.toFixed(4), known?.reference, known?.aim, ratio?.toFixed(1)];
    const verdict =
      errors > 0
        ? `${errors} ERRORS`
        : !ratio
          ? ''
          : ratio < LEAST_RATIO
            ? 'BELOW'
            : share < known.aim
              ? 'below the aim'
              : '';
    console.log(`${name.padEnd(32)}${cells.map((cell) => String(cell ?? '-').padStart(12)).join('')}   ${verdict}`);
  }
  if (ratios.length > 0)
    console.log(
      `geometric mean of the ratios ${geometricMean(ratios).toFixed(1)} (goal ${LEAST_MEAN}), lowest ${Math.min(...ratios).toFixed(1)} (goal ${LEAST_RATIO})`,
    );
}

const args = process.argv.slice(2);
const count = Number(take('--persons') ?? 300_000);
const fresh = takeFlag('--fresh');
const jsonFile = take('--json');
const profile = take('--profile');
const against = take('--against');
const programs = take('--postgres');
const settings: string[] = [];
for (let setting: string | undefined; (setting = take('--postgres-setting')) !== undefined;) settings.push(setting);

/** A start like those of a service in use: an earlier one, of which no profile is kept, has brought its files into memory. */
async function startedAgain(scope: Scope, options: Parameters<typeof startService>[1]) {
  const first = await startService(scope, {
    ...options,
    log: `${options.log}.first`,
    env: { ...options.env, NODE_OPTIONS: undefined },
  });
  await first.process.stop();
  return startService(scope, options);
}

/** Waits until what it reads in the background after its start has been read: measured is a service that is warm. */
async function untilSearchTextsAreRead(log: string) {
  for (
    const end = Date.now() + SEARCH_TEXTS_WITHIN_MS;
    !readFileSync(log, 'utf8').includes('Search texts of ');
    await sleep(200)
  )
    if (Date.now() > end)
      throw new Error(`The search texts have not been read within ${SEARCH_TEXTS_WITHIN_MS} ms; see ${log}`);
}

await command(async (scope) => {
  if (spawnSync('wrk', ['--version']).error) {
    throw new Error('wrk is missing, the load generator of the benchmark. Debian and Ubuntu: apt-get install wrk');
  }
  const { url, bench } = await filledDatabase(scope, { count, fresh, programs, settings });
  await copyFilled(url, 'measured', ...(against ? ['measured_against'] : []));
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const env: NodeJS.ProcessEnv = { 'db-scheduler.enabled': 'false' }; // on so many persons a job would run for hours
  const other =
    against &&
    (await startedAgain(scope, {
      peers,
      databaseUrl: url('measured_against'),
      log: join(logs, 'against.log'),
      env: { ...env },
      checkout: fromCaller(against),
    }));
  if (profile) env.NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${fromCaller(profile)}`;
  const service = await startedAgain(scope, {
    peers,
    databaseUrl: url('measured'),
    log: join(logs, 'service.log'),
    env,
  });
  const { pid } = service.process;
  const before = memory(pid);
  for (const log of ['service.log', ...(other ? ['against.log'] : [])]) await untilSearchTextsAreRead(join(logs, log));
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
    '--calibrate',
    String(CALIBRATE_EVERY),
    '--json',
    report,
    ...(other ? ['--versus', other.base] : []),
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
  if (other) {
    const { now, most } = memory(other.process.pid);
    console.log(
      `${against}: start to healthy ${(other.startMs / 1000).toFixed(2)} s; resident memory ${now} MB after, ${most} MB at most`,
    );
  }
  console.log(`Node ${process.version}, ${count} persons; ${root}`);
  return 0;
});
