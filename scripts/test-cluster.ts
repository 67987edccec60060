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
import { join } from 'node:path';
import { root, temporaryDirectory } from './lib/command.ts';
import { readJestReport } from './lib/jest-report.ts';

const report = join(temporaryDirectory('onr-cluster'), 'jest.json');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = ['test/cluster', '--runInBand', '--forceExit', '--json', `--outputFile=${report}`];
const env = { ...process.env, ONR_TEST_CLUSTER: '1' };
const { status } = spawnSync(process.execPath, [jest, ...args], { cwd: root, stdio: 'inherit', env });
const { passed, failed, skipped, todo } = readJestReport(report, status);
if (todo > 0) console.log(`PgBouncer is not installed: ${skipped} tests are left out`);
console.log(`test:cluster: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
