import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.ts';

/**
 * A folder under node_modules/.cache that is filled once and kept until another version is asked for.
 * @param make fills the empty folder; false: it cannot be filled here
 * @returns null: it was not filled
 */
export function madeOnce(name: string, version: string, make: (directory: string) => boolean): string | null {
  const directory = join(root, 'node_modules', '.cache', name);
  const marker = join(directory, 'made');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === version) return directory;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  if (!make(directory)) return null;
  writeFileSync(marker, version);
  return directory;
}
