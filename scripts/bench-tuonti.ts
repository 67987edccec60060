#!/usr/bin/env node
/**
 * Measures imports of learners and their listings on a register of many invented persons:
 *
 *   npm run bench:tuonti [-- --persons 300000] [--rows 10000] [--imports 1000] [--requests 200] [--connections 4] [--fresh]
 *
 * First an import of so many rows, a third known by hetu, a third known by passport number, a third new: prints the time
 * from the request to the last row and the service's highest resident memory. Then, with so many imports of 1 000 rows in
 * the database, the listings for a registrar and for an importer: median, p99 and slowest answer. Uses the database of
 * `npm run bench` (`--imports 0`: no listings); load generator, database and peers share the machine.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { command, given, root, temporaryDirectory } from './lib/command.ts';
import { admin, copyFilled, filledDatabase, memory, processorSeconds } from './lib/filled-database.ts';
import { countProgress, showProgress } from './lib/progress.ts';
import { startKitPeers, startService } from './lib/rig.ts';

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '300000' },
    rows: { type: 'string', default: '10000' },
    imports: { type: 'string', default: '1000' },
    requests: { type: 'string', default: '200' },
    connections: { type: 'string', default: '4' },
    fresh: { type: 'boolean', default: false },
  },
});
const GOAL_SECONDS = 20;
const GOAL_MEGABYTES = 300;
const GOAL_MS = 200;

const ROOT = '1.2.246.562.10.00000000001';
const UNI = '1.2.246.562.10.10000000001';
const right = (name: string) => `OPPIJANUMEROREKISTERI_${name}`;
const USERS = {
  registrar: { sub: '1.2.246.562.24.00000000001', roles: { [ROOT]: [right('REKISTERINPITAJA')] } },
  importer: { sub: '1.2.246.562.24.10000000042', roles: { [UNI]: [right('OPPIJOIDENTUONTI')] } },
};

/** Calls the service as one user. */
type Caller = (
  path: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<Response>;

await command(async (scope) => {
  const { url } = await filledDatabase(scope, { count: Number(options.persons), fresh: options.fresh });
  await copyFilled(url, 'measured');
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const databaseUrl = url('measured');
  const env = { 'db-scheduler.enabled': 'false' };
  const service = await startService(scope, { peers, databaseUrl, log: join(logs, 'service.log'), env });
  const callerOf = async (user: object): Promise<Caller> => {
    const body = JSON.stringify({ ...user, expiresIn: 86_400 });
    const token = await (await fetch(`${peers}/__test/token`, { method: 'POST', body })).text();
    return (path, { headers, ...init } = {}) =>
      fetch(service.base + path, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
  };
  const callers = { registrar: await callerOf(USERS.registrar), importer: await callerOf(USERS.importer) };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  scope.defer(() => client.end());

  await measureImport(client, callers.importer, service.process.pid);
  if (Number(options.imports) > 0) {
    await fillImports(databaseUrl, Number(options.imports));
    await measureListings(client, callers);
  }
  console.log(
    `resident memory ${memory(service.process.pid).most} MB at most; Node ${process.version}, ${options.persons} persons; logs ${logs}; ${root}`,
  );
  return 0;
});

/** Where an import is. */
interface Progress {
  readonly id: number;
  readonly kasiteltavia: number;
  readonly kasiteltyja: number;
  readonly kasitelty: boolean;
}

async function measureImport(client: pg.Client, call: Caller, pid: number): Promise<void> {
  const henkilot = await makeRows(client, Number(options.rows));
  const body = JSON.stringify({ sahkoposti: null, henkilot });
  const before = memory(pid).now;
  const worked = processorSeconds(pid);
  const began = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await call('/oppija', { method: 'PUT', headers, body });
  if (!answer.ok) throw new Error(`PUT /oppija: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
  const accepted = performance.now();
  const afterAccept = memory(pid).most;
  let progress = (await answer.json()) as Progress;
  const endShowing = showProgress('import', () => ({
    done: progress.kasiteltyja,
    total: progress.kasiteltavia,
    seconds: (performance.now() - began) / 1000,
  }));
  while (!progress.kasitelty) {
    await sleep(20);
    progress = (await (await call(`/oppija/tuonti=${progress.id}/perustiedot`)).json()) as Progress;
  }
  const seconds = (performance.now() - began) / 1000;
  endShowing();
  const processor = processorSeconds(pid) - worked;
  const { rows } = await client.query<{ rows: number; failed: number }>(
    `select count(*)::int as rows, (select count(*)::int from onr_tuonti_virhe where tuonti_id = $1) as failed
       from tuonti_rivi where tuonti_id = $1`,
    [progress.id],
  );
  const counted = given(rows[0], 'the count');
  console.log(
    `import of ${henkilot.length} rows: ${seconds.toFixed(1)} s (goal ${GOAL_SECONDS}), accepted after ${((accepted - began) / 1000).toFixed(2)} s, ${counted.rows} rows stored, ${counted.failed} failed; ${processor.toFixed(1)} s of processor time of the service; resident memory ${before} MB before, ${afterAccept} MB at most to the answer, ${memory(pid).most} MB to the end (goal ${GOAL_MEGABYTES})`,
  );
}

/** A third known by hetu, a third known by passport number, a third new. */
async function makeRows(client: pg.Client, count: number) {
  const third = Math.ceil(count / 3);
  const known = async (sql: string) => (await client.query<object>(sql, [third])).rows;
  const names = 'h.etunimet, h.kutsumanimi, h.sukunimi';
  const byHetu = await known(
    `select ${names}, h.hetu from henkilo h where h.hetu is not null order by md5(h.oidhenkilo) limit $1`,
  );
  const byPassport = await known(
    `select ${names}, p.passinumero from henkilo h join henkilo_passinumero p on p.henkilo_id = h.id order by md5(h.oidhenkilo) limit $1`,
  );
  const fresh = Array.from({ length: third }, (_, n) => ({
    etunimet: 'Aino Uusi',
    kutsumanimi: 'Aino',
    sukunimi: `Tuotu${n}`,
    syntymaaika: '2001-02-03',
    sukupuoli: { koodi: '2' },
    aidinkieli: { koodi: 'FI' },
    passinumero: `BENCH${n}`,
  }));
  const rows = Array.from({ length: third }, (_, i) => [byHetu[i], byPassport[i], fresh[i]])
    .flat()
    .filter(Boolean);
  return rows
    .slice(0, count)
    .map((henkilo, i) => ({ tunniste: `rivi-${i}`, henkilo: { ...henkilo, kansalaisuus: [{ koodi: '752' }] } }));
}

/** Imports of 1 000 rows into twenty organisations; every person comes in several. */
async function fillImports(databaseUrl: string, count: number): Promise<void> {
  const began = performance.now();
  await admin(
    databaseUrl,
    `insert into organisaatio (id, version, oid)
     select nextval('hibernate_sequence'), 0, '1.2.246.562.10.3000000' || lpad(n::text, 4, '0') from generate_series(1, 19) n`,
    'create temp table p as select row_number() over (order by id) - 1 as n, id, oidhenkilo from henkilo',
    'create unique index on p (n)',
    'analyze p',
    `create temp table o as select row_number() over (order by oid) - 1 as n, id from organisaatio
      where oid like '1.2.246.562.10.3000000%' or oid = '${UNI}'`,
    `create temp table t as select nextval('hibernate_sequence') as id, n from generate_series(0, ${count} - 1) n`,
    `insert into tuonti (id, version, kasiteltavia, kasiteltyja, kasittelija_oid, ilmoitustarve_kasitelty, aikaleima, api)
     select t.id, 0, 1000, 1000, p.oidhenkilo, true, timestamp '2024-01-01' + t.n * interval '7 hours', 'OPPIJA'
       from t join p on p.n = t.n % 30`,
    'insert into tuonti_organisaatio select t.id, o.id from t join o on o.n = t.n % 20',
    `insert into tuonti_rivi (id, version, tunniste, henkilo_id, tuonti_id, conflict)
     select nextval('hibernate_sequence'), 0, 'r' || j, p.id, t.id, j % 50 = 0
       from t cross join generate_series(0, 999) j join p on p.n = (t.n * 1000 + j * 17) % (select count(*) from p)
      order by t.n, j`,
    `insert into henkilo_organisaatio (henkilo_id, organisaatio_id)
     select distinct r.henkilo_id, x.organisaatio_id from tuonti_rivi r join tuonti_organisaatio x using (tuonti_id)
     on conflict do nothing`,
    'vacuum analyze',
  );
  console.log(`${count} imports of 1 000 rows made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

async function measureListings(client: pg.Client, callers: Readonly<Record<string, Caller>>): Promise<void> {
  const { rows } = await client.query<{ last: string; name: string }>(
    `select max(id) as last, (select sukunimi from henkilo order by md5(oidhenkilo) limit 1) as name from tuonti`,
  );
  const { last, name } = given(rows[0], 'an import');
  const paths = [
    '/oppija/yhteenveto',
    `/oppija/yhteenveto?tuontiId=${last}`,
    '/oppija/tuontikooste',
    '/oppija/tuontikooste?page=30',
    '/oppija/tuontikooste?field=conflicts',
    '/oppija/tuontikooste?field=successful',
    '/oppija/tuontikooste?author=a',
    '/oppija/muuttuneet',
    '/oppija/muuttuneet?count=100&page=50',
    '/oppija/muuttuneet?muokattuJalkeen=2021-01-01',
    '/internal/oppijoidentuonti/virheet',
    '/internal/oppijoidentuonti/virheet?page=50',
    `/internal/oppijoidentuonti/virheet?nimiHaku=${encodeURIComponent(name)}`,
  ];
  const columns = ['p50', 'p99', 'most'].map((column) => `${column} ms`.padStart(10)).join('');
  console.log(`\n${'listing'.padEnd(66)}${columns}   (goal p99 ${GOAL_MS})`);
  const listings = countProgress('listings', paths.length * Object.keys(callers).length);
  for (const [user, call] of Object.entries(callers)) {
    for (const path of paths) {
      const times = await measure(() => call(path));
      listings.add();
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
      const figures = [at(0.5), at(0.99), at(1)].map((ms) => ms.toFixed(0).padStart(10)).join('');
      console.log(`${`${user} ${path}`.padEnd(66)}${figures}${at(0.99) > GOAL_MS ? '   above' : ''}`);
    }
  }
  listings.end();
}

/** Milliseconds of each request, ascending; some requests before are not counted. */
async function measure(send: () => Promise<Response>): Promise<number[]> {
  const times: number[] = [];
  const one = async () => {
    const began = performance.now();
    const answer = await send();
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text.slice(0, 300)}`);
    return performance.now() - began;
  };
  for (let i = 0; i < 5; i++) await one();
  let left = Number(options.requests);
  const worker = async () => {
    while (left-- > 0) times.push(await one());
  };
  await Promise.all(Array.from({ length: Number(options.connections) }, worker));
  return times.sort((a, b) => a - b);
}
