import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.ts';

const succeeds = (program: string, args: readonly string[]) =>
  spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0;

/**
 * Installs a package from PyPI into a virtual environment under node_modules/.cache, unless it is there.
 * @param name of the environment @param requirement as pip takes it, with the exact version
 * @returns the folder of its programs; null, with a word printed: there is no Python, or no PyPI
 */
export function installFromPyPI(name: string, requirement: string): string | null {
  const directory = join(root, 'node_modules', '.cache', name);
  const installed = join(directory, `installed-${requirement}`);
  const programs = join(directory, 'bin');
  if (existsSync(installed)) return programs;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  if (
    succeeds('python3', ['-m', 'venv', directory]) &&
    succeeds(join(programs, 'pip'), ['install', '--quiet', requirement])
  ) {
    writeFileSync(installed, '');
    return programs;
  }
  console.log(`Skipped: ${requirement} cannot be installed here`);
  return null;
}
