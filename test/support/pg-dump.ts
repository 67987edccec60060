import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../scripts/lib/embedded-pg.ts';

const INSTALLED = '/usr/lib/postgresql';

/** Programs of a PostgreSQL installed on this machine, pg_dump among them, of which npm has none; undefined: there is none. */
export const installedPrograms: string | undefined = (existsSync(INSTALLED) ? readdirSync(INSTALLED) : [])
  .map((version) => path.join(INSTALLED, version, 'bin'))
  .find((directory) => ['initdb', 'postgres', 'pg_dump'].every((name) => existsSync(path.join(directory, name))));

/** A server of the same version as pg_dump, which refuses newer ones. */
export async function startDumpableServer(programs: string): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'onr-dump-pg-'));
  const server = await startPostgres({ dataDir, durable: false, programs });
  return {
    url: `postgres://${server.user}@127.0.0.1:${server.port}/postgres`,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The whole database as SQL, line by line: schema, rows, large objects. Keys that pg_dump makes up are left out. */
export function dump(programs: string, url: string): string[] {
  const text = execFileSync(path.join(programs, 'pg_dump'), ['--blobs', url], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  return text.split('\n').filter((line) => !/^\\(un)?restrict /.test(line));
}
