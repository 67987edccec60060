import { execFileSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
let isBuilt = false;

/** The entry point of the built service; builds first what is stale, once for a test file. */
export function builtService(): string {
  if (!isBuilt) execFileSync(process.execPath, [path.join(ROOT, 'scripts/bootstrap.mjs'), 'build'], { stdio: 'pipe' });
  isBuilt = true;
  return path.join(ROOT, 'dist/bin/main.js');
}
