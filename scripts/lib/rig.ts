/** A throw-away register: embedded database, stand-in peers and the service, each on a free port, gone afterwards. */
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { startPostgres } from './embedded-pg.ts';
import { root, start, temporaryDirectory, waitFor, type Scope, type Started } from './command.ts';
import { freePort } from './free-port.ts';

export const CONTEXT_PATH = '/oppijanumerorekisteri-service';

/** File in the data directory of `npm start` with the settings of the service that runs there. */
export const RUNNING_SETTINGS = 'running-settings.json';

/** Paths given by a user are meant from where npm was called. */
export const fromCaller = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** The conformance kit of the project, or the one of CONFORMANCE_DIR. @throws when there is none */
export function conformanceDirectory(): string {
  const directory = process.env.CONFORMANCE_DIR
    ? fromCaller(process.env.CONFORMANCE_DIR)
    : join(root, 'test', 'conformance', 'kit');
  if (!existsSync(join(directory, 'run.mjs')))
    throw new Error(`No conformance kit in ${directory}: CONFORMANCE_DIR names its folder`);
  return directory;
}

/** What a child process gets of our own environment: nothing that would change the service's settings. */
export const plainEnvironment = () =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'TERM'].filter((name) => process.env[name]).map((name) => [name, process.env[name]]),
  );

interface ServiceAt {
  readonly port: number;
  /** Address of the peers. */
  readonly peers: string;
  readonly databaseUrl: string;
}

/**
 * Settings of the service under test, as the conformance kit asks for: no job is due by itself, and a job that is made
 * due runs at once.
 */
export const serviceEnvironment = ({ port, peers, databaseUrl }: ServiceAt): NodeJS.ProcessEnv => ({
  ...plainEnvironment(),
  NODE_ENV: 'test',
  TZ: 'UTC',
  PORT: String(port),
  DATABASE_URL: databaseUrl,
  'virkailija.baseurl': peers,
  'aws.endpoint': peers,
  'aws.henkiloModifiedTopic.enabled': 'true',
  'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
  'aws.opintopolkuRoleArn': 'arn:aws:iam::1:role/sns',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  'oppijanumerorekisteri.henkilo.solmuluokka': '24',
  'oppijanumerorekisteri.allow-fake-ssn': 'true',
  'db-scheduler.polling-interval-ms': '200',
  'oppijanumerorekisteri.scheduling.yksilointi.enabled': 'true',
  'oppijanumerorekisteri.scheduling.yksilointi.vtj-request-delay-in-millis': '1',
  'oppijanumerorekisteri.vtj-muutosrajapinta.fetch-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.muutostieto-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.perustieto-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.apigw-role-arn': 'arn:aws:iam::1:role/apigw',
  'oppijanumerorekisteri.vtj-muutosrajapinta.retry-delay-ms': '5',
  'oppijanumerorekisteri.tasks.audit-cleanup.enabled': 'true',
});

interface DatabaseOptions {
  /** Directory of the database; default: a new one that is removed at the end. */
  readonly dataDir?: string;
  /** False: no fsync. */
  readonly durable?: boolean;
}

const DATABASE = 'oppijanumerorekisteri';

/** An embedded server with an empty database of the service, or with the one that the directory has. */
export async function startDatabase(
  { defer }: Scope,
  { dataDir, durable = false }: DatabaseOptions = {},
): Promise<{ url: string }> {
  let directory = dataDir;
  if (!directory) {
    const parent = temporaryDirectory('onr-database');
    chmodSync(parent, 0o711); // PostgreSQL runs as another user when we are root
    defer(() => rmSync(parent, { recursive: true, force: true }));
    directory = join(parent, 'data');
  }
  const server = await startPostgres({ dataDir: directory, durable });
  defer(() => server.stop());
  const url = (name: string) => `postgres://${server.user}@127.0.0.1:${server.port}/${name}`;
  const admin = new pg.Client({ connectionString: url('postgres') });
  await admin.connect();
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (rowCount === 0) await admin.query(`create database "${DATABASE}"`);
  await admin.end();
  return { url: url(DATABASE) };
}

/** Brings a database to the service's schema with the service's own code. */
export async function migrateDatabase(url: string): Promise<void> {
  const require = createRequire(import.meta.url);
  // The built service: its decorators need a compiler.
  const { migrate } = require('../../dist/database/migrate.js') as { migrate: (url: string) => Promise<unknown> };
  Logger.overrideLogger(['warn', 'error']);
  await migrate(url);
}

/** The conformance kit's stand-in peers on a free port. */
export async function startKitPeers({ defer }: Scope, log: string): Promise<string> {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const peers = start({
    name: 'peers',
    args: [join(conformanceDirectory(), 'peers.mjs'), String(port)],
    env: plainEnvironment(),
    log,
    graceMs: 1000,
  });
  defer(() => peers.stop());
  await waitFor(`${base}/__test/health`, peers);
  return base;
}

/**
 * What starts a built script of the service under this Node, with the heap that the service and its jobs have.
 * @param script in dist of this or of another checkout
 */
export const smallHeap = (script: string, args: readonly string[], env: NodeJS.ProcessEnv, checkout = root) => ({
  file: join(root, 'scripts', 'small-heap.cjs'),
  args: [join(checkout, 'dist', script), ...args],
  env: { ...env, PATH: `${dirname(process.execPath)}:${env.PATH ?? ''}` },
});

/** What starts the built service, of this or of another checkout. */
export const serviceWith = (env: NodeJS.ProcessEnv, checkout = root) => ({
  name: 'service',
  ...smallHeap(join('bin', 'main.js'), [], env, checkout),
});

/**
 * The built service on a free port, healthy.
 * @param checkout folder of another checkout, built, whose service it is
 * @returns its address with the context path, its process, and the milliseconds from start to healthy
 */
export async function startService(
  { defer }: Scope,
  {
    peers,
    databaseUrl,
    log,
    env = {},
    checkout,
  }: Omit<ServiceAt, 'port'> & {
    readonly log: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly checkout?: string;
  },
): Promise<{ base: string; process: Started; startMs: number }> {
  const port = await freePort();
  const base = `http://localhost:${port}${CONTEXT_PATH}`;
  const began = performance.now();
  const started = start({
    ...serviceWith({ ...serviceEnvironment({ port, peers, databaseUrl }), ...env }, checkout),
    log,
  });
  defer(() => started.stop());
  await waitFor(`${base}/actuator/health`, started);
  return { base, process: started, startMs: performance.now() - began };
}

/** Lets jobs that were due at the first start finish, and puts all off by a day. */
export async function quietJobs(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let i = 0; i < 3000; i++) {
      await client.query(
        "update scheduled_tasks set execution_time = now() + interval '1 day', version = version + 1 where not picked",
      );
      const { rows } = await client.query<{ running: number }>(
        'select count(*) filter (where picked)::int as running from scheduled_tasks',
      );
      if (rows[0]?.running === 0) return;
      await sleep(100);
    }
    throw new Error('A background job does not end');
  } finally {
    await client.end();
  }
}
