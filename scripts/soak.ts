#!/usr/bin/env node
/**
 * Loads the built service for long, and for a while with more than it can do:
 *
 *   npm run soak [-- --minutes 10]
 *
 * On an embedded database: the peak is measured with 64 connections, reads and writes; then half of it for the given minutes: no error,
 * and memory, handles, connections and event loop stay as they were. Then four times the connections, and thirty-two times, of whom many
 * are refused and come again after Retry-After, or at once where they are rude: of the peak 0.8 go on being served (half, where they are
 * rude), each other caller gets 503 with Retry-After within a second, and liveness answers. Peak and overload are measured
 * in turn, since a machine changes its speed.
 *
 * What the callers cost is no work of the service: where the machine has two processors or more, this process has the last one and
 * service and database have the others (`taskset`; where there is none, all share). Nothing else should run on the machine. Last line:
 * "soak: N passed, M failed".
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { command, temporaryDirectory } from './lib/command.ts';
import { startCounts } from './lib/counts.ts';
import { memory, serverPid } from './lib/filled-database.ts';
import { load, type Outcome, type Request } from './lib/http-load.ts';
import { LivenessWatch } from './lib/liveness.ts';
import { startRegister, type Register } from './lib/register.ts';

const CONNECTIONS = 64;
const PERSONS = 1_000;
const LAG_P99_MS = 80;
const REFUSED_WITHIN_MS = 1_000;
/** At the end there may be so many times as much as in the second quarter of the time. */
const MAX_GROWTH_RATIO = 1.1;
const LOOK_MS = 5_000;
const WARM_MS = 8_000;
const MEASURED_MS = 10_000;
/** Of an overload and of the peak beside it, in turn. */
const ROUNDS = 2;
const ROUND_MS = 8_000;
/** Kinds of overload. */
const OVERLOADS = [
  { times: 4, isRude: false, leastOfPeak: 0.8 },
  { times: 32, isRude: false, leastOfPeak: 0.8 },
  { times: 32, isRude: true, leastOfPeak: 0.5 },
] as const;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes: how long, above 0');

const counts = startCounts('soak');
function check(what: string, isRight: boolean, detail: string): void {
  counts[isRight ? 'passed' : 'failed']++;
  console.log(`  ${isRight ? 'ok    ' : 'FAILED'} ${what}: ${detail}`);
}
const listed = (statuses: Outcome['statuses']) =>
  [...statuses].map(([status, n]) => `${status || 'none'}: ${n}`).join(', ');
const hasOnly = (statuses: Outcome['statuses'], ...allowed: number[]) =>
  [...statuses.keys()].every((status) => allowed.includes(status));
const average = (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0) / list.length;

type Run = (connections: number, ms: number, how?: { rate?: number; isRude?: boolean }) => Promise<Outcome>;

await command(async (scope) => {
  const register = await startRegister(scope, temporaryDirectory('onr-soak'));
  const client = new pg.Client({ connectionString: register.databaseUrl });
  await client.connect();
  scope.defer(() => client.end());
  await client.query(
    `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi)
     select nextval('hibernate_sequence'), 0, '1.2.246.562.24.' || (70000000000 + n), 'Aino', 'Aino', 'Testi' from generate_series(1, $1::int) n`,
    [PERSONS],
  );
  await separate(register);
  const request = requests(register, await register.token('rekisterinpitaja'));
  const port = Number(new URL(register.base).port);
  const opening = Buffer.from(
    `GET ${new URL(register.base).pathname}/actuator/health/liveness HTTP/1.1\r\nHost: x\r\n\r\n`,
  );
  const run: Run = (connections, ms, how) => load({ port, connections, ms, opening, request, ...how });

  await run(CONNECTIONS, WARM_MS);
  const peak = await run(CONNECTIONS, MEASURED_MS);
  console.log(`Peak with ${CONNECTIONS} connections: ${peak.perSecond.toFixed(0)} answers a second, p99 ${peak.p99Ms} ms (${listed(peak.statuses)})`); // prettier-ignore
  check('peak: only 200', hasOnly(peak.statuses, 200), listed(peak.statuses));
  await soak(run, peak.perSecond / 2, () => look(register, client));
  const peaks: number[] = [];
  for (const overload of OVERLOADS) peaks.push(await overburden(run, register, overload));
  const after = await run(CONNECTIONS, MEASURED_MS);
  check('afterwards as before', hasOnly(after.statuses, 200) && after.perSecond > 0.9 * peaks.at(-1)!, `${after.perSecond.toFixed(0)} a second (${listed(after.statuses)})`); // prettier-ignore
  return counts.failed === 0 ? 0 : 1;
});

/** Gives the callers, which this process is, a processor of their own. */
async function separate({ databaseUrl, service }: Register): Promise<void> {
  const last = availableParallelism() - 1;
  const others = last === 1 ? '0' : `0-${last - 1}`;
  const pin = (pid: number, processors: string) =>
    execFileSync('taskset', ['-a', '-c', '-p', processors, String(pid)], { stdio: 'pipe' });
  try {
    if (last === 0) throw new Error('there is one processor');
    for (const pid of [await serverPid(databaseUrl), service.pid]) pin(pid, others);
    pin(process.pid, String(last));
    console.log(`Service and database have processor ${others}, the callers processor ${last}`);
  } catch {
    console.log('Service, database and callers share the processors');
  }
}

/** Of ten requests six read a person, one its master, two a list, and one changes a person. */
function requests({ base }: Register, token: string): (n: number) => Request {
  const { host, pathname } = new URL(base);
  const bytes = (method: string, path: string, body = '') =>
    Buffer.from(
      `${method} ${pathname}${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
        `${body && `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`}\r\n${body}`,
    );
  const oids = Array.from({ length: PERSONS }, (_, n) => `1.2.246.562.24.${70_000_000_001 + n}`);
  const reads = oids.map((oid) => bytes('GET', `/henkilo/${oid}`));
  const masters = oids.map((oid) => bytes('GET', `/henkilo/${oid}/master`));
  const lists = oids.map((oid, n) =>
    bytes('POST', '/henkilo/henkiloPerustietosByHenkiloOidList', JSON.stringify([oid, oids[(n + 1) % PERSONS]])),
  );
  const writes = ['091', '049'].map((kotikunta) =>
    oids.map((oid) => bytes('PUT', '/henkilo', JSON.stringify({ oidHenkilo: oid, kotikunta }))),
  );
  return (n) => {
    const kind = n % 10;
    const of = kind < 6 ? reads : kind < 7 ? masters : kind < 9 ? lists : writes[Math.floor(n / PERSONS) % 2]!;
    return of[(n * 7) % PERSONS]!;
  };
}

/** What is held at a moment. */
interface Look {
  readonly memoryMb: number;
  readonly handles: number;
  readonly connections: number;
  /** Milliseconds, since the look before. */
  readonly lagP99Ms: number;
}

async function look({ metrics, service }: Register, client: pg.Client): Promise<Look> {
  const lagP99Ms = (await metrics()).value('nodejs_eventloop_lag_p99_seconds') * 1000;
  const { rows } = await client.query<{ n: string }>(
    `select count(*) as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  return {
    memoryMb: memory(service.pid).now,
    handles: readdirSync(`/proc/${service.pid}/fd`).length,
    connections: Number(rows[0]?.n),
    lagP99Ms,
  };
}

/** As many a second for the given minutes: nothing fails, nothing grows. */
async function soak(run: Run, rate: number, lookNow: () => Promise<Look>): Promise<void> {
  console.log(`Half of it for ${minutes} minutes`);
  await lookNow();
  const looks: Look[] = [];
  const ending = new AbortController();
  const watching = (async () => {
    while (!ending.signal.aborted) {
      await sleep(Math.min(LOOK_MS, minutes * 6_000));
      looks.push(await lookNow());
    }
  })();
  const { statuses, perSecond, p99Ms } = await run(CONNECTIONS, minutes * 60_000, { rate });
  ending.abort();
  await watching;
  check('no error', hasOnly(statuses, 200), listed(statuses));
  check('as many as were asked for', perSecond > 0.95 * rate, `${perSecond.toFixed(0)} a second, p99 ${p99Ms} ms`);
  const quarter = Math.ceil(looks.length / 4);
  for (const key of ['memoryMb', 'handles', 'connections'] as const) {
    const [early, late] = [looks.slice(quarter, 2 * quarter), looks.slice(-quarter)].map((some) => average(some.map((one) => one[key]))) as [number, number]; // prettier-ignore
    check(`${key} flat`, late <= early * MAX_GROWTH_RATIO + 2, `${early.toFixed(0)} in the second quarter, ${late.toFixed(0)} in the last`); // prettier-ignore
  }
  const lag = Math.max(...looks.map(({ lagP99Ms }) => lagP99Ms));
  check(`event loop delay p99 under ${LAG_P99_MS} ms`, lag < LAG_P99_MS, `${lag.toFixed(0)} ms at most in ${looks.length} looks`); // prettier-ignore
}

/** More than the service can do, and in turn the peak, with which it is compared. @returns the peak, answers a second */
async function overburden(
  run: Run,
  { base, service }: Register,
  { times, isRude, leastOfPeak }: (typeof OVERLOADS)[number],
): Promise<number> {
  const [peaks, overs]: [Outcome[], Outcome[]] = [[], []];
  const live = { longestMs: 0, failed: 0 };
  const liveness = new LivenessWatch(base);
  for (let round = 0; round < ROUNDS; round++) {
    peaks.push(await run(CONNECTIONS, ROUND_MS));
    await liveness.look();
    overs.push(await run(times * CONNECTIONS, ROUND_MS, { isRude }));
    const { longestMs, failed } = await liveness.look();
    live.longestMs = Math.max(live.longestMs, longestMs);
    live.failed += failed;
  }
  await liveness.stop();
  const statuses = new Map<number, number>();
  for (const one of overs)
    for (const [status, n] of one.statuses) statuses.set(status, (statuses.get(status) ?? 0) + n);
  const [peak, over] = [peaks, overs].map((some) => average(some.map(({ perSecond }) => perSecond))) as [
    number,
    number,
  ];
  const p99Ms = Math.max(...overs.map((one) => one.p99Ms));
  const slowestMs = Math.max(...overs.map(({ slowestRefusalMs }) => slowestRefusalMs));
  const without = overs.reduce((sum, { withoutRetryAfter }) => sum + withoutRetryAfter, 0);
  const what = `${times} times the connections${isRude ? ', rude' : ''}`;
  check(`${what}: the peak goes on being served`, over >= leastOfPeak * peak, `${over.toFixed(0)} of ${peak.toFixed(0)} a second, ${(over / peak).toFixed(2)}; p99 ${p99Ms} ms, ${memory(service.pid).now} MB`); // prettier-ignore
  check(`${what}: 200 or 503`, hasOnly(statuses, 200, 503), listed(statuses));
  check(`${what}: refused within ${REFUSED_WITHIN_MS} ms, with Retry-After`, slowestMs < REFUSED_WITHIN_MS && without === 0, `${slowestMs.toFixed(0)} ms, ${without} without`); // prettier-ignore
  check(`${what}: liveness answers`, live.failed === 0 && live.longestMs < REFUSED_WITHIN_MS, `${live.longestMs.toFixed(0)} ms at most, ${live.failed} failed`); // prettier-ignore
  if (times > 8) check(`${what}: some were refused`, (statuses.get(503) ?? 0) > 0, listed(statuses));
  return peak;
}
