import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../scripts/lib/embedded-pg.ts';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { TlsClient, type DatabaseTls } from '../../src/database/tls-client.js';
import { certPem, issue, keyPem } from '../support/certificates.js';
import { withClient } from '../support/test-database.js';

/* A PostgreSQL of its own whose certificate is for `localhost`, with and without TLS, and with rules for either. */

const authority = issue('ONR test authority');
const CA = certPem(authority);
const OTHER_CA = certPem(issue('Another authority'));
const parent = mkdtempSync(path.join(tmpdir(), 'onr-tls-'));
const dataDir = path.join(parent, 'data');
let server: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  chmodSync(parent, 0o711); // PostgreSQL runs as another user when we are root
  server = await startPostgres({ dataDir, durable: false });
  const { uid, gid } = statSync(dataDir);
  const certificate = issue('localhost', { issuer: authority });
  for (const [name, text] of Object.entries({
    'server.crt': certPem(certificate),
    'server.key': keyPem(certificate),
  })) {
    writeFileSync(path.join(dataDir, name), text, { mode: 0o600 });
    chownSync(path.join(dataDir, name), uid, gid);
  }
});
afterAll(async () => {
  await server?.stop();
  rmSync(parent, { recursive: true, force: true });
});

const url = (host = 'localhost', database = 'postgres') => `postgres://oph@${host}:${server.port}/${database}`;

/** How the server is from now on. */
async function serve(ssl: 'on' | 'off', rule: 'host' | 'hostssl' | 'hostnossl'): Promise<void> {
  const rules = [`${rule} all all 127.0.0.1/32 trust`, 'host all keeper 127.0.0.1/32 trust', ''].join('\n');
  writeFileSync(path.join(dataDir, 'pg_hba.conf'), rules);
  const keeper = new TlsClient({
    connectionString: url().replace('oph@', 'keeper@'),
    databaseTls: { mode: 'disable', ca: null },
  });
  await keeper.connect();
  await keeper.query(`alter system set ssl = ${ssl}`);
  await keeper.query('select pg_reload_conf()');
  for (let i = 0; i < 200 && (await setting(keeper)) !== ssl; i++) await new Promise((r) => setTimeout(r, 50));
  await keeper.end();
  await new Promise((r) => setTimeout(r, 300)); // the server's own process has read its files too
}
const setting = async (keeper: TlsClient) =>
  (await keeper.query<{ setting: string }>(`select setting from pg_settings where name = 'ssl'`)).rows[0]!.setting;

/** `tls` or `plain`, or the reason why there is no connection. */
async function connect(mode: DatabaseTls['mode'], ca: string | null = null, host = 'localhost'): Promise<string> {
  // Longer than the service waits: the question is how it connects, on however busy a machine.
  const client = new TlsClient({
    connectionString: url(host),
    databaseTls: { mode, ca },
    connectionTimeoutMillis: 60_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return rows[0]!.ssl ? 'tls' : 'plain';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const NO_TLS = 'The server does not support SSL connections';
const NO_RULE = expect.stringMatching(/no pg_hba\.conf entry/) as unknown as string;
const UNTRUSTED = expect.stringMatching(/self-signed|unable to (get|verify)/) as unknown as string;
const OTHER_NAME = expect.stringMatching(/not match|not in the cert's list/) as unknown as string;

it('keeps a keeper', async () => {
  await withClient(url('127.0.0.1'), (client) => client.query('create role keeper superuser login'));
});

it.each<[DatabaseTls['mode'], string | null, string]>([
  ['disable', null, 'plain'],
  ['allow', null, 'plain'],
  ['prefer', null, 'plain'],
  ['require', null, NO_TLS],
  ['verify-ca', CA, NO_TLS],
  ['verify-full', CA, NO_TLS],
])('a server without TLS, %s', async (mode, ca, expected) => {
  await serve('off', 'host');
  expect(await connect(mode, ca)).toEqual(expected);
});

it.each<[DatabaseTls['mode'], string | null, string, string]>([
  ['disable', null, 'localhost', 'plain'],
  ['allow', null, 'localhost', 'plain'],
  ['prefer', null, 'localhost', 'tls'],
  ['prefer', OTHER_CA, '127.0.0.1', 'tls'],
  ['require', null, '127.0.0.1', 'tls'],
  ['require', CA, '127.0.0.1', 'tls'],
  ['require', OTHER_CA, 'localhost', UNTRUSTED],
  ['verify-ca', CA, '127.0.0.1', 'tls'],
  ['verify-ca', OTHER_CA, 'localhost', UNTRUSTED],
  ['verify-full', CA, 'localhost', 'tls'],
  ['verify-full', CA, '127.0.0.1', OTHER_NAME],
  ['verify-full', OTHER_CA, 'localhost', UNTRUSTED],
  ['verify-full', null, 'localhost', UNTRUSTED],
])('a server with TLS, %s', async (mode, ca, host, expected) => {
  await serve('on', 'host');
  expect(await connect(mode, ca, host)).toEqual(expected);
});

it.each<[DatabaseTls['mode'], string]>([
  ['disable', NO_RULE],
  ['allow', 'tls'],
  ['prefer', 'tls'],
  ['require', 'tls'],
])('a server that admits TLS only, %s', async (mode, expected) => {
  await serve('on', 'hostssl');
  expect(await connect(mode)).toEqual(expected);
});

it.each<[DatabaseTls['mode'], string]>([
  ['allow', 'plain'],
  ['prefer', 'plain'],
  ['require', NO_RULE],
])('a server that has TLS and does not admit it, %s', async (mode, expected) => {
  await serve('on', 'hostnossl');
  await connect(mode); // that it took TLS a moment ago is remembered until a connection fails
  expect(await connect(mode)).toEqual(expected);
});

it('says that a server cannot be reached', async () => {
  const client = new TlsClient({ connectionString: 'postgres://oph@127.0.0.1:1/postgres' });
  client.on('error', () => undefined);
  await expect(client.connect()).rejects.toThrow('ECONNREFUSED');
});

it('waits for a server that says nothing as long as for a connection', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const client = new TlsClient({
    connectionString: `postgres://oph@127.0.0.1:${port}/postgres`,
    connectionTimeoutMillis: 300,
  });
  client.on('error', () => undefined);
  await expect(client.connect()).rejects.toThrow('The database does not answer');
  silent.close();
});

it('is used by the migration and by every connection of the pool, and not decided by the environment', async () => {
  await serve('on', 'hostssl');
  const tls = { mode: 'verify-full', ca: CA } as const;
  await withTlsClient((client) => client.query('create database onr'));
  process.env.PGSSLMODE = 'disable';
  process.env.PGOPTIONS = '--nosuch=1';
  try {
    await migrate({ url: url('localhost', 'onr'), tls });
    const db = new Database(await createDataSource({ url: url('localhost', 'onr'), tls, poolSize: 3 }).initialize());
    const asked = [1, 2, 3].map(() =>
      db.query<{ ssl: boolean }>('select ssl, pg_sleep(0.2) from pg_stat_ssl where pid = pg_backend_pid()'),
    );
    expect((await Promise.all(asked)).map(([row]) => row!.ssl)).toEqual([true, true, true]);
    await db.onApplicationShutdown();
  } finally {
    delete process.env.PGSSLMODE;
    delete process.env.PGOPTIONS;
  }
});

async function withTlsClient(work: (client: TlsClient) => Promise<unknown>): Promise<void> {
  const client = new TlsClient({ connectionString: url(), databaseTls: { mode: 'require', ca: null } });
  await client.connect();
  await work(client);
  await client.end();
}
