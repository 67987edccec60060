#!/usr/bin/env node
/**
 * Loads the built service for long, and for a while with more than it can do:
 *
 *   npm run soak [-- --minutes 10]
 *
 * On an embedded database: the peak is measured with 64 connections, reads and writes; then half of it for the given minutes: no error,
 * and memory, handles, connections and event loop stay as they were. Then four times the connections, and thirty-two times, of whom many
 * are refused: the peak goes on being served, each other caller gets 503 with Retry-After within a second, and liveness answers. Load and
 * service share the machine: nothing else should run on it. Last line: "soak: N passed, M failed".
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startSandbox } from '../sandbox/server.ts';
import { command, temporaryDirectory } from './lib/command.ts';
import { memory } from './lib/filled-database.ts';
import { freePort } from './lib/free-port.ts';
import { load, type Outcome } from './lib/http-load.ts';
import { migrateDatabase, quietJobs, startDatabase, startService } from './lib/rig.ts';

const CONNECTIONS = 64;
const PERSONS = 1_000;
const LAG_P99_MS = 80;
const REFUSED_WITHIN_MS = 1_000;
const LEAST_OF_PEAK = 0.8;
/** How much more there may be at the end than at a quarter of the time. */
const GROWTH = 1.1;
const LOOK_MS = 5_000;
const WARM_MS = 8_000;
const MEASURED_MS = 10_000;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes: how long, above 0');

const counts = { passed: 0, failed: 0 };
process.once('exit', () => console.log(`soak: ${counts.passed} passed, ${counts.failed} failed`));
function check(what: string, isRight: boolean, detail: string): void {
  counts[isRight ? 'passed' : 'failed']++;
  console.log(`  ${isRight ? 'ok    ' : 'FAILED'} ${what}: ${detail}`);
}
const listed = ({ statuses }: Outcome) => [...statuses].map(([status, n]) => `${status || 'none'}: ${n}`).join(', ');
const hasOnly = ({ statuses }: Outcome, ...allowed: number[]) =>
  [...statuses.keys()].every((status) => allowed.includes(status));
const average = (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0) / list.length;

/** What is held at a moment. */
interface Look {
  readonly memoryMb: number;
  readonly handles: number;
  readonly connections: number;
  /** Milliseconds, since the look before. */
  readonly lagP99Ms: number;
}

await command(async (scope) => {
  const logs = temporaryDirectory('onr-soak');
  const { url } = await startDatabase(scope);
  await migrateDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  scope.defer(() => client.end());
  await client.query(
    `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi)
     select nextval('hibernate_sequence'), 0, '1.2.246.562.24.' || (70000000000 + n), 'Aino', 'Aino', 'Testi' from generate_series(1, $1::int) n`,
    [PERSONS],
  );
  const [port, managementPort] = [await freePort(), await freePort()];
  const sandbox = await startSandbox({ port });
  scope.defer(() => sandbox.close());
  const { base, process: service } = await startService(scope, {
    peers: sandbox.url,
    databaseUrl: url,
    log: join(logs, 'service.log'),
    env: { 'management.server.port': String(managementPort), 'management.server.address': '127.0.0.1' },
  });
  await quietJobs(url);
  const token = await (
    await fetch(`${sandbox.url}/__test/token`, {
      method: 'POST',
      body: JSON.stringify({ user: 'rekisterinpitaja', expiresIn: 86_400 }),
    })
  ).text();

  const { host, port: servicePort, pathname } = new URL(base);
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
  /** Of ten requests six read a person, one its master, two a list, and one changes a person. */
  const request = (n: number) => {
    const kind = n % 10;
    const of = kind < 6 ? reads : kind < 7 ? masters : kind < 9 ? lists : writes[Math.floor(n / PERSONS) % 2]!;
    return of[(n * 7) % PERSONS]!;
  };
  const run = (connections: number, ms: number, rate?: number) =>
    load({ port: Number(servicePort), connections, ms, rate, request });

  const look = async (): Promise<Look> => {
    const text = await (await fetch(`http://127.0.0.1:${managementPort}/actuator/prometheus`)).text();
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
    const { rows } = await client.query<{ n: string }>(
      `select count(*) as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    return {
      memoryMb: memory(service.pid).now,
      handles: readdirSync(`/proc/${service.pid}/fd`).length,
      connections: Number(rows[0]?.n),
      lagP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1000,
    };
  };

  await run(CONNECTIONS, WARM_MS);
  const peak = await run(CONNECTIONS, MEASURED_MS);
  console.log(`Peak with ${CONNECTIONS} connections: ${peak.perSecond.toFixed(0)} answers a second, p99 ${peak.p99Ms} ms (${listed(peak)})`); // prettier-ignore
  check('peak: only 200', hasOnly(peak, 200), listed(peak));

  console.log(`Half of it for ${minutes} minutes`);
  await look();
  const looks: Look[] = [];
  const ending = new AbortController();
  const watching = (async () => {
    while (!ending.signal.aborted) {
      await sleep(Math.min(LOOK_MS, minutes * 6_000));
      looks.push(await look());
    }
  })();
  const long = await run(CONNECTIONS, minutes * 60_000, peak.perSecond / 2);
  ending.abort();
  await watching;
  check('no error', hasOnly(long, 200), listed(long));
  check(
    'as many as were asked for',
    long.perSecond > 0.95 * (peak.perSecond / 2),
    `${long.perSecond.toFixed(0)} a second, p99 ${long.p99Ms} ms`,
  );
  const quarter = Math.ceil(looks.length / 4);
  for (const key of ['memoryMb', 'handles', 'connections'] as const) {
    const [early, late] = [looks.slice(quarter, 2 * quarter), looks.slice(-quarter)].map((some) => average(some.map((one) => one[key]))) as [number, number]; // prettier-ignore
    check(`${key} flat`, late <= early * GROWTH + 2, `${early.toFixed(0)} in the second quarter, ${late.toFixed(0)} in the last`); // prettier-ignore
  }
  const lag = Math.max(...looks.map(({ lagP99Ms }) => lagP99Ms));
  check(`event loop delay p99 under ${LAG_P99_MS} ms`, lag < LAG_P99_MS, `${lag.toFixed(0)} ms at most in ${looks.length} looks`); // prettier-ignore

  for (const times of [4, 32]) {
    const before = await run(CONNECTIONS, MEASURED_MS); // the machine may have changed meanwhile
    const live = { longest: 0, failed: 0, isWatched: true };
    const liveness = (async () => {
      for (; live.isWatched; await sleep(100)) {
        const began = performance.now();
        const { ok } = await fetch(`${base}/actuator/health/liveness`).catch(() => ({ ok: false }));
        if (!ok) live.failed++;
        live.longest = Math.max(live.longest, performance.now() - began);
      }
    })();
    const over = await run(times * CONNECTIONS, MEASURED_MS);
    live.isWatched = false;
    await liveness;
    const what = `${times} times the connections`;
    check(`${what}: the peak goes on being served`, over.perSecond >= LEAST_OF_PEAK * before.perSecond, `${over.perSecond.toFixed(0)} of ${before.perSecond.toFixed(0)} a second, p99 ${over.p99Ms} ms`); // prettier-ignore
    check(`${what}: 200 or 503`, hasOnly(over, 200, 503), listed(over));
    check(`${what}: refused within ${REFUSED_WITHIN_MS} ms, with Retry-After`, over.slowestRefusalMs < REFUSED_WITHIN_MS && over.withoutRetryAfter === 0, `${over.slowestRefusalMs.toFixed(0)} ms, ${over.withoutRetryAfter} without`); // prettier-ignore
    check(`${what}: liveness answers`, live.failed === 0 && live.longest < REFUSED_WITHIN_MS, `${live.longest.toFixed(0)} ms at most, ${live.failed} failed`); // prettier-ignore
    if (times > 8) check(`${what}: some were refused`, (over.statuses.get(503) ?? 0) > 0, listed(over));
  }
  const after = await run(CONNECTIONS, MEASURED_MS / 2);
  check('afterwards as before', hasOnly(after, 200) && after.perSecond > 0.9 * peak.perSecond, `${after.perSecond.toFixed(0)} a second (${listed(after)})`); // prettier-ignore
  return counts.failed === 0 ? 0 : 1;
});
