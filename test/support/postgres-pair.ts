import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  chownSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../scripts/lib/embedded-pg.ts';
import { migrate } from '../../src/database/migrate.js';

const DATABASE = 'onr';
/** Both servers on one machine: neither waits for the disk. */
const SETTINGS = ['fsync=off', 'max_connections=120', 'wal_level=replica', 'hot_standby_feedback=on'];

/** One PostgreSQL server of a pair. */
export class PostgresServer {
  constructor(
    private readonly server: EmbeddedPostgres,
    readonly dataDir: string,
  ) {}

  get port(): number {
    return this.server.port;
  }

  get url(): string {
    return `postgres://${this.server.user}@127.0.0.1:${this.port}/${DATABASE}`;
  }

  /** Rows of one statement on a connection of its own. */
  async query<Row extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it as a power failure would: no client is told, nothing is written any more. */
  async crash(): Promise<void> {
    process.kill(Number(readFileSync(path.join(this.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
    await this.server.stop();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** A primary with the schema of the service, and a standby that follows it by streaming replication. */
export class PostgresPair {
  private constructor(
    private readonly directory: string,
    readonly primary: PostgresServer,
    readonly standby: PostgresServer,
  ) {}

  static async start(): Promise<PostgresPair> {
    const directory = mkdtempSync(path.join(tmpdir(), 'onr-pair-'));
    chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
    const start = async (name: string, settings: readonly string[] = []) => {
      const dataDir = path.join(directory, name);
      return new PostgresServer(await startPostgres({ dataDir, settings: [...SETTINGS, ...settings] }), dataDir);
    };
    const primary = await start('primary');
    const admin = new Client({ connectionString: primary.url.replace(`/${DATABASE}`, '/postgres') });
    await admin.connect();
    await admin.query(`create database ${DATABASE}`);
    await migrate(primary.url);
    await admin.query(`select pg_create_physical_replication_slot('standby', true)`);
    await admin.query(`select pg_backup_start('standby', true)`);
    const copy = path.join(directory, 'standby');
    copyCluster(primary.dataDir, copy);
    const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    writeAs(primary.dataDir, path.join(copy, 'backup_label'), rows[0]!.labelfile);
    writeAs(primary.dataDir, path.join(copy, 'standby.signal'), '');
    await admin.end();
    const standby = await start('standby', [
      `primary_conninfo=host=127.0.0.1 port=${primary.port} user=oph application_name=standby`,
      'primary_slot_name=standby',
    ]);
    const pair = new PostgresPair(directory, primary, standby);
    await pair.until(async () => (await primary.query('select 1 from pg_stat_replication')).length === 1);
    await pair.catchUp();
    return pair;
  }

  /** Address of both, of which the one is meant that takes writes. */
  get url(): string {
    const { primary, standby } = this;
    return `postgres://oph@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/${DATABASE}?target_session_attrs=read-write`;
  }

  /** From now on the primary confirms what the standby has. */
  async replicateSynchronously(): Promise<void> {
    await this.primary.query(`alter system set synchronous_standby_names = 'standby'`);
    await this.primary.query('select pg_reload_conf()');
    await this.until(
      async () =>
        (await this.primary.query(`select 1 from pg_stat_replication where sync_state = 'sync'`)).length === 1,
    );
  }

  /** Waits until the standby shows what the primary does. */
  async catchUp(): Promise<void> {
    const [{ lsn } = { lsn: '' }] = await this.primary.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn');
    await this.until(async () => {
      const [row] = await this.standby.query<{ ok: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as ok', [
        lsn,
      ]);
      return row!.ok;
    });
  }

  async until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 300_000; !(await holds());) {
      if (Date.now() > end) throw new Error('Not so within five minutes');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.primary.stop(), this.standby.stop()]);
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What a base backup copies: everything but the log, which is streamed, and what belongs to the running server. */
function copyCluster(from: string, to: string): void {
  const isOfServer = (name: string) => /^(postmaster\.(pid|opts)|pg_wal\/.*|pg_replslot\/.*)$/.test(name);
  cpSync(from, to, { recursive: true, filter: (file) => !isOfServer(path.relative(from, file)) });
  mkdirSync(path.join(to, 'pg_wal', 'archive_status'), { recursive: true });
  const { uid, gid } = statSync(from);
  chownAll(to, uid, gid);
  chmodSync(to, 0o700);
}

function chownAll(file: string, uid: number, gid: number): void {
  chownSync(file, uid, gid);
  if (!statSync(file).isDirectory()) return;
  for (const name of readdirSync(file)) chownAll(path.join(file, name), uid, gid);
}

/** Writes a file that belongs to the same user as `like`. */
function writeAs(like: string, file: string, text: string): void {
  const { uid, gid } = statSync(like);
  writeFileSync(file, text, { mode: 0o600 });
  chownSync(file, uid, gid);
}
