#!/usr/bin/env node
/**
 * The tests with more than one machine, in little: two PostgreSQL servers with streaming replication, failover under load, a standby for reads,
 * and PgBouncer where it is installed (apt-get install pgbouncer):
 *
 *   npm run test:cluster
 *
 * The last line counts the tests. Those of PgBouncer are left out, with a word, where there is none.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, temporaryDirectory } from './lib/command.ts';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const report = join(temporaryDirectory('onr-cluster'), 'jest.json');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = ['test/cluster', '--runInBand', '--forceExit', '--json', `--outputFile=${report}`];
const env = { ...process.env, ONR_TEST_CLUSTER: '1' };
const { status } = spawnSync(process.execPath, [jest, ...args], { cwd: root, stdio: 'inherit', env });
const result = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
if (result.numTodoTests > 0) console.log(`PgBouncer is not installed: ${result.numPendingTests} tests are left out`);
const failed = Math.max(result.numFailedTests + result.numRuntimeErrorTestSuites, status === 0 ? 0 : 1);
console.log(`test:cluster: ${result.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
