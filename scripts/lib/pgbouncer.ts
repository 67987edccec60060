import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';

/** User and group `nobody` of Debian. */
const NOBODY = 65_534;
/** Debian's is outside the path of many users. */
const PROGRAMS = ['pgbouncer', '/usr/sbin/pgbouncer'];

/** The installed PgBouncer; null: there is none. */
export function findPgBouncer(): { readonly program: string; readonly version: string } | null {
  for (const program of PROGRAMS) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { program, version: /PgBouncer (\S+)/.exec(stdout)?.[1] ?? '' };
  }
  return null;
}

export interface PgBouncer {
  /** The address of the database through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a PgBouncer before a database. @param connections to the server at most, which all clients share */
export async function startPgBouncer(
  program: string,
  databaseUrl: string,
  mode: 'session' | 'transaction',
  connections: number,
): Promise<PgBouncer> {
  const { hostname, port, pathname, username } = new URL(databaseUrl);
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-pgbouncer-'));
  const own = await freePort();
  writeFileSync(path.join(directory, 'users.txt'), `"${username}" ""\n`);
  writeFileSync(
    path.join(directory, 'pgbouncer.ini'),
    [
      '[databases]',
      `* = host=${hostname} port=${port}`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1\nlisten_port = ${own}\nunix_socket_dir =`,
      `auth_type = trust\nauth_file = ${path.join(directory, 'users.txt')}`,
      `pool_mode = ${mode}\ndefault_pool_size = ${connections}\nmax_client_conn = 500`,
      `logfile = ${path.join(directory, 'log')}\npidfile =`,
      '',
    ].join('\n'),
  );
  // It refuses to run as root.
  const ids = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in ids) {
    chownSync(directory, NOBODY, NOBODY);
    chmodSync(directory, 0o755);
  }
  const child = spawn(program, ['-q', path.join(directory, 'pgbouncer.ini')], { ...ids, stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  await listening(own);
  return {
    url: `postgres://${username}@127.0.0.1:${own}${pathname}`,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error('PgBouncer does not listen');
}
