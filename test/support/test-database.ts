import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Secrets } from './secrets.js';

/** A database for one test file. */
export interface TestDatabase {
  readonly url: string;
  /**
   * Ends every connection to it and removes it.
   * @throws Error a process of its own that worked on it has told whom it holds: see `Secrets`
   */
  drop(): Promise<void>;
}

/** Migrated and without persons; every test database is a copy of it. Made by whoever needs it first. */
const TEMPLATE = 'onr_template';
/** Advisory lock of making the template. */
const TEMPLATE_LOCK = 7_241_865_002;

/** A new database with the migrated schema, the mail states and no persons. */
export async function createTestDatabase(): Promise<TestDatabase> {
  await withClient(serverUrl(), ensureTemplate);
  return createDatabase(TEMPLATE);
}

/** A new database without anything, for tests of the migrations. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

/** What processes have printed, by the name of their database. */
const printed = new Map<string, (() => readonly string[])[]>();

/** Notes a process that works on a database; what it prints is searched when the database goes. @param lines what it has printed by then */
export function watchOutput(url: string | undefined, lines: () => readonly string[]): void {
  const name = url?.replace(/\?.*/s, '').replace(/.*\//s, '');
  if (name) printed.set(name, [...(printed.get(name) ?? []), lines]);
}

/** Runs statements on the database at `url` on a connection of their own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const name = `onr_test_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl(), (client) => client.query(`create database ${name} template ${template}`));
  return {
    url: databaseUrl(name),
    drop: async () => {
      const leaks = await leaksOf(name);
      await withClient(serverUrl(), (client) => client.query(`drop database if exists ${name} with (force)`));
      if (leaks.length > 0) throw new Error(`${leaks.length} leaks\n${leaks.slice(0, 20).join('\n')}`);
    },
  };
}

async function leaksOf(name: string): Promise<string[]> {
  const lines = (printed.get(name) ?? []).flatMap((get) => get());
  if (lines.length === 0) return [];
  const secrets = new Secrets();
  await withClient(databaseUrl(name), (client) => secrets.addStored(client)).catch(() => undefined);
  return secrets.leaks(lines, '');
}

/** Renamed when finished, so that a name means a whole template. The lock ends with the connection. */
async function ensureTemplate(server: Client): Promise<void> {
  await server.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const { rowCount } = await server.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
  if (rowCount) return;
  await server.query(`drop database if exists ${TEMPLATE}_half with (force)`);
  await server.query(`create database ${TEMPLATE}_half template template0`);
  const { migrate } = await import('../../src/database/migrate.js'); // heavy, and needed once for all files
  await migrate(databaseUrl(`${TEMPLATE}_half`));
  await server.query(`alter database ${TEMPLATE}_half rename to ${TEMPLATE}`);
}

/** Address of database `postgres` on the server of this test run, from the global set-up. */
function serverUrl(): string {
  const url = process.env.ONR_TEST_SERVER_URL;
  if (!url)
    throw new Error(
      'ONR_TEST_SERVER_URL is not set: run the tests through jest, whose global set-up starts the server',
    );
  return url;
}

function databaseUrl(name: string): string {
  const address = new URL(serverUrl());
  address.pathname = `/${name}`;
  return address.href;
}
