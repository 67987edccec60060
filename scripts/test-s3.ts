#!/usr/bin/env node
/**
 * The tests of exports against moto's server, which speaks S3 for real; `npm test` runs them against a stand-in of its own:
 *
 *   npm run test:s3             installs moto from PyPI into node_modules/.cache first, which takes Python 3 and a minute
 *
 * The last line is "test:s3: N passed, M failed". Where there is no Python, or no PyPI, it says so and counts nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, temporaryDirectory } from './lib/command.ts';
import { readJestReport } from './lib/jest-report.ts';

const MOTO = 'moto[server,s3]==5.2.5';
const directory = join(root, 'node_modules', '.cache', 'moto');
const installed = join(directory, 'installed');

const succeeds = (program: string, args: readonly string[]) =>
  spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0;

function install(): boolean {
  if (existsSync(installed)) return true;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  if (!succeeds('python3', ['-m', 'venv', directory])) return false;
  if (!succeeds(join(directory, 'bin', 'pip'), ['install', '--quiet', MOTO])) return false;
  writeFileSync(installed, MOTO);
  return true;
}

if (install()) {
  const env = { ...process.env, ONR_TEST_MOTO: join(directory, 'bin', 'moto_server') };
  const report = join(temporaryDirectory('onr-test-s3'), 'jest.json');
  const bootstrap = join(root, 'scripts', 'bootstrap.mjs');
  const args = [bootstrap, 'test', 'test/exports', '--json', `--outputFile=${report}`];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  const tests = readJestReport(report, status);
  const failed = tests.failed + tests.skipped + tests.todo;
  console.log(`test:s3: ${tests.passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  console.log(`Skipped: ${MOTO} cannot be installed here`);
  console.log('test:s3: 0 passed, 0 failed');
}
