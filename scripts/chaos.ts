#!/usr/bin/env node
/**
 * Breaks things under a working register and looks whether anything was lost:
 *
 *   npm run chaos [-- --minutes 2] [--only TEXT] [--list]
 *
 * Two processes of the built service work on one embedded PostgreSQL, which they reach by a proxy that fails when told, as the door to
 * the stand-ins of all peers does. Meanwhile callers create, change, link and read persons and send imports. One fault comes after
 * the other, as often as the minutes allow, each at least once; from 10 minutes on each peer breaks alone, each job is killed alone, and
 * the database is away for 60 s. After each fault: both processes are ready again within 5 s; what was answered with 2xx is
 * there, nothing is half written, the history says what the tables say, writes go on. At the end every import, message and mail is through,
 * once, every job has done its work, and exports have left no half of anything. On a slow or busy machine the times are as many times
 * longer as a process takes there. Last line: "chaos: N passed, M failed".
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ALIAS, makeCertificates, PASSWORD } from '../sandbox/certificates.ts';
import { startSandbox } from '../sandbox/server.ts';
import { S3StandIn } from '../sandbox/s3.ts';
import { allowed, Callers } from './lib/chaos-callers.ts';
import { lookAtTables, type Sql } from './lib/chaos-checks.ts';
import { lookAtStorage } from './lib/chaos-storage.ts';
import { JobWork } from './lib/chaos-work.ts';
import { command, messageOf, start, temporaryDirectory, waitFor, type Scope, type Started } from './lib/command.ts';
import { startCounts } from './lib/counts.ts';
import { startPostgres, type EmbeddedPostgres } from './lib/embedded-pg.ts';
import { FaultProxy, type Fault } from './lib/fault-proxy.ts';
import { freePort } from './lib/free-port.ts';
import { PEER_FAULTS, PEER_NAMES, PeerDoor, type PeerFault } from './lib/peer-door.ts';
import { CONTEXT_PATH, migrateDatabase, serviceEnvironment, serviceWith } from './lib/rig.ts';
import { measureSlowness } from './lib/slowness.ts';

const READY_WITHIN_MS = 5_000;
const TERM_WITHIN_MS = 20_000;
/** A job that was broken off has been done by another process by then. */
const JOBS_WITHIN_MS = 120_000;
/** What is not ready by then never is. */
const NEVER_READY_MS = 120_000;
/** The longest that a process may take to say that it is ready. */
const ANSWER_MS = 3_000;
/** What is left at the end grows less at least once in this time. */
const STALLED_MS = 120_000;
/** Whether writes go on is seen by then. */
const WRITES_WITHIN_MS = 20_000;
/**
 * On a machine that is more than so many times slower than usual, the service's own limits on a lock, a connection or an answer of the
 * database run out: 503.
 */
const SLOWNESS_THAT_EXPLAINS_503 = 2;
const IMPORT_ROWS = 1_500;
/** How often a process is ended until a job was under way in it. */
const KILL_TRIES = 5;
/** The longest that a job goes on before the first end after it was seen at work; later ones come sooner. */
const KILL_AFTER_MS = 400;
/** How much later each piece to and from the database comes at the first end, so that short jobs last; twice as much at each later one. */
const KILL_SLOW_MS = 5;
/** A job that is made due has begun by then. */
const KILL_WAIT_MS = 5_000;
/** A run that took longer than that at the last try, when the process is ended nearly at once, could have been hit. */
const LONG_ENOUGH_MS = 1_000;
/** These do next to nothing, so that none of the tries need hit: one reads a file with a certificate. */
const TOO_SHORT_TO_BE_HIT: readonly string[] = ['vtjkyselyCertificationCheck'];
/** A hetu, a ticket of CAS or a signed token. */
const SECRET =
  /(?<![0-9A-Za-z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Za-z])|\b(?:ST|PT|TGT)-[\w.-]{8,}|\beyJ[\w-]{10,}\.eyJ/;
/** Uploads that were under way are ended by then. */
const STORAGE_WITHIN_MS = 30_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes: how long, above 0');
/** The register grows with every minute; whole runs take two to three times as long as what is asked for. */
const DISK_MB = Math.round(240 + 80 * minutes);
/** One peer and one job at a time, not all at once. */
const oneByOne = minutes >= 10;
const databaseMs = minutes >= 10 ? 60_000 : minutes >= 5 ? 15_000 : 3_000;
const peerMs = oneByOne ? 8_000 : 3_000;

const counts = startCounts('chaos');
function check(what: string, isRight: boolean, detail = ''): void {
  counts[isRight ? 'passed' : 'failed']++;
  if (!isRight) console.log(`  FAILED ${what}${detail && `: ${detail}`}`);
}
/** Runs something that must be done in time. @param ms on a machine that is neither slow nor busy at any time meanwhile */
async function within<T>(ms: number, work: () => Promise<T>): Promise<{ result: T; boundMs: number }> {
  let slowness = measureSlowness();
  const look = () => (slowness = Math.max(slowness, measureSlowness()));
  const timer = setInterval(look, 1_000);
  const result = await work().finally(() => clearInterval(timer));
  return { result, boundMs: Math.round(ms * look()) };
}
const some = (list: readonly string[]) =>
  list.slice(0, 5).join(', ') + (list.length > 5 ? ` and ${list.length - 5} more` : '');

/** One process of the service; started again after it was ended. */
class Instance {
  process!: Started;
  base = '';
  private metrics = '';
  private readonly scope: Scope;
  private readonly env: (port: number) => NodeJS.ProcessEnv;
  readonly log: string;

  constructor(scope: Scope, env: (port: number) => NodeJS.ProcessEnv, log: string) {
    this.scope = scope;
    this.env = env;
    this.log = log;
  }

  /** @returns milliseconds until it was ready */
  async start(): Promise<number> {
    const [port, management] = [await freePort(), await freePort()];
    this.metrics = `http://127.0.0.1:${management}/actuator/prometheus`;
    const began = performance.now();
    const env = {
      ...this.env(port),
      'management.server.port': String(management),
      'management.server.address': '127.0.0.1',
    };
    this.process = start({ ...serviceWith(env), log: this.log });
    this.scope.defer(() => this.process.stop());
    const base = `http://localhost:${port}${CONTEXT_PATH}`;
    await waitFor(`${base}/actuator/health/readiness`, this.process);
    this.base = base;
    return performance.now() - began;
  }

  isReady(timeoutMs = ANSWER_MS): Promise<boolean> {
    return fetch(`${this.base}/actuator/health/readiness`, { signal: AbortSignal.timeout(Math.ceil(timeoutMs)) }).then(({ ok }) => ok, () => false); // prettier-ignore
  }

  /** Names of the jobs that run in it. */
  async jobs(): Promise<string[]> {
    const text = await fetch(this.metrics, { signal: AbortSignal.timeout(2_000) }).then((answer) => answer.text(), () => ''); // prettier-ignore
    return [...text.matchAll(/^onr_job_items_done\{job="([^"]+)"\}/gm)].map(([, name]) => name ?? '');
  }

  /** @returns milliseconds until it was gone, and its exit status */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ ms: number; status: number }> {
    const began = performance.now();
    process.kill(this.process.pid, signal);
    const status = await this.process.exited;
    return { ms: Math.round(performance.now() - began), status };
  }
}

/** A file system of its own for the database, so that it can be filled up. @returns false: not possible here */
function mountSmallDisk(scope: Scope, directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', directory], { stdio: 'pipe' });
  } catch {
    return false;
  }
  scope.defer(() => execFileSync('umount', ['-l', directory]));
  return true;
}

/** Fills the file system of a file up. */
function fill(file: string): void {
  const fd = openSync(file, 'w');
  try {
    for (let piece = Buffer.alloc(1024 * 1024); piece.length > 0;) {
      try {
        writeSync(fd, piece);
      } catch {
        piece = piece.subarray(0, Math.floor(piece.length / 2)); // the last bytes too
      }
    }
  } finally {
    closeSync(fd);
  }
}

process.setMaxListeners(0); // every process that is started is ended with us

await command(async (scope) => {
  const logs = temporaryDirectory('onr-chaos');
  const parent = temporaryDirectory('onr-chaos-db');
  scope.defer(() => rmSync(parent, { recursive: true, force: true }));
  const disk = mountSmallDisk(scope, parent);
  chmodSync(parent, 0o711); // PostgreSQL runs as another user when we are root
  const dataDir = join(parent, 'data');
  const settings = ['max_wal_size=96MB', 'min_wal_size=32MB'];
  let server: EmbeddedPostgres = await startPostgres({ dataDir, settings });
  scope.defer(() => server.stop());
  const urlOf = (port: number, name: string) => `postgres://${server.user}@127.0.0.1:${port}/${name}`;
  const connect = async (name: string, options?: string) => {
    const client = new pg.Client({ connectionString: urlOf(server.port, name), application_name: 'chaos', options });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const ask = async <Row>(text: string, name = 'onr', options?: string): Promise<Row[]> => {
    const client = await connect(name, options);
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const sql: Sql = (text) => ask(text);
  await ask('create database onr', 'postgres');
  await migrateDatabase(urlOf(server.port, 'onr'));

  const door = new PeerDoor();
  await door.start();
  const storage = new S3StandIn();
  const s3 = await storage.start();
  const sandbox = await startSandbox({ port: 0, origin: door.url });
  door.targets = { sandbox: sandbox.url, s3 };
  const database = await FaultProxy.start({ host: '127.0.0.1', port: server.port });
  scope.defer(() => Promise.all([database.stop(), door.stop(), sandbox.close(), storage.stop()]));
  const control = async (what: string, body: object) => (await fetch(`${sandbox.url}/__test/${what}`, { method: 'POST', body: JSON.stringify(body) })).text(); // prettier-ignore
  const tokens: Record<string, string> = {};
  for (const user of ['rekisterinpitaja', 'tuoja', 'virkailija'])
    tokens[user] = await control('token', { user, expiresIn: 86_400 });
  const buckets = {
    export: 'vienti',
    'henkilo-export': 'oidit',
    'datantuonti.export': 'testidata',
    'datantuonti.import': 'tuotavat',
  };
  /** Job → the bucket that it writes to. */
  const exportsTo: Readonly<Record<string, string>> = {
    Export: buckets.export,
    HenkiloExport: buckets['henkilo-export'],
    DatantuontiExport: buckets['datantuonti.export'],
  };
  const certificates = makeCertificates(temporaryDirectory('onr-chaos-keys'));
  scope.defer(() => rmSync(certificates, { recursive: true, force: true }));
  for (const name of Object.values(buckets)) await fetch(`${s3}/${name}`, { method: 'PUT' });
  const env = (port: number) => ({
    ...serviceEnvironment({ port, peers: door.url, databaseUrl: urlOf(database.port, 'onr') }),
    ONR_JOBS_HEARTBEAT_MS: '1000',
    'oppijanumerorekisteri.slack-url': `${door.url}/slack`,
    'oppijanumerorekisteri.tasks.testidatantuonti.import.enabled': 'true',
    'oppijanumerorekisteri.tasks.koski-datantuonnin-muokkaus.enabled': 'true',
    'db-scheduler.missed-heartbeats-limit': '3',
    // For the job that looks at the certificate; the door speaks plain HTTP, so that no query uses it.
    'oppijanumerorekisteri.vtjkysely.enabled': 'true',
    'oppijanumerorekisteri.vtjkysely.keystoreUri': join(certificates, 'client.p12'),
    'oppijanumerorekisteri.vtjkysely.keystorePassword': PASSWORD,
    'oppijanumerorekisteri.vtjkysely.certAlias': ALIAS,
    'oppijanumerorekisteri.vtjkysely.truststoreUri': join(certificates, 'truststore.p12'),
    'oppijanumerorekisteri.vtjkysely.truststorePassword': PASSWORD,
    ...Object.fromEntries(
      Object.entries(buckets).flatMap(([job, bucket]) => [
        [`oppijanumerorekisteri.tasks.${job}.enabled`, 'true'],
        [`oppijanumerorekisteri.tasks.${job}.bucket-name`, bucket],
      ]),
    ),
  });
  const instances = [1, 2].map((n) => new Instance(scope, env, join(logs, `service-${n}.log`))) as [Instance, Instance];
  for (const instance of instances) await instance.start();
  const ticket = () => control('ticket', { user: 'rekisterinpitaja' });
  const callers = new Callers({ bases: () => instances.map(({ base }) => base), tokens, ticket });
  const work = new JobWork(
    sql,
    async (state) => {
      await control('state', state);
    },
    async (key, text) => {
      await fetch(`${s3}/${buckets['datantuonti.import']}/${key}`, { method: 'PUT', body: text });
    },
  );
  console.log(`Two processes work; their logs are in ${logs}`);

  const jobNames = (await sql<{ name: string }>('select task_name as name from scheduled_tasks order by 1')).map(
    ({ name }) => name,
  );

  /** Both are ready in time. */
  async function ready(name: string): Promise<void> {
    const since = performance.now();
    const { result, boundMs } = await within(READY_WITHIN_MS, () =>
      Promise.all(
        instances.map(async (instance) => {
          while (!(await instance.isReady()) && performance.now() - since < NEVER_READY_MS) await sleep(50);
          return Math.round(performance.now() - since);
        }),
      ),
    );
    for (const [n, ms] of result.entries())
      check(`${name}: process ${n + 1} ready within ${boundMs} ms`, ms < boundMs, `${ms} ms`);
  }

  async function terminate(instance: Instance): Promise<void> {
    const { result, boundMs } = await within(TERM_WITHIN_MS, () => instance.end('SIGTERM'));
    const { ms, status } = result;
    console.log(`  SIGTERM: gone after ${ms} ms`);
    check(`SIGTERM: gone within ${boundMs} ms with status 0`, ms < boundMs && status === 0, `${ms} ms, status ${status}`); // prettier-ignore
  }

  async function restart(name: string, ...ended: Instance[]): Promise<void> {
    const { result, boundMs } = await within(READY_WITHIN_MS, () =>
      Promise.all(ended.map((instance) => instance.start())),
    );
    for (const ms of result) check(`${name}: started within ${boundMs} ms`, ms < boundMs, `${Math.round(ms)} ms`);
  }

  const makeDue = (names: readonly string[]) =>
    sql(`update scheduled_tasks set execution_time = now(), version = version + 1
          where not picked and task_name in (${names.map((name) => `'${name}'`).join()})`);
  const ranSince = (since: string) =>
    sql<{ name: string; done: boolean; picked: boolean }>(
      `select task_name as name, picked, not picked and coalesce(last_success > '${since}', false) as done from scheduled_tasks`,
    );
  const now = async () => (await sql<{ now: string }>(`select clock_timestamp()::text as now`))[0]?.now ?? '';

  /** These jobs have run to a good end since then. */
  async function jobsEnd(name: string, names: readonly string[], since: string): Promise<void> {
    let left: string[] = [];
    for (const end = Date.now() + JOBS_WITHIN_MS * measureSlowness(); Date.now() < end; await sleep(500)) {
      left = (await ranSince(since)).filter((job) => names.includes(job.name) && !job.done).map((job) => job.name);
      if (left.length === 0) break;
      await makeDue(left); // a run that failed comes again after minutes else
    }
    check(`${name}: every job has run to its end`, left.length === 0, some(left));
  }

  /** Exports that have run to a good end since the last fault have left nothing half done. */
  async function lookAtExports(when: string, names: readonly string[]): Promise<void> {
    const used = names.flatMap((name) => exportsTo[name] ?? []);
    if (used.length === 0) return;
    try {
      const look = async () => {
        const schemas = await sql<{ who: string }>(`select nspname as who from pg_namespace where nspname in ('exportnew', 'datantuonti_export_new')`); // prettier-ignore
        const found = await lookAtStorage(s3, used);
        return found.set('no schema is left half made', schemas.map(({ who }) => who)); // prettier-ignore
      };
      let found = await look();
      const isWell = () => [...found.values()].every((who) => who.length === 0);
      for (const end = Date.now() + STORAGE_WITHIN_MS * measureSlowness(); !isWell() && Date.now() < end;) {
        await sleep(500);
        found = await look();
      }
      for (const [question, who] of found) check(`${when}: exports: ${question}`, who.length === 0, some(who));
    } catch (error) {
      check(`${when}: what exports have left can be looked at`, false, messageOf(error));
    }
  }

  type Signal = 'SIGKILL' | 'SIGTERM';
  /** By job: how often a process was ended while it ran in it. */
  const ends = new Map<string, Record<Signal, number>>();
  const endsOf = (job: string) => ends.get(job) ?? { SIGKILL: 0, SIGTERM: 0 };
  /** Faults of which no try hit; the time is that of the job's run in the last try. */
  const missed: { readonly signal: Signal; readonly job: string; readonly ms: number }[] = [];

  /** Ends a process again and again until one of the jobs was under way in it. */
  async function endInJobs(name: string, names: readonly string[], signal: Signal): Promise<void> {
    const tries = names.every((job) => TOO_SHORT_TO_BE_HIT.includes(job)) ? 1 : KILL_TRIES;
    let isHit = false;
    let since = '';
    for (let turn = 0; turn < tries && !isHit; turn++) {
      await work.make();
      since = await now();
      const hit = await endOnceInJobs(name, names, { signal, turn, since, isLast: turn === tries - 1 });
      for (const job of hit) ends.set(job, { ...endsOf(job), [signal]: endsOf(job)[signal] + 1 });
      isHit = hit.some((job) => names.includes(job));
      await jobsEnd(name, names, since);
    }
    if (!isHit) {
      const runs = await sql<{ job: string; ms: number }>(
        `select task_name as job, extract(epoch from ended - started)::float8 * 1000 as ms from onr_job_run where ended > '${since}'`,
      );
      for (const job of names) missed.push({ signal, job, ms: runs.find((run) => run.job === job)?.ms ?? 0 });
    }
    await lookAtExports(name, names);
  }

  /**
   * Has the jobs run and ends the process that runs them; only at the last try one that runs none of them.
   * @returns the jobs that were under way in it
   */
  async function endOnceInJobs(
    name: string,
    names: readonly string[],
    { signal, turn, since, isLast }: { signal: Signal; turn: number; since: string; isLast: boolean },
  ): Promise<string[]> {
    const isWanted = (job: string) => names.includes(job);
    const underWay = () => Promise.all(instances.map((instance) => instance.jobs())) as Promise<[string[], string[]]>;
    const haveEnded = async () => (await ranSince(since)).every((job) => job.done || !isWanted(job.name));
    database.slowMs = KILL_SLOW_MS * 2 ** turn;
    database.set('slow');
    try {
      await makeDue(names);
      for (const end = Date.now() + KILL_WAIT_MS; Date.now() < end; await sleep(20))
        if ((await underWay()).flat().some(isWanted) || (await haveEnded())) break;
      await sleep((Math.random() * KILL_AFTER_MS) / 4 ** turn);
      const running = await underWay();
      const [first, second] = running.map((jobs) => jobs.filter(isWanted).length) as [number, number];
      if (first + second === 0 && !isLast) {
        console.log(`  ${signal} not yet: the jobs had ended`);
        return [];
      }
      const index = first >= second ? 0 : 1;
      const victim = instances[index];
      if (signal === 'SIGTERM') await terminate(victim);
      else await victim.end('SIGKILL');
      let hit = running[index];
      if (signal === 'SIGKILL') {
        // One that ended between the question and the signal has given its row back; the dead keep theirs for some seconds.
        const taken = (await ranSince(since)).filter(({ picked }) => picked).map((job) => job.name);
        hit = hit.filter((job) => taken.includes(job));
      }
      console.log(`  ${signal} in ${hit.join(', ') || 'none: they had ended'}`);
      database.set('pass');
      await restart(name, victim);
      return hit;
    } finally {
      database.set('pass');
      database.slowMs = 100;
    }
  }

  const startServer = async () => {
    server = await startPostgres({ dataDir, settings });
    database.target = { host: '127.0.0.1', port: server.port };
  };
  const stopServerImmediately = async () => {
    process.kill(Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
    await server.stop();
  };
  const during = (fault: Fault) => async () => {
    database.set(fault);
    await sleep(databaseMs);
    database.set('pass');
  };
  const endConnections = () =>
    ask(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'onr' and pid <> pg_backend_pid()`,
      'postgres',
    );

  interface Broken {
    /** What callers may be told meanwhile who need no peer. */
    readonly statuses: readonly number[];
    readonly inject: () => Promise<void>;
  }
  const AWAY = [200, 201, 503];
  const ENDED = [200, 201, 503, 0];
  const faults: Record<string, Broken> = {};
  const add = (name: string, statuses: readonly number[], inject: () => Promise<void>) =>
    (faults[name] = { statuses, inject });
  add('PostgreSQL is stopped immediately and comes back', AWAY, async () => {
    await stopServerImmediately();
    await sleep(databaseMs);
    await startServer();
  });
  add('connections to the database are ended', AWAY, async () => {
    for (const end = Date.now() + databaseMs; Date.now() < end; await sleep(300)) await endConnections();
  });
  add('connections to the database go dead without closing', AWAY, during('dead'));
  add('the network to the database is slow', AWAY, during('slow'));
  add('the database refuses connections', AWAY, during('refuse'));
  add('somebody holds a lock on henkilo', AWAY, async () => {
    const client = await connect('onr');
    await client.query('begin; lock table henkilo in access exclusive mode');
    await sleep(Math.max(databaseMs, 6_000)); // longer than a statement waits for a lock
    await client.query('rollback');
    await client.end();
  });
  add('the database takes no writes', AWAY, async () => {
    await ask('alter system set default_transaction_read_only = on', 'postgres');
    await ask('select pg_reload_conf()', 'postgres');
    await sleep(databaseMs);
    await ask('alter system reset default_transaction_read_only', 'postgres', '-c default_transaction_read_only=off');
    await ask('select pg_reload_conf()', 'postgres');
  });
  if (disk)
    add('the disk of the database is full', AWAY, async () => {
      const ballast = join(parent, 'ballast');
      fill(ballast);
      await sleep(databaseMs);
      rmSync(ballast);
      const isUp = () => ask('select 1', 'postgres').then(() => true, () => false); // prettier-ignore
      if (await isUp()) return;
      await server.stop(); // it had to give up, and somebody starts it again
      await startServer();
    });
  else console.log('The disk is not filled up: no file system of its own can be mounted here');

  const breakPeers = (names: readonly string[], fault: PeerFault) => async () => {
    await work.make();
    for (const peer of names) door.faults.set(peer, fault);
    await makeDue(jobNames);
    await sleep(fault === 'slow' && oneByOne ? 35_000 : peerMs);
    door.faults.clear();
  };
  for (const fault of PEER_FAULTS)
    for (const [who, names] of oneByOne
      ? PEER_NAMES.map((name) => [name, [name]] as const)
      : ([['every peer', PEER_NAMES]] as const))
      add(`${who} is ${fault}`, [200, 201], breakPeers(names, fault));

  add('one process is killed in its work', ENDED, async () => {
    await instances[0].end('SIGKILL');
    check('one process is killed: the other stays ready', await instances[1].isReady(ANSWER_MS * measureSlowness()));
    await restart('one process is killed', instances[0]);
  });
  add('one process is told to end in its work', ENDED, async () => {
    await terminate(instances[1]);
    await restart('one process is told to end', instances[1]);
  });
  add('both processes are killed at once', ENDED, async () => {
    await Promise.all(instances.map((instance) => instance.end('SIGKILL')));
    await restart('both processes are killed at once', ...instances);
  });
  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    add(`a process gets ${signal} in an import`, ENDED, async () => {
      const id = await callers.import(callers.nextName(), IMPORT_ROWS);
      const done = async () =>
        (await sql<{ n: number }>(`select kasiteltyja as n from tuonti where id = ${id ?? 0}`))[0]?.n ?? 0;
      for (const end = Date.now() + 30_000; (await done()) === 0 && Date.now() < end; await sleep(5));
      for (const instance of instances) {
        if (signal === 'SIGTERM') await terminate(instance);
        else await instance.end(signal);
        console.log(`  ${await done()} of ${IMPORT_ROWS} rows were handled`);
        await restart(`${signal} in an import`, instance);
      }
    });
  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    for (const [what, names] of oneByOne
      ? jobNames.map((name) => [`job ${name}`, [name]] as const)
      : ([['the jobs', jobNames]] as const)) {
      const name = `a process gets ${signal} in ${what}`;
      add(name, ENDED, () => endInJobs(name, names, signal));
    }

  let rounds = 0;
  const chosen = Object.entries(faults).filter(([name]) => name.includes(values.only));
  if (values.list) {
    for (const [name] of chosen) console.log(name);
    await callers.stop();
    return 0;
  }
  await work.make();
  const until = Date.now() + minutes * 60_000;
  for (; rounds < chosen.length || Date.now() < until; rounds++) {
    const [name, { statuses, inject }] = chosen[rounds % chosen.length]!;
    const before = { changes: callers.changes, own: new Map(callers.answers.own), began: performance.now() };
    callers.forgetOdd();
    await inject().catch((error: unknown) => check(`${name}: could be done`, false, messageOf(error)));
    await ready(name);
    const then = callers.changes;
    for (
      const end = Date.now() + WRITES_WITHIN_MS * measureSlowness();
      callers.changes < then + 3 && Date.now() < end;
      await sleep(20)
    );
    check(`${name}: writes go on afterwards`, callers.changes >= then + 3);
    await callers.pause();
    const told = [...callers.answers.own].flatMap(([status, n]) =>
      n > (before.own.get(status) ?? 0) ? [[status, n - (before.own.get(status) ?? 0)] as const] : [],
    );
    const expected = measureSlowness() > SLOWNESS_THAT_EXPLAINS_503 ? [...statuses, 503] : statuses;
    const odd = told.filter(([status]) => !expected.includes(status)).map(([status, n]) => `${status}: ${n}`);
    check(`${name}: answers are ${expected.join(', ')}`, odd.length === 0, [odd.join(', '), ...callers.odd].join('\n'));
    await verify(name);
    callers.resume();
    const answers = told.sort(([a], [b]) => a - b).map(([status, n]) => `${status || 'none'}: ${n}`);
    console.log(`${name}: ${((performance.now() - before.began) / 1000).toFixed(1)} s, ${callers.changes - before.changes} changes, answers ${answers.join(', ')}`); // prettier-ignore
  }
  await callers.pause();
  await theEnd();
  await callers.stop();
  console.log(
    `${rounds} faults; ${callers.persons.length} persons created, ${callers.imports.length} imports acknowledged`,
  );
  const listed = (map: ReadonlyMap<number, number>) => [...map].sort(([a], [b]) => a - b).map(([status, n]) => `${status || 'none'}: ${n}`).join(', '); // prettier-ignore
  console.log(`Answers ${listed(callers.answers.own)}; where other systems are asked ${listed(callers.answers.peers)}; the latest after ${Math.round(callers.longestMs)} ms`); // prettier-ignore
  console.log(`Calls of peers, and those that met a fault: ${[...door.calls].map(([peer, { all, broken }]) => `${peer} ${all}/${broken}`).join(', ')}`); // prettier-ignore
  tellEndsInJobs();
  return counts.failed === 0 ? 0 : 1;

  /** In which jobs processes were ended, and of which no try hit. */
  function tellEndsInJobs(): void {
    console.log(`Ended in jobs (SIGKILL/SIGTERM): ${[...ends].map(([job, { SIGKILL, SIGTERM }]) => `${job} ${SIGKILL}/${SIGTERM}`).join(', ') || 'none'}`); // prettier-ignore
    const never = missed.filter(({ signal, job }) => endsOf(job)[signal] === 0);
    const listed = never.map(({ signal, job, ms }) => `${job} by ${signal} (its run took ${Math.round(ms)} ms)`);
    console.log(`Jobs of which no try hit: ${never.length}${never.length > 0 ? `: ${listed.join(', ')}` : ''}`);
    const bound = LONG_ENOUGH_MS * measureSlowness();
    for (const job of new Set(never.map((one) => one.job))) {
      const { SIGKILL, SIGTERM } = endsOf(job);
      const ms = Math.max(...never.filter((one) => one.job === job).map((one) => one.ms));
      const isTooShort = TOO_SHORT_TO_BE_HIT.includes(job) || ms < bound;
      if (!isTooShort)
        check(`a process was ended in job ${job}`, SIGKILL + SIGTERM > 0, `a run of ${Math.round(ms)} ms was not hit`);
    }
  }

  /** Nobody asks anything; imports, messages and jobs may be under way. */
  async function verify(when: string): Promise<void> {
    try {
      const rows = new Map(
        (
          await sql<{ oid: string; name: string; master: string | null }>(
            'select oidhenkilo as oid, sukunimi as name, (select max(master_oid) from henkiloviite where slave_oid = oidhenkilo) as master from henkilo',
          )
        ).map((row) => [row.oid, row]),
      );
      const wrong = callers.persons.filter(({ oid, name, master }) => {
        const row = rows.get(oid);
        return !row || !allowed(name).includes(row.name) || !allowed(master).includes(row.master);
      });
      check(`${when}: what was acknowledged is there`, wrong.length === 0, some(wrong.map(({ oid, name, master }) => `${oid} ${name.value} ${master.value ?? ''} is ${JSON.stringify(rows.get(oid))}`))); // prettier-ignore
      const imports = new Set((await sql<{ id: string }>('select id from tuonti')).map(({ id }) => Number(id)));
      const lost = callers.imports.filter(({ id }) => !imports.has(id));
      check(`${when}: every acknowledged import is there`, lost.length === 0, some(lost.map(({ id }) => String(id))));
      for (const [question, who] of await lookAtTables(sql)) check(`${when}: ${question}`, who.length === 0, some(who));
    } catch (error) {
      check(`${when}: the database can be looked at`, false, messageOf(error));
    }
  }

  /** Everything is through, and nothing went out too often. */
  async function theEnd(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      await work.hurry();
      const since = await now();
      await makeDue(jobNames);
      await jobsEnd('at the end', jobNames, since);
    }
    const queued = async () => Number((await sql<{ n: string }>(`select count(*) as n from queuedemail where queuedemailstatus_id = 'QUEUED'`))[0]?.n); // prettier-ignore
    for (let turn = 0; turn < 100 && (await queued()) > 0; turn++) {
      await work.hurry();
      const since = await now();
      await makeDue(['EmailRetryTask']);
      await jobsEnd('mails', ['EmailRetryTask'], since);
    }
    const left = async () =>
      (await sql<{ messages: number; rows: number }>(`select (select count(*)::int from onr_outbox) as messages,
        (select coalesce(sum(kasiteltavia - kasiteltyja), 0)::int from tuonti where kasiteltyja < kasiteltavia) as rows`))[0]!; // prettier-ignore
    const stalledMs = STALLED_MS * measureSlowness();
    let [waiting, least, since] = [await left(), Infinity, Date.now()];
    for (; waiting.messages + waiting.rows > 0 && Date.now() - since <= stalledMs; waiting = await left()) {
      if (waiting.messages + waiting.rows < least) [least, since] = [waiting.messages + waiting.rows, Date.now()];
      await sleep(200);
    }
    check('every message and import is through', waiting.messages + waiting.rows === 0, JSON.stringify(waiting));
    await verify('at the end');
    for (const [question, who] of await work.look(door)) check(`jobs: ${question}`, who.length === 0, some(who));
    await lookAtExports('at the end', Object.keys(exportsTo));

    const imported = new Map(
      (await sql<{ id: string; n: string }>('select tuonti_id as id, count(distinct henkilo_id) as n from tuonti_rivi group by 1')).map(({ id, n }) => [Number(id), Number(n)]),
    ); // prettier-ignore
    const unfinished = callers.imports.filter(({ id, rows }) => imported.get(id) !== rows);
    check('every acknowledged import has its persons, each row one', unfinished.length === 0, some(unfinished.map(({ id, rows }) => `${id}: ${imported.get(id)} of ${rows}`))); // prettier-ignore

    const unpublished = callers.persons.filter(({ oid }) => !door.published.has(oid));
    check('everybody who was created was announced', unpublished.length === 0, some(unpublished.map(({ oid }) => oid)));
    const doubled = callers.persons.filter(({ oid, tries }) => (door.published.get(oid) ?? 0) > tries);
    console.log(
      `${[...door.published.values()].reduce((sum, n) => sum + n, 0)} messages; of ${doubled.length} of ${callers.persons.length} persons more than tries to change them`,
    );
    check('no more than one message in twenty was repeated', doubled.length <= Math.max(2, callers.persons.length / 20), some(doubled.map(({ oid, tries }) => `${oid}: ${door.published.get(oid)} for ${tries}`))); // prettier-ignore

    const rows = new Map((await sql<{ oid: string; name: string }>('select oidhenkilo as oid, sukunimi as name from henkilo')).map(({ oid, name }) => [oid, name])); // prettier-ignore
    const misread: string[] = [];
    for (const { oid } of callers.persons.slice(-500)) {
      const { status, text } = await callers.send('GET', `/henkilo/${oid}`);
      const read = status === 200 ? (JSON.parse(text) as { sukunimi: string }).sukunimi : `status ${status}`;
      if (read !== rows.get(oid)) misread.push(`${oid}: ${read}`);
    }
    check('readers get what the tables say', misread.length === 0, some(misread));
    check('readers got what was acknowledged before', callers.stale.length === 0, some(callers.stale));
    check('no answer came too late', callers.late.length === 0, some(callers.late));
    check('503 says when to come again', callers.withoutRetryAfter === 0, String(callers.withoutRetryAfter));
    const log = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8')).join('\n'); // prettier-ignore
    for (const [what, text] of [
      ['no ready document differed from the tables', 'differed from the tables'],
      ['no failure was left without anybody who awaits it', 'A failure that nobody awaited'],
      ['no end had to be forced', 'Something does not end'],
    ] as const)
      check(what, !log.includes(text));
    // Old and new values belong into the audit log (docs/spec/security-integrations-jobs.md#3.2).
    const telling = log.split('\n').filter((line) => !line.includes('audit.AuditHelper') && SECRET.test(line));
    check('no log tells a hetu, a ticket or a token', telling.length === 0, some(telling.map((line) => line.slice(0, 200)))); // prettier-ignore
  }
});
