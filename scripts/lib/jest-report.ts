import { existsSync, readFileSync } from 'node:fs';

/** What Jest counts. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/**
 * Counts of what `jest --json --outputFile=FILE` has written.
 * @param file need not be there: Jest may have ended before
 * @param status of Jest, which may fail without a failed test, for instance when a process of a test does not end
 * @returns `failed` at least 1 where Jest failed; skipped tests stand in `skipped` and `todo` alone
 */
export function readJestReport(file: string, status: number | null) {
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JestReport) : null;
  const failed = report ? report.numFailedTests + report.numRuntimeErrorTestSuites : 1;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: Math.max(failed, status === 0 ? 0 : 1),
    skipped: report?.numPendingTests ?? 0,
    todo: report?.numTodoTests ?? 0,
  };
}
