#!/usr/bin/env node
/** Writes openapi.json and openapi.en.json from the code, or FILE and its neighbour: npm run openapi [-- FILE]. Their diff is part of a change. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fromCaller } from './lib/rig.ts';
import { root } from './lib/command.ts';

const [file] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'dist', 'bin', 'openapi.js'), ...(file ? [fromCaller(file)] : [])],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
