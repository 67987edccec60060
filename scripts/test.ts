#!/usr/bin/env node
/**
 * All tests of the project:
 *
 *   npm test                    type check, lint, format, unused code, then unit, database, end-to-end and browser tests
 *   npm test -- PATTERN …       only Jest, with these arguments
 *
 * The last line is "N passed, M failed": tests, and each check counts as one. A skipped test counts as failed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { command, root, temporaryDirectory, type Scope } from './lib/command.ts';
import { readJestReport } from './lib/jest-report.ts';

const bin = (...parts: string[]) => join(root, 'node_modules', ...parts);
const CHECKS = {
  'type check': [bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.'],
  'type check of what Node strips': [bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tsconfig.scripts.json'],
  lint: [bin('eslint', 'bin', 'eslint.js'), 'src', 'test', 'sandbox', 'scripts', 'bench', '--max-warnings', '0'],
  format: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'],
  'unused code': [bin('knip', 'bin', 'knip.js')],
};
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** Runs a script under this Node. @returns its exit status, and its output unless it goes to the terminal */
function run(
  { defer }: Scope,
  args: readonly string[],
  { show }: { readonly show: boolean },
): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  defer(() => child.kill('SIGTERM'));
  let output = '';
  if (!show) for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ status: code ?? 1, output }));
  });
}

async function check(scope: Scope, name: string, args: readonly string[]): Promise<boolean> {
  const began = performance.now();
  const { status, output } = await run(scope, args, { show: false });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds(began)})`);
  if (status !== 0) console.log(output.trimEnd());
  return status === 0;
}

/** A test in which something deprecated is used fails; Jest starts its workers with the same option. */
const jest = (scope: Scope, args: readonly string[]) =>
  run(scope, ['--throw-deprecation', bin('jest', 'bin', 'jest.js'), ...args], { show: true });

const args = process.argv.slice(2);
const began = performance.now();
await command(async (scope) => {
  if (args.length > 0) return (await jest(scope, args)).status;

  const checks = await Promise.all(Object.entries(CHECKS).map(([name, checkArgs]) => check(scope, name, checkArgs)));
  const report = join(temporaryDirectory('onr-test'), 'jest.json');
  const { status } = await jest(scope, ['--maxWorkers=2', '--json', `--outputFile=${report}`]);
  const tests = readJestReport(report, status);

  const passed = tests.passed + checks.filter((ok) => ok).length;
  const failed = tests.failed + tests.skipped + tests.todo + checks.filter((ok) => !ok).length;
  console.log(`\nAll tests took ${seconds(began)}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
