import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/* What .githooks/commit-msg lets through; .ci/commits asks it about every commit. */

const HOOK = path.resolve(__dirname, '../../.githooks/commit-msg');
const directory = mkdtempSync(path.join(tmpdir(), 'onr-commits-'));
afterAll(() => rmSync(directory, { recursive: true }));

function statusOf(message: string, env: Record<string, string> = {}): number | null {
  const file = path.join(directory, 'message');
  writeFileSync(file, message);
  return spawnSync(HOOK, [file], { env: { PATH: process.env.PATH, ...env } }).status;
}

it.each([
  'fix(vtj): keep the retry count when VTJ times out',
  'feat: read settings with zod\n\nThe reason.\n',
  'refactor(oppijat-tuonti)!: name the rows of an import',
  `docs: ${'ä'.repeat(66)}`,
  '# a line of git\nbuild(ci): check messages\n# another',
])('lets through: %s', (message) => expect(statusOf(message)).toBe(0));

it.each([
  '',
  'Fix the retry count',
  'feature(vtj): a type that is none',
  'fix (vtj): a space before the scope',
  'fix(VTJ): a scope in capitals',
  'fix(vtj):no space',
  'fix(vtj): ends with a full stop.',
  `docs: ${'a'.repeat(67)}`,
  'fix: no empty line\nbefore the body',
])('refuses: %s', (message) => expect(statusOf(message)).toBe(1));

it.each(['fixup! fix(vtj): keep the count', "Merge branch 'vtj'", 'Revert "fix(vtj): keep the count"'])(
  'lets git write, but not into what CI sees: %s',
  (message) => expect([statusOf(message), statusOf(message, { CI_CHECK: '1' })]).toEqual([0, 1]),
);
