import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const text = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8');
const rows = [...text.matchAll(/^\| V([\d.]+) \| (.+?) \| (.+?) \| (.*) \|$/gm)].map(([, id, asks, here, why]) => ({
  id: id!,
  asks: asks!,
  here: here!,
  why: why!,
}));

/** How many rows of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1 without a gap. */
const LEVEL_2: Record<string, number> = {
  '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2, '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1, '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2,
  '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4, '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3, '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3,
  '6.8': 4, '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2, '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1, '9.1': 3, '9.2': 4, '10.1': 2,
  '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3, '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4, '11.5': 1, '11.6': 1, '12.1': 3,
  '12.2': 2, '12.3': 4, '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5, '14.1': 2, '14.2': 4, '14.3': 3, '15.1': 3, '15.2': 3, '15.3': 7,
  '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3, '17.1': 1, '17.2': 4, '17.3': 2,
}; // prettier-ignore

it('docs/security.md has every row of level 2 once, in order', () => {
  const expected = Object.entries(LEVEL_2).flatMap(([section, last]) =>
    Array.from({ length: last }, (_, i) => `${section}.${i + 1}`),
  );
  expect(expected).toHaveLength(253);
  expect(rows.map(({ id }) => id)).toEqual(expected);
});

it('every row says how it stands and why, and the counts are those of the rows', () => {
  const STATES = ['met', 'partly', 'not met', 'outside', 'n/a'];
  const odd = rows.filter(({ asks, here, why }) => !STATES.includes(here) || asks.trim() === '' || why.trim() === '');
  expect(odd).toEqual([]);
  const [met, partly, notMet, outside, none] = STATES.map((state) => rows.filter(({ here }) => here === state).length);
  expect(text).toContain(
    `${met} met, ${partly} partly, ${notMet} not met, ${outside} outside of the service, ${none} not applicable`,
  );
});

/** What documents name: `a/path.ts`, and after it “the name of a test” in it. */
const NAMED =
  /`([\w.@-]+(?:\/[\w.@-]+)+|[A-Z]\w*(?:\.\w+)?|\w[\w.-]*\.(?:json|mjs|cjs|ts))`((?:\s*(?:,|and)?\s*“[^”]+”)*)/g;

it.each(['docs/security.md', 'docs/privacy.md', 'SECURITY.md'])('%s names files and tests that are there', (file) => {
  const named = [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(NAMED)].filter(
    ([, name]) => name!.includes('.') || name!.includes('/') || name === 'Dockerfile',
  );
  expect(named.length).toBeGreaterThan(2);
  const missing = named.flatMap(([, name, tests]) => {
    const target = path.join(ROOT, name!);
    if (!existsSync(target)) return [name!];
    const source = tests ? readFileSync(target, 'utf8').replaceAll("\\'", "'") : '';
    return [...tests!.matchAll(/“([^”]+)”/g)]
      .filter(([, test]) => !source.includes(test!))
      .map(([, test]) => `${name}: ${test}`);
  });
  expect(missing).toEqual([]);
});
