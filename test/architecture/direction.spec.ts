import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, 'src', file), 'utf8') }));

/** Files outside the named folders (and outside the files directly in src) whose code holds the word. */
const filesWith = (word: RegExp, ...exceptIn: string[]) =>
  sources
    .filter(
      ({ file, text }) => file.includes('/') && !exceptIn.some((at) => file.startsWith(`${at}/`)) && word.test(text),
    )
    .map(({ file }) => file);

describe('The direction of docs/architecture.md', () => {
  it('is kept by every import (.dependency-cruiser.cjs)', () => {
    const cruiser = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    // Its exit status counts the violations, which are named below.
    const { stdout } = spawnSync(
      process.execPath,
      [cruiser, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
      { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const { summary } = JSON.parse(stdout) as {
      summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
    };

    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(50);
  });

  it('has a line for every room of src, and no other', () => {
    const document = readFileSync(path.join(ROOT, 'docs/architecture.md'), 'utf8');
    const table = /\| Room \| Holds \|\n[^\n]*\n((?:\|.*\n)+)/.exec(document)![1]!;
    const described = table.split('\n').flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)]);
    const rooms = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(described.map(([, room]) => room).sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it('leaves DataSource to src/database', () => {
    expect(filesWith(/\bDataSource\b/, 'database')).toEqual([]);
  });

  it('leaves HTTP exceptions to src/http and src/auth', () => {
    expect(
      filesWith(
        /\bimport\b[^;]*\b(?:Http|NotFound|BadRequest|Forbidden|Unauthorized|Conflict)Exception\b/,
        'http',
        'auth',
      ),
    ).toEqual([]);
  });
});
