#!/usr/bin/env node
/**
 * Measures the jobs of the VTJ change API on a register of many invented persons:
 *
 *   npm run bench:muutostieto [-- --persons 300000] [--changes 10000] [--buckets 100] [--per-bucket 10000] [--fresh]
 *
 * First `vtj muutostieto task` with so many changes of five groups each, then `vtj muutostieto fetch task` with buckets
 * of so many hetut. Prints time, rate and the highest resident memory of the job's process. Uses the database of
 * `npm run bench`; the peers are stand-ins on this machine, so they take their share of its cores.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { command, given, root, temporaryDirectory, type Scope } from './lib/command.ts';
import { admin, copyFilled, filledDatabase, memory, processorSeconds } from './lib/filled-database.ts';
import { serviceEnvironment, smallHeap, startKitPeers } from './lib/rig.ts';

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '300000' },
    changes: { type: 'string', default: '10000' },
    buckets: { type: 'string', default: '100' },
    'per-bucket': { type: 'string', default: '10000' },
    fresh: { type: 'boolean', default: false },
  },
});
const GOAL_SECONDS = 40;
const GOAL_MEGABYTES = 300;

/** Five groups of a change: names, a move, an address, an e-mail address. */
const TIETORYHMAT = `jsonb_build_array(
  jsonb_build_object('tietoryhma', 'HENKILON_NIMI', 'muutosattribuutti', 'LISATTY', 'etunimi', etunimet, 'sukunimi', sukunimi || '-Uusi'),
  jsonb_build_object('tietoryhma', 'KOTIKUNTA', 'muutosattribuutti', 'LISATTY', 'kuntakoodi', '853',
    'kuntaanMuuttopv', jsonb_build_object('arvo', '2026-01-01', 'tarkkuus', 'PAIVA')),
  jsonb_build_object('tietoryhma', 'EDELLINEN_KOTIKUNTA', 'muutosattribuutti', 'MUUTETTU', 'kuntakoodi', '091',
    'kuntaanMuuttopv', jsonb_build_object('arvo', syntymaaika, 'tarkkuus', 'PAIVA'),
    'kunnastaPoisMuuttopv', jsonb_build_object('arvo', '2025-12-31', 'tarkkuus', 'PAIVA')),
  jsonb_build_object('tietoryhma', 'VAKINAINEN_KOTIMAINEN_OSOITE', 'muutosattribuutti', 'LISATTY',
    'katunimi', jsonb_build_object('fi', 'Koulukatu', 'sv', 'Skolgatan'), 'katunumero', '4', 'huoneistokirjain', 'B',
    'huoneistonumero', '007', 'postinumero', '20100', 'postitoimipaikka', jsonb_build_object('fi', 'TURKU', 'sv', 'ÅBO')),
  jsonb_build_object('tietoryhma', 'SAHKOPOSTIOSOITE', 'muutosattribuutti', 'LISATTY', 'sahkopostiosoite', 'uusi' || id || '@example.com'))`;

await command(async (scope) => {
  const { url } = await filledDatabase(scope, { count: Number(options.persons), fresh: options.fresh });
  await copyFilled(url, 'measured');
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const env = serviceEnvironment({ port: 0, peers, databaseUrl: url('measured') });

  const changes = Number(options.changes);
  await admin(
    url('measured'),
    `insert into vtj_muutostieto (id, version, henkilotunnus, muutospv, tietoryhmat)
     select nextval('hibernate_sequence'), 0, hetu, timestamp '2026-01-01' + n * interval '1 second', ${TIETORYHMAT}
       from (select *, row_number() over (order by md5(oidhenkilo)) as n from henkilo
              where yksiloityvtj and not passivoitu and hetu is not null) h where n <= ${changes}`,
    'vacuum analyze vtj_muutostieto',
  );
  const handling = await run('vtj muutostieto task', env, join(logs, 'muutostieto.log'));
  const [counted] = await rows<{ handled: number; failed: number }>(
    url('measured'),
    'select count(processed)::int as handled, count(*) filter (where error)::int as failed from vtj_muutostieto',
  );
  const { handled, failed } = given(counted, 'the count');
  report(`${handled} changes of five groups, ${failed} failed`, handling, changes, GOAL_SECONDS);

  const buckets = Number(options.buckets);
  const perBucket = Number(options['per-bucket']);
  await fillBuckets(url('measured'), buckets, perBucket);
  const api = await startChangeApi(scope);
  const fetching = await run(
    'vtj muutostieto fetch task',
    { ...env, 'oppijanumerorekisteri.vtj-muutosrajapinta.base-url': api.url },
    join(logs, 'fetch.log'),
  );
  report(`${buckets} buckets of ${perBucket} hetut, ${api.given()} changes stored`, fetching, buckets * perBucket);
  console.log(`Node ${process.version}, ${options.persons} persons; logs ${logs}; ${root}`);
  return 0;
});

/** What a run took: time, processor time and megabytes at most. */
interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly most: number;
}

/** Runs one job in a process of its own, from its start to its end. */
async function run(job: string, env: NodeJS.ProcessEnv, log: string): Promise<Run> {
  const began = performance.now();
  const starting = smallHeap(join('bin', 'jobs.js'), ['run', job], env);
  const child = spawn(starting.file, starting.args, { env: starting.env });
  const pid = given(child.pid, 'the process of the job');
  const output = createWriteStream(log);
  child.stdout.pipe(output);
  child.stderr.pipe(output);
  child.stderr.pipe(process.stderr, { end: false }); // the job tells there how far it is
  let most = 0;
  let cpuSeconds = 0;
  const watch = setInterval(() => {
    try {
      ({ most } = memory(pid));
      cpuSeconds = processorSeconds(pid);
    } catch {
      // the process has just ended
    }
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${job} ended with ${code ?? 'a signal'}; its log is ${log}`);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds, most };
}

function report(what: string, { seconds, cpuSeconds, most }: Run, count: number, goalSeconds?: number): void {
  const goal = goalSeconds ? ` (goal ${goalSeconds})` : '';
  console.log(
    `${what}: ${seconds.toFixed(1)} s${goal}, ${Math.round(count / seconds)} a second, ${cpuSeconds.toFixed(1)} s of its processor time, ${most} MB at most (goal ${GOAL_MEGABYTES})`,
  );
}

async function rows<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query<Row>(sql);
  await client.end();
  return result.rows;
}

/** Persons with a hetu and nothing else, so many to a bucket; without the indexes that only slow their making. */
async function fillBuckets(url: string, buckets: number, perBucket: number): Promise<void> {
  const indexes = await rows<{ indexname: string }>(
    url,
    `select indexname from pg_indexes where tablename = 'henkilo' and indexdef not like 'CREATE UNIQUE%'
       and indexname <> 'henkilo_vtj_bucket_idx'`,
  );
  await admin(
    url,
    ...indexes.map(({ indexname }) => `drop index ${indexname}`),
    'update henkilo set vtj_bucket = null where vtj_bucket is not null',
    `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu, yksiloityvtj, vtj_bucket, created, modified)
     select nextval('hibernate_sequence'), 0, 'bench.' || n, 'A', 'A', 'B', 'H' || lpad(n::text, 10, '0'), true, n % ${buckets}, now(), now()
       from generate_series(1, ${buckets * perBucket}) n`,
    'vacuum analyze henkilo',
  );
}

/** A change API on a free port: a change for every hundredth hetu of each request. */
async function startChangeApi({ defer }: Scope): Promise<{ url: string; given: () => number }> {
  let changes = 0;
  const tietoryhmat = [
    { tietoryhma: 'HENKILON_NIMI', muutosattribuutti: 'LISATTY', etunimi: 'Aino', sukunimi: 'Laine' },
    { tietoryhma: 'SAHKOPOSTIOSOITE', muutosattribuutti: 'LISATTY', sahkopostiosoite: 'aino@example.com' },
  ];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') return response.end('{"viimeisinKirjausavain":1000}');
      const { hetulista, viimeisinKirjausavain } = JSON.parse(Buffer.concat(chunks).toString()) as {
        hetulista: string[];
        viimeisinKirjausavain: number;
      };
      const muutokset = hetulista
        .filter((_, i) => i % 100 === 0)
        .map((henkilotunnus) => ({ henkilotunnus, muutospv: '2026-01-01T10:00:00', tietoryhmat }));
      changes += muutokset.length;
      response.end(JSON.stringify({ viimeisinKirjausavain: viimeisinKirjausavain + 1, ajanTasalla: true, muutokset }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  defer(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, given: () => changes };
}
