import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/* Service and jobs run with the heap of ADR 71, whoever starts them. */

const ROOT = path.resolve(__dirname, '../..');

it('small-heap.cjs passes arguments and settings on and sets the heap', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-heap-'));
  const script = path.join(directory, 'script.js');
  writeFileSync(
    script,
    "console.log(JSON.stringify([process.execArgv, process.argv.slice(1), process.env.MALLOC_ARENA_MAX, process.env.NODE_DISABLE_COMPILE_CACHE, process.env['cas.service']]))",
  );
  try {
    const env = { PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`, 'cas.service': 'http://dotted' };
    const output = execFileSync(path.join(ROOT, 'scripts/small-heap.cjs'), [script, 'run', 'a job'], { env });
    expect(JSON.parse(output.toString())).toEqual([
      ['--max-semi-space-size=8', '--max-old-space-size=1024', '--heap-growing-percent=30'],
      [script, 'run', 'a job'],
      '1',
      '1',
      'http://dotted',
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it.each(['Dockerfile', 'package.json', 'scripts/lib/rig.ts'])('%s starts the service through it', (file) => {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  expect(text).toContain('small-heap.cjs');
  expect(text).not.toMatch(/semi-space|old-space|heap-growing/);
});
