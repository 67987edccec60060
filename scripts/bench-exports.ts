#!/usr/bin/env node
/**
 * Measures the job Export of the built service on a database of many invented persons:
 *
 *   npm run bench:exports [-- --persons 300000] [--fresh] [--seconds 20]
 *
 * Time, bytes and most memory of CSV and JSON of v3 and v4 into a storage that takes everything at once and keeps nothing, and
 * how long requests take meanwhile and without it. Goals (issue 14): a million persons in 4 minutes with 300 MB, requests at most
 * 1.3 times as slow at p99.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { command, given, temporaryDirectory } from './lib/command.ts';
import { copyFilled, filledDatabase, memory, processorSeconds } from './lib/filled-database.ts';
import { startKitPeers, startService } from './lib/rig.ts';

const CALLERS = 4;
const REGISTRAR = {
  sub: '1.2.246.562.24.00000000001',
  roles: { '1.2.246.562.10.00000000001': ['OPPIJANUMEROREKISTERI_REKISTERINPITAJA'] },
};

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '300000' },
    fresh: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
  },
});

/** As much of S3 as an upload needs. @returns bytes by key */
function storage(): { server: ReturnType<typeof createServer>; bytes: Map<string, number> } {
  const bytes = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
    request.on('data', (chunk: Buffer) => bytes.set(pathname, (bytes.get(pathname) ?? 0) + chunk.length));
    request.on('end', () => {
      response.setHeader('etag', '"0"');
      if (request.method === 'POST' && searchParams.has('uploads'))
        response.end('<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
      else if (request.method === 'POST')
        response.end('<CompleteMultipartUploadResult><ETag>"0"</ETag></CompleteMultipartUploadResult>');
      else if (request.method === 'GET') response.end('<ListMultipartUploadsResult></ListMultipartUploadsResult>');
      else response.end();
    });
  });
  return { server, bytes };
}

/** Requests of a few callers, one after the other each, until `stop` says so. @returns their times in ms, ascending */
async function load(urls: readonly string[], token: string, stop: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const call = async (caller: number) => {
    for (let i = caller; !stop(); i += CALLERS) {
      const began = performance.now();
      const answer = await fetch(given(urls[i % urls.length], 'a url'), {
        headers: { authorization: `Bearer ${token}` },
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${answer.status}`);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
  return times.sort((a, b) => a - b);
}

const at = (times: readonly number[], share: number) => given(times[Math.floor((times.length - 1) * share)], 'a time');
const describe = (times: readonly number[]) =>
  `${times.length} requests, p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms`;

await command(async (scope) => {
  const { url } = await filledDatabase(scope, { count: Number(options.persons), fresh: options.fresh });
  await copyFilled(url, 'exports');
  const databaseUrl = url('exports');
  const logs = temporaryDirectory('onr-bench-exports');
  const { server, bytes } = storage();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer(() => server.close());
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const service = await startService(scope, {
    peers,
    databaseUrl,
    log: join(logs, 'service.log'),
    env: {
      'aws.endpoint': `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      'oppijanumerorekisteri.tasks.export.enabled': 'true',
      'oppijanumerorekisteri.tasks.export.bucket-name': 'bench',
      'oppijanumerorekisteri.scheduling.yksilointi.enabled': 'false',
      ONR_PERSON_DOCUMENTS: 'false', // building them would be measured too
      ONR_JOBS_POLL_MS: '200',
    },
  });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  scope.defer(() => client.end());
  const ofExport = async (column: string) =>
    (await client.query<{ v: boolean }>(`select ${column} as v from scheduled_tasks where task_name = 'Export'`))
      .rows[0]?.v;
  // The first run begins with the process; the one that is measured finds everything loaded.
  while (!(await ofExport('not picked and (last_success is not null or last_failure is not null)'))) await sleep(500);
  if (!(await ofExport('last_success is not null'))) throw new Error(`The export failed: ${logs}/service.log`);
  bytes.clear();

  const { rows } = await client.query<{ oid: string }>(
    'select oidhenkilo as oid from henkilo order by md5(oidhenkilo) limit 2000',
  );
  const urls = rows.map(({ oid }) => `${service.base}/henkilo/${oid}`);
  const answer = await fetch(`${peers}/__test/token`, { method: 'POST', body: JSON.stringify(REGISTRAR) });
  const token = await answer.text();
  const until = (ms: number) => () => performance.now() > ms;
  await load(urls, token, until(performance.now() + 5_000));
  const alone = await load(urls, token, until(performance.now() + Number(options.seconds) * 1000));
  const rested = memory(service.process.pid);

  const worked = processorSeconds(service.process.pid);
  const began = performance.now();
  let isDone = false;
  await client.query(
    `update scheduled_tasks set last_success = null, execution_time = now() where task_name = 'Export'`,
  );
  const beside = load(urls, token, () => isDone);
  while (!(await ofExport('not picked and last_success is not null'))) await sleep(200);
  const seconds = (performance.now() - began) / 1000;
  isDone = true;
  const times = await beside;

  const total = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  for (const [key, size] of bytes) console.log(`${key.padEnd(64)} ${(size / 1e6).toFixed(1).padStart(8)} MB`);
  const factor = at(times, 0.99) / at(alone, 0.99);
  console.log(
    `Export of ${options.persons} persons beside requests: ${seconds.toFixed(0)} s, ${(total / 1e6).toFixed(0)} MB in ${bytes.size} files; ${(processorSeconds(service.process.pid) - worked).toFixed(0)} s of processor time of the service, resident memory ${rested.now} MB before, ${memory(service.process.pid).most} MB at most (goal 300)`,
  );
  console.log(
    `without it ${describe(alone)}\nbeside it  ${describe(times)}; p99 ${factor.toFixed(2)} times (goal 1.3); ${logs}`,
  );
  return 0;
});
