import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from './embedded-pg.ts';
import { claim, given, root, type Scope } from './command.ts';
import { showProgress } from './progress.ts';
import { fromCaller, migrateDatabase } from './rig.ts';

/** Url by database name. */
export type UrlOf = (database: string) => string;

/** The bench folder of the project, or the one of BENCH_DIR. */
function benchDirectory() {
  return process.env.BENCH_DIR ? fromCaller(process.env.BENCH_DIR) : join(root, 'bench');
}

export interface FilledOptions {
  /** Persons. */
  readonly count: number;
  /** Make it anew. */
  readonly fresh: boolean;
  /** Directory of another PostgreSQL's programs; default: the embedded one. */
  readonly programs?: string | undefined;
  /** `name=value` of the server. */
  readonly settings?: readonly string[];
}

/**
 * A server with database `filled` of many invented persons, made by bench/populate.sql once (a few minutes) and kept
 * under the temporary directory.
 * @returns the bench folder, and the url by database name
 */
export async function filledDatabase(
  scope: Scope,
  { count, fresh, programs, settings = [] }: FilledOptions,
): Promise<{ bench: string; url: UrlOf }> {
  const bench = benchDirectory();
  const sqlFile = join(bench, 'populate.sql');
  const version = createHash('sha256').update(readFileSync(sqlFile)).digest('hex').slice(0, 8);
  const other = programs === undefined ? '' : programs.replace(/\W+/g, '-');
  const directory = join(tmpdir(), `onr-bench-${count}-${version}${other}`);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
  await claim(directory, scope);
  if (fresh) rmSync(join(directory, 'filled'), { force: true });
  return { bench, url: await filledServer(scope, { directory, sqlFile, count, programs, settings }) };
}

/** Makes databases of these names copies of `filled`: what a run writes must not slow the next one. */
export async function copyFilled(url: UrlOf, ...names: string[]): Promise<void> {
  for (const name of names)
    await admin(
      url('postgres'),
      `drop database if exists ${name}`,
      `create database ${name} template filled strategy file_copy`,
    );
  await admin(url('postgres'), 'checkpoint');
}

/** Runs populate.sql, which is written for psql, without psql: its one variable and its settings are all it uses. */
export async function populate(url: string, file: string, count: number): Promise<void> {
  const sql = readFileSync(file, 'utf8')
    .replace(/^\\set .*$/gm, '')
    .replace(/(?<!:):persons\b/g, String(count));
  const end = sql.lastIndexOf('commit;') + 'commit;'.length;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Made at the end in one go: kept up row by row, the trigrams alone take longer than everything else.
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
         from pg_index join pg_class c on c.oid = indrelid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not indisunique`,
    );
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    await client.query(sql.slice(0, end));
    await client.query(`set maintenance_work_mem = '1GB'`);
    for (const { definition } of indexes) await client.query(definition);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Statements one after the other, each on its own. */
export async function admin(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Shows how many megabytes a database has while it is filled. @returns ends it */
async function showSize(url: UrlOf, name: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  const began = performance.now();
  let done = 0;
  const look = async () => {
    const { rows } = await client.query<{ mb: number }>('select (pg_database_size($1) / 1000000)::int as mb', [name]);
    done = rows[0]?.mb ?? done;
  };
  const timer = setInterval(() => void look().catch(() => undefined), 1_000);
  const end = showProgress('megabytes', () => ({ done, total: null, seconds: (performance.now() - began) / 1000 }));
  return async () => {
    clearInterval(timer);
    end();
    await client.end();
  };
}

/** A server with database `filled`; made when the directory has none. @returns url by database name */
async function filledServer(
  scope: Scope,
  {
    directory,
    sqlFile,
    count,
    programs,
    settings,
  }: Omit<FilledOptions, 'fresh'> & { readonly directory: string; readonly sqlFile: string },
): Promise<UrlOf> {
  const marker = join(directory, 'filled');
  const dataDir = join(directory, 'data');
  const address =
    ({ user, port }: EmbeddedPostgres): UrlOf =>
    (name) =>
      `postgres://${user}@127.0.0.1:${port}/${name}`;
  if (!existsSync(marker)) {
    rmSync(dataDir, { recursive: true, force: true });
    console.log(`Filling a database with ${count} persons in ${dataDir} …`);
    const began = performance.now();
    const server = await startPostgres({
      dataDir,
      durable: false,
      settings: ['max_wal_size=4GB', 'maintenance_work_mem=512MB'],
      programs,
    });
    scope.defer(() => server.stop());
    const url = address(server);
    await admin(url('postgres'), 'create database filled');
    await migrateDatabase(url('filled'));
    const endShowing = await showSize(url, 'filled');
    await populate(url('filled'), sqlFile, count).finally(endShowing);
    await server.stop();
    writeFileSync(marker, '');
    console.log(`Filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  const server = await startPostgres({ dataDir, durable: true, settings, programs });
  scope.defer(() => server.stop());
  const url = address(server);
  await migrateDatabase(url('filled')); // it may have been filled by an older version
  return url;
}

/** Megabytes of resident memory of a process, now and at most. */
export function memory(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
  return { now: read('VmRSS'), most: read('VmHWM') };
}

/** Parent of a process, and ticks of processor time of its own and of its ended children. */
function statOf(pid: number) {
  const fields = given(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1), 'stat').split(' ');
  const at = (index: number) => Number(fields[index]);
  return { parent: at(1), own: at(11) + at(12), ended: at(13) + at(14) };
}

/** Seconds of processor time that a process has used; the clock of /proc ticks a hundred times a second. */
export const processorSeconds = (pid: number) => statOf(pid).own / 100;

/** As `processorSeconds`, with those of its children, ended ones included. */
export function processorSecondsOfAll(pid: number): number {
  const { own, ended } = statOf(pid);
  let ticks = own + ended;
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const child = statOf(Number(id));
      if (child.parent === pid) ticks += child.own;
    } catch {
      // it has just ended
    }
  }
  return ticks / 100;
}

/** Process id of the server behind a url. */
export async function serverPid(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return statOf(given(rows[0], 'the process').pid).parent;
  } finally {
    await client.end();
  }
}
