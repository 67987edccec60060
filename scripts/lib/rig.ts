/** A throw-away register: embedded database, stand-in peers and the service, each on a free port, gone afterwards. */
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { startPostgres } from './embedded-pg.ts';
import { freePort, root, sleep, start, temporaryDirectory, waitFor } from './command.ts';

export const CONTEXT_PATH = '/oppijanumerorekisteri-service';

/** File in the data directory of `npm start` with the settings of the service that runs there. */
export const RUNNING_SETTINGS = 'running-settings.json';

/** Paths given by a user are meant from where npm was called. */
export const fromCaller = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** The conformance kit of the project, or the one of CONFORMANCE_DIR. @throws when there is none */
export function conformanceDirectory() {
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

/**
 * Settings of the service under test, as the conformance kit asks for: no job is due by itself, and a job that is made
 * due runs at once.
 */
export const serviceEnvironment = ({ port, peers, databaseUrl }) => ({
  ...plainEnvironment(),
  ...memoryEnvironment,
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

/**
 * @param dataDir of the database; default: a new directory that is removed at the end
 * @returns the database's address and an ending
 */
export async function startDatabase(
  { defer },
  { dataDir, database = 'oppijanumerorekisteri', durable = false, settings = [] } = {},
) {
  let directory = dataDir;
  if (!directory) {
    const parent = temporaryDirectory('onr-database');
    chmodSync(parent, 0o711); // PostgreSQL runs as another user when we are root
    defer(() => rmSync(parent, { recursive: true, force: true }));
    directory = join(parent, 'data');
  }
  const server = await startPostgres({ dataDir: directory, durable, settings });
  defer(() => server.stop());
  const url = (name) => `postgres://${server.user}@127.0.0.1:${server.port}/${name}`;
  const admin = new pg.Client({ connectionString: url('postgres') });
  await admin.connect();
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [database]);
  if (rowCount === 0) await admin.query(`create database "${database}"`);
  await admin.end();
  return { url: url(database), created: rowCount === 0 };
}

/** Brings a database to the service's schema with the service's own code. */
export async function migrateDatabase(url) {
  const require = createRequire(import.meta.url);
  require('@nestjs/common').Logger.overrideLogger(['warn', 'error']);
  await require('../../dist/database/migrate.js').migrate(url);
}

/** The conformance kit's stand-in peers on a free port. */
export async function startKitPeers({ defer }, log) {
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

/** Memory outside V8 in one heap, as the service and its jobs have it (docs/adr/0071-small-heap.md). */
export const memoryEnvironment = { MALLOC_ARENA_MAX: '1' };

/** Node as the service and its jobs run on it: the heap stays small under load (docs/adr/0071-small-heap.md). */
export const nodeArguments = ['--max-semi-space-size=8', '--max-old-space-size=1024', '--heap-growing-percent=30'];

/** The built service. */
export const serviceArguments = [...nodeArguments, join(root, 'dist', 'bin', 'main.js')];

/**
 * The built service on a free port, healthy.
 * @returns its address with the context path, its process, and the milliseconds from start to healthy
 */
export async function startService({ defer }, { peers, databaseUrl, log, env = {} }) {
  const port = await freePort();
  const base = `http://localhost:${port}${CONTEXT_PATH}`;
  const began = performance.now();
  const service = start({
    name: 'service',
    args: serviceArguments,
    env: { ...serviceEnvironment({ port, peers, databaseUrl }), ...env },
    log,
  });
  defer(() => service.stop());
  await waitFor(`${base}/actuator/health`, service);
  return { base, process: service, startMs: performance.now() - began };
}

/** Lets jobs that were due at the first start finish, and puts all off by a day. */
export async function quietJobs(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let i = 0; i < 300; i++) {
      await client.query(
        "update scheduled_tasks set execution_time = now() + interval '1 day', version = version + 1 where not picked",
      );
      const { rows } = await client.query('select count(*) filter (where picked)::int as running from scheduled_tasks');
      if (rows[0].running === 0) return;
      await sleep(100);
    }
    throw new Error('A background job does not end');
  } finally {
    await client.end();
  }
}
