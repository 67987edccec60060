#!/usr/bin/env node
/**
 * The tests of exports and imports against moto's server, which speaks S3 for real; `npm test` runs them against a stand-in of its own:
 *
 *   npm run test:s3             installs moto from PyPI into node_modules/.cache first, which takes Python 3 and a minute
 *
 * The last line is "test:s3: N passed, M failed". Where there is no Python, or no PyPI, it says so and counts nothing.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, temporaryDirectory } from './lib/command.ts';
import { readJestReport } from './lib/jest-report.ts';
import { installFromPyPI } from './lib/python-packages.ts';

const programs = installFromPyPI('moto', 'moto[server,s3]==5.2.5');
if (programs !== null) {
  const env = { ...process.env, ONR_TEST_MOTO: join(programs, 'moto_server') };
  const report = join(temporaryDirectory('onr-test-s3'), 'jest.json');
  const bootstrap = join(root, 'scripts', 'bootstrap.mjs');
  const args = [bootstrap, 'test', 'test/exports', 'test/datantuonti', '--json', `--outputFile=${report}`];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  const tests = readJestReport(report, status);
  const failed = tests.failed + tests.skipped + tests.todo;
  console.log(`test:s3: ${tests.passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  console.log('test:s3: 0 passed, 0 failed');
}
