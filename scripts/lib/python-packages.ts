import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { madeOnce } from './made-once.ts';

const succeeds = (program: string, args: readonly string[]) =>
  spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0;

/**
 * Installs a package from PyPI into a virtual environment under node_modules/.cache, unless it is there.
 * @param name of the environment @param requirement as pip takes it, with the exact version
 * @returns the folder of its programs; null, with a word printed: there is no Python, or no PyPI
 */
export function installFromPyPI(name: string, requirement: string): string | null {
  const directory = madeOnce(
    name,
    requirement,
    (empty) =>
      succeeds('python3', ['-m', 'venv', empty]) &&
      succeeds(join(empty, 'bin', 'pip'), ['install', '--quiet', requirement]),
  );
  if (directory === null) console.log(`Skipped: ${requirement} cannot be installed here`);
  return directory && join(directory, 'bin');
}
