#!/usr/bin/env node
/**
 * Makes the types of the client package from openapi.en.json and builds it: npm run client [-- DIRECTORY]. The types are committed and
 * compared in the tests; with a directory, types and build go there instead (schema.ts, dist).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/command.ts';
import { fromCaller } from './lib/rig.ts';

const client = join(root, 'packages', 'client');
const [given] = process.argv.slice(2);
const target = given ? fromCaller(given) : undefined;

/** Ends with the status of a tool that fails. */
function run(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (target) mkdirSync(target, { recursive: true });
const schema = target ? join(target, 'schema.ts') : join(client, 'src', 'schema.ts');
run(join(root, 'node_modules', 'openapi-typescript', 'bin', 'cli.js'), join(root, 'openapi.en.json'), '-o', schema);
const outDir = target ? ['--outDir', join(target, 'dist')] : [];
run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', client, ...outDir);
