#!/usr/bin/env node
/** Writes docs/settings.md from the code, or another file: npm run settings [-- FILE]. A test compares. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fromCaller } from './lib/rig.ts';
import { root } from './lib/command.ts';

const [file] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'dist', 'bin', 'settings.js'), ...(file ? [fromCaller(file)] : [])],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
