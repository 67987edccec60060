import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { readDatabaseState, type DatabaseState } from './adoption/database-state.js';
import { loadSqlMigrations } from './migration-loader.js';
import { inLockRounds } from './lock-rounds.js';
import { sessionSettings, startupOptions, type PgBouncerMode } from './session-settings.js';
import { reach, TlsClient, type DatabaseAddress } from './tls-client.js';

/** The same two levels up from `src/database` and from `dist/database`. */
const MIGRATIONS_DIR = path.resolve(__dirname, '../../migrations');
/** Advisory lock that one migrating process holds, any number that nothing else in the database uses. */
const MIGRATION_LOCK_KEY = 7_241_865_001;
const LOCK_POLL_MS = 200;
const SESSION = { search_path: 'public', timezone: 'UTC' };

/** A migration that others keep from a lock is undone and tried again so often, with a pause in between. */
const LOCK_ROUNDS = 10;

/** The database that is migrated. */
interface MigrationAddress extends DatabaseAddress {
  readonly pgBouncer?: PgBouncerMode;
  /** The same database without PgBouncer; null: not given. */
  readonly migrationUrl?: string | null;
}

const log = new Logger('Migrate');

interface MigrateOptions {
  readonly rounds?: number;
  readonly count?: number;
}

/**
 * Brings a database to this service's schema (docs/adr/0011-adoption.md): builds an empty one, adopts one of the
 * reference in place, runs what is new on one of its own. Of several processes one works, the others wait. When there
 * is nothing to do it costs a few small queries.
 *
 * @param database an address, or the URL alone; it must exist, its user must own `public` and may create schemas
 * @param options.rounds how often a migration that does not get its locks in time is tried
 * @param options.count only so many of the migrations that are new, for tests of older states
 * @throws DatabaseRefusedError the database is neither; nothing has been changed
 * @throws Error there is something to do, and a PgBouncer in the way that gives a session to many
 * @throws Error others held a lock too long: migrations up to there are done, the next start goes on
 */
export async function migrate(
  database: MigrationAddress | string,
  { rounds = LOCK_ROUNDS, count }: MigrateOptions = {},
): Promise<void> {
  const names = await listMigrations();
  await withOwner(database, async (client, between) => {
    if (isCurrent(await readDatabaseState(client, names[0]!), names)) return;
    if (between === 'transaction')
      throw new Error(
        'There are migrations to do, which need the database without PgBouncer: ONR_MIGRATION_DATABASE_URL',
      );
    await lockMigrations(client);
    const state = await readDatabaseState(client, names[0]!); // another process may have done it meanwhile
    if (isCurrent(state, names)) return;
    if (state.kind === 'reference') await run(client, { fake: true, count: 1 });
    await runInRounds(client, rounds, count);
    log.log({ empty: 'Built the schema', reference: 'Adopted the database', own: 'Migrated the schema' }[state.kind]);
  });
}

/** Gives work that changes the schema a connection without limits on time. The connection ends with the work, and its locks with it. */
export async function withOwner<T>(
  database: MigrationAddress | string,
  work: (client: Client, between: PgBouncerMode) => Promise<T>,
): Promise<T> {
  const {
    url,
    tls,
    migrationUrl,
    pgBouncer = 'none',
  }: MigrationAddress = typeof database === 'string' ? { url: database } : database;
  const between = migrationUrl ? 'none' : pgBouncer;
  const client = new TlsClient({
    ...reach({ url: migrationUrl ?? url, tls }),
    application_name: 'oppijanumerorekisteri-migrate',
    connectionTimeoutMillis: 10_000,
    ...(between === 'none' && { options: startupOptions(SESSION) }),
  });
  await client.connect();
  try {
    if (between === 'session') await client.query(sessionSettings(SESSION));
    return await work(client, between);
  } finally {
    await client.end();
  }
}

const isCurrent = (state: DatabaseState, names: readonly string[]) =>
  state.kind === 'own' && names.every((name) => state.applied.includes(name));

/** Names of the migrations, oldest first, as they are recorded in `pgmigrations`. */
async function listMigrations(): Promise<string[]> {
  const files = await readdir(MIGRATIONS_DIR);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => path.basename(file, '.sql'))
    .sort();
}

/**
 * Waits for the lock by asking again and again: a session that slept inside `pg_advisory_lock` would hold a snapshot,
 * for which CREATE INDEX CONCURRENTLY of the working process would wait.
 */
export async function lockMigrations(client: Client): Promise<void> {
  for (let round = 0; ; round++) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      MIGRATION_LOCK_KEY,
    ]);
    if (rows[0]!.locked) return;
    if (round === 0) log.log('Another process is migrating: waiting for it');
    await sleep(LOCK_POLL_MS);
  }
}

async function runInRounds(client: Client, rounds: number, count?: number): Promise<void> {
  const runOnce = async () => {
    try {
      await run(client, count === undefined ? {} : { count });
    } catch (error) {
      await client.query('rollback'); // the runner leaves the transaction as it is
      throw error;
    }
  };
  await inLockRounds(rounds, runOnce, (round, { message }) =>
    log.warn(`A migration waited too long for a lock and is tried again (${round}): ${message}`),
  );
}

const silent = () => undefined;

async function run(client: Client, options: { fake?: boolean; count?: number }): Promise<void> {
  const { runner } = await import('node-pg-migrate');
  await runner({
    dbClient: client,
    dir: MIGRATIONS_DIR,
    direction: 'up',
    migrationsTable: 'pgmigrations',
    migrationsSchema: 'public',
    migrationLoaderStrategies: [{ extensions: ['.sql'], loader: loadSqlMigrations }],
    singleTransaction: false,
    noLock: true,
    logger: { debug: silent, info: silent, warn: silent, error: (text) => log.error(text) },
    ...options,
  });
}
