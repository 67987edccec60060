import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(__dirname, '../../src');

it('only src/common/clock.ts asks the process for the time of day', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.spec)\.ts$/.test(file));
  const asking = files.filter((file) =>
    /\bDate\.now\b|\bnew Date(?!\w)(?!\()|\bnew Date\(\s*\)/.test(readFileSync(path.join(SRC, file), 'utf8')),
  );
  expect(asking).toEqual(['common/clock.ts']);
});
