import fc from 'fast-check';
import { jaa, laskeMaarat } from './jako.rules.js';

const shares = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 12 }).filter((s) => s.some((x) => x > 0)); // prettier-ignore

it.each([
  [1000, [32, 32, 32, 2, 2], [320, 320, 320, 20, 20]],
  [1000, [96, 2, 2], [960, 20, 20]],
  [0, [96, 2, 2], [0, 0, 0]],
  [1, [32, 32, 32, 2, 2], [1, 0, 0, 0, 0]],
  [2, [32, 32, 32, 2, 2], [1, 1, 0, 0, 0]],
  [7, [32, 32, 32, 2, 2], [3, 2, 2, 0, 0]], // quotas 2.24, 2.24, 2.24, 0.14, 0.14
  [10, [96, 2, 2], [10, 0, 0]], // 9.6, 0.2, 0.2
  [30, [96, 2, 2], [29, 1, 0]], // 28.8, 0.6, 0.6: one of two equal remainders, the first
])('divides %i by %j into %j', (count, osuudet, maarat) => expect(laskeMaarat(count, osuudet)).toEqual(maarat));

it('gives exactly as many as there are, each share its quota rounded down or up', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), shares, (count, osuudet) => {
      const maarat = laskeMaarat(count, osuudet);
      const total = osuudet.reduce((a, b) => a + b);
      expect(maarat.reduce((a, b) => a + b)).toBe(count);
      maarat.forEach((maara, i) => {
        expect(maara * total).toBeGreaterThan(count * osuudet[i]! - total);
        expect(maara * total).toBeLessThan(count * osuudet[i]! + total);
      });
    }),
  );
});

it('rounds up nobody whose remainder is smaller than that of one who is rounded down', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), shares, (count, osuudet) => {
      const maarat = laskeMaarat(count, osuudet);
      const total = osuudet.reduce((a, b) => a + b);
      const rest = osuudet.map((osuus, i) => ({ remainder: (count * osuus) % total, up: maarat[i]! * total > count * osuus })); // prettier-ignore
      const up = rest.filter((r) => r.up).map((r) => r.remainder);
      const down = rest.filter((r) => !r.up).map((r) => r.remainder);
      expect(Math.min(...up, Infinity)).toBeGreaterThanOrEqual(Math.max(...down.filter((r) => r > 0), 0) * +(up.length > 0)); // prettier-ignore
    }),
  );
});

it('shuffles: each value as often as its share says, in any order', () => {
  const osuudet = [{ arvo: 'a', osuus: 1 }, { arvo: 'b', osuus: 1 }, { arvo: 'c', osuus: 1 }]; // prettier-ignore
  const seen = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const arvot = jaa(3, osuudet);
    expect([...arvot].sort()).toEqual(['a', 'b', 'c']);
    seen.add(arvot.join(''));
  }
  expect([...seen].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
});
