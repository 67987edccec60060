import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.ts';
import { forgetOtherServers } from './embedded-pg.ts';
import { smallHeap, RUNNING_SETTINGS } from './rig.ts';

/**
 * Runs a command line of the built service on the settings of the environment or, without DATABASE_URL, on those of the
 * `npm start` that is running.
 * @param script in dist/bin
 */
export function runServiceCli(script: string, args: readonly string[]): void {
  const file = join(root, '.data', RUNNING_SETTINGS);
  if (!process.env.DATABASE_URL && !existsSync(file)) {
    console.error('Give DATABASE_URL (and the other settings), or run "npm start" meanwhile');
    process.exit(2);
  }
  if (!process.env.DATABASE_URL) forgetOtherServers();
  const settings = process.env.DATABASE_URL ? {} : (JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ProcessEnv);
  const cli = smallHeap(join('bin', script), args, { ...settings, ...process.env });
  const child = spawn(cli.file, cli.args, { env: cli.env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
}
