#!/usr/bin/env node
/**
 * Measures the job Export of the built service on a database of many invented persons:
 *
 *   npm run bench:exports [-- --persons 300000] [--fresh] [--seconds 40] [--rate 400] [--idle]
 *
 * Time, bytes and most memory of CSV and JSON of v3 and v4 into a storage that takes everything at once and keeps nothing, and
 * how long requests take meanwhile and without it; before, the same while nobody asks (with --idle this alone). Goals: a million persons in 4 minutes with 300 MB, requests at most
 * 1.3 times as slow at p99.
 *
 * The load is that of a service in use: of ten requests eight ask for one person, one for a list of a hundred, one changes contact details. They
 * are sent at a fixed rate, a quarter of what the machine can do just before (or --rate), whether or not those before are
 * answered. Service, PostgreSQL, storage and callers are processes of their own that share the cores.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { command, given, root, start, temporaryDirectory, waitFor } from './lib/command.ts';
import {
  copyFilled,
  filledDatabase,
  memory,
  processorSeconds,
  processorSecondsOfAll,
  serverPid,
} from './lib/filled-database.ts';
import { freePort } from './lib/free-port.ts';
import { load, steadyLoad, type Request } from './lib/http-load.ts';
import { plainEnvironment, quietJobs, startKitPeers, startService } from './lib/rig.ts';

const REGISTRAR = {
  sub: '1.2.246.562.24.00000000001',
  roles: { '1.2.246.562.10.00000000001': ['OPPIJANUMEROREKISTERI_REKISTERINPITAJA'] },
};
/** Of the most that the machine can do. */
const SHARE = 1 / 4;
const CALLERS = 16;
const KINDS = ['person', 'list of 100', 'change'] as const;
type Kind = (typeof KINDS)[number];

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '300000' },
    fresh: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '40' },
    rate: { type: 'string' },
    idle: { type: 'boolean', default: false },
  },
});

/** Requests for these persons, one after the other through all of them. */
function requestsFor(base: string, token: string, oids: readonly string[]) {
  const { host, pathname } = new URL(base);
  const bytesOf = (method: string, path: string, body?: unknown): Request => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `${method} ${pathname}${path} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${token}`,
      ...(text && ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
  };
  const oidOf = (n: number) => given(oids[n % oids.length], 'a person');
  return (n: number): { kind: Kind; bytes: Request } => {
    if (n % 10 === 3) {
      const list = Array.from({ length: 100 }, (_, i) => oidOf(n * 37 + i));
      return { kind: 'list of 100', bytes: bytesOf('POST', '/henkilo/henkilotByHenkiloOidList', list) };
    }
    if (n % 10 === 7) {
      const yhteystieto = [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: `a${n}@example.com` }];
      const yhteystiedotRyhma = [{ ryhmaKuvaus: 'yhteystietotyyppi1', ryhmaAlkuperaTieto: 'alkupera2', yhteystieto }];
      return { kind: 'change', bytes: bytesOf('PUT', '/henkilo', { oidHenkilo: oidOf(n), yhteystiedotRyhma }) };
    }
    return { kind: 'person', bytes: bytesOf('GET', `/henkilo/${oidOf(n)}`) };
  };
}

const at = (times: readonly number[], share: number) => given(times[Math.floor((times.length - 1) * share)], 'a time');

await command(async (scope) => {
  const { url } = await filledDatabase(scope, { count: Number(options.persons), fresh: options.fresh });
  await copyFilled(url, 'exports');
  const databaseUrl = url('exports');
  const logs = temporaryDirectory('onr-bench-exports');
  const storagePort = await freePort();
  const storageUrl = `http://127.0.0.1:${storagePort}`;
  const storage = start({
    name: 'storage',
    args: [join(root, 'scripts', 'lib', 'empty-storage.ts'), String(storagePort)],
    env: plainEnvironment(),
    log: join(logs, 'storage.log'),
    graceMs: 0,
  });
  scope.defer(() => storage.stop());
  await waitFor(storageUrl, storage);
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const service = await startService(scope, {
    peers,
    databaseUrl,
    log: join(logs, 'service.log'),
    env: {
      'aws.endpoint': storageUrl,
      'aws.henkiloModifiedTopic.enabled': 'false',
      'oppijanumerorekisteri.tasks.export.enabled': 'true',
      'oppijanumerorekisteri.tasks.export.bucket-name': 'bench',
      'oppijanumerorekisteri.scheduling.yksilointi.enabled': 'false',
      ONR_JOBS_POLL_MS: '200',
    },
  });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  scope.defer(() => client.end());
  /** @throws Error it failed */
  const exportEnds = async () => {
    for (;;) {
      const { rows } = await client.query<{ succeeded: boolean; failed: boolean }>(
        `select last_success is not null as succeeded, last_failure is not null as failed
           from scheduled_tasks where task_name = 'Export' and not picked`,
      );
      if (rows[0]?.failed) throw new Error(`The export failed: ${logs}/service.log`);
      if (rows[0]?.succeeded) return;
      await sleep(500);
    }
  };
  const beginExport = () =>
    client.query(
      `update scheduled_tasks set last_success = null, last_failure = null, execution_time = now() where task_name = 'Export'`,
    );
  /** Bytes of the files since the last call. */
  const takeStored = async () => Object.entries((await (await fetch(storageUrl)).json()) as Record<string, number>);
  const server = await serverPid(databaseUrl);
  const processors = () => [processorSeconds(service.process.pid), processorSecondsOfAll(server)] as const;
  const describe = (seconds: number, bytes: number, files: number, before: readonly [number, number]) => {
    const [ofService, ofServer] = processors();
    const seen = `${seconds.toFixed(0)} s, ${(bytes / 1e6).toFixed(0)} MB in ${files} files`;
    const worked = `processor time of the service ${(ofService - before[0]).toFixed(0)} s, of PostgreSQL ${(ofServer - before[1]).toFixed(0)} s`;
    return `${seen}; ${worked}; resident memory of the service ${memory(service.process.pid).most} MB at most (goal 300)`;
  };
  const sum = (stored: readonly (readonly [string, number])[]) => stored.reduce((total, [, bytes]) => total + bytes, 0);
  // The first run begins with the process; the one that is measured finds everything loaded and the documents of all persons.
  await exportEnds();
  await quietJobs(databaseUrl);
  await takeStored();
  await client.query('vacuum analyze');
  await client.query('checkpoint');

  const idleFrom = processors();
  const idleBegan = performance.now();
  await beginExport();
  await exportEnds();
  const idleSeconds = (performance.now() - idleBegan) / 1000;
  const idle = await takeStored();
  for (const [key, size] of idle) console.log(`${key.padEnd(64)} ${(size / 1e6).toFixed(1).padStart(8)} MB`);
  console.log(
    `Export of ${options.persons} persons while nobody asks: ${describe(idleSeconds, sum(idle), idle.length, idleFrom)}`,
  );
  if (options.idle) return 0;

  const { rows } = await client.query<{ oid: string }>(
    `select oidhenkilo as oid from henkilo where not passivoitu and not duplicate order by md5(oidhenkilo) limit 5000`,
  );
  const answer = await fetch(`${peers}/__test/token`, { method: 'POST', body: JSON.stringify(REGISTRAR) });
  const request = requestsFor(
    service.base,
    await answer.text(),
    rows.map(({ oid }) => oid),
  );
  const port = Number(new URL(service.base).port);
  const peak = await load({ port, connections: CALLERS, ms: 10_000, request: (n) => request(n).bytes });
  const rate = options.rate ? Number(options.rate) : peak.perSecond * SHARE;
  const under = (isOver: () => boolean) => steadyLoad({ port, rate, request, isOver });
  const until = (ms: number) => () => performance.now() > ms;
  await under(until(performance.now() + 5_000));
  const alone = await under(until(performance.now() + Number(options.seconds) * 1000));

  const worked = processors();
  const began = performance.now();
  let isDone = false;
  await beginExport();
  let areFilesBegun = false;
  const beside = under(() => areFilesBegun || isDone).then(async (tables) => ({
    tables,
    files: await under(() => isDone),
  }));
  beside.catch(() => undefined);
  const filesBegin = async () => {
    while (!isDone && !areFilesBegun) {
      await sleep(200);
      areFilesBegun = (await client.query('select from pg_stat_progress_copy')).rows.length > 0;
    }
  };
  const [, tablesSeconds] = await Promise.all([
    exportEnds().finally(() => (isDone = true)),
    filesBegin().then(() => (performance.now() - began) / 1000),
  ]);
  const seconds = (performance.now() - began) / 1000;
  const times = await beside;

  const stored = await takeStored();
  console.log(
    `Export beside requests: ${describe(seconds, sum(stored), stored.length, worked)}; ${tablesSeconds.toFixed(0)} s for its tables`,
  );
  console.log(
    `${rate.toFixed(0)} requests a second of ${peak.perSecond.toFixed(0)} that the machine can do; ms; ${logs}`,
  );
  console.log(
    `${''.padEnd(14)}${'alone: count'.padStart(14)}${'p50'.padStart(8)}${'p99'.padStart(8)}${'beside: count'.padStart(16)}${'p50'.padStart(8)}${'p99'.padStart(8)}${'times at p99 (goal 1.3)'.padStart(26)}`,
  );
  const show = (name: string, before: readonly number[], meanwhile: readonly number[]) => {
    if (meanwhile.length === 0) return; // this part of the export was over before a request of the kind
    console.log(
      name.padEnd(14) +
        `${before.length}`.padStart(14) +
        at(before, 0.5).toFixed(2).padStart(8) +
        at(before, 0.99).toFixed(2).padStart(8) +
        `${meanwhile.length}`.padStart(16) +
        at(meanwhile, 0.5).toFixed(2).padStart(8) +
        at(meanwhile, 0.99).toFixed(2).padStart(8) +
        (at(meanwhile, 0.99) / at(before, 0.99)).toFixed(2).padStart(26),
    );
  };
  const all = (...of: ReadonlyMap<Kind, readonly number[]>[]) =>
    of.flatMap((byKind) => [...byKind.values()].flat()).sort((a, b) => a - b);
  show('all', all(alone), all(times.tables, times.files));
  for (const part of ['tables', 'files'] as const) {
    show(part, all(alone), all(times[part]));
    for (const kind of KINDS) show(`  ${kind}`, given(alone.get(kind), kind), times[part].get(kind) ?? []);
  }
  return 0;
});
