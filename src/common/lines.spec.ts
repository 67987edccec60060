import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const SUPPORT = path.resolve(__dirname, '../../test/support');

it('lines that nobody reads in time are bounded, counted, and not waited for without end', async () => {
  const child = spawn(
    process.execPath,
    ['-r', path.join(SUPPORT, 'ts-hook.cjs'), path.join(SUPPORT, 'children/line-writer.ts')],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (!said.includes('after')) return;
    child.stdout.on('data', (read: Buffer) => (out += read.toString()));
  });
  let out = '';
  expect(await exited).toEqual([0, null]);
  const [before, after, counted] = said.trim().split('\n');
  expect([before, after]).toEqual(['{"before":true}', '{"after":false}']);

  const lines = out.trim().split('\n');
  const whole = lines.filter((line) => line.startsWith('x'));
  expect(whole.filter(({ length }) => length !== 1024 * 1024)).toEqual([]);
  const [, lost] = /^[-\dT:.]+Z - ERROR {} Lines: (\d+) lines are lost, the log was not read fast enough$/m.exec(out)!;
  expect(whole.length + Number(lost)).toBe(70);
  expect(JSON.parse(counted!)).toEqual({ lost: Number(lost), metric: Number(lost) });
  expect(Number(lost)).toBeGreaterThan(5);
  expect(lines.at(-1)).toBe('the last line');
});
