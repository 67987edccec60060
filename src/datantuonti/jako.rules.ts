import { draw, type Draw } from './testihetu.rules.js';

/** A value and its share of all. */
export interface Osuus<T> {
  readonly arvo: T;
  /** Whole number; the shares of a division are parts of their sum. */
  readonly osuus: number;
}

/**
 * How many of `count` each share gets: the whole part of its quota, and of what is then left one each to the largest
 * remainders, of equal ones to the first. In whole numbers, so that nothing is rounded.
 */
export function laskeMaarat(count: number, osuudet: readonly number[]): number[] {
  const total = osuudet.reduce((sum, osuus) => sum + osuus, 0);
  const maarat = osuudet.map((osuus) => Math.floor((count * osuus) / total));
  const left = count - maarat.reduce((sum, maara) => sum + maara, 0);
  const byRemainder = osuudet
    .map((osuus, i) => ({ i, remainder: (count * osuus) % total }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, left)) maarat[i]!++;
  return maarat;
}

/** Exactly `count` values, each as often as its share says, in no order that could be told beforehand. */
export function jaa<T>(count: number, osuudet: readonly Osuus<T>[], by: Draw = draw): T[] {
  const maarat = laskeMaarat(count, osuudet.map(({ osuus }) => osuus)); // prettier-ignore
  const arvot = osuudet.flatMap(({ arvo }, i) => Array<T>(maarat[i]!).fill(arvo));
  for (let i = arvot.length - 1; i > 0; i--) {
    const j = by(i + 1);
    [arvot[i], arvot[j]] = [arvot[j]!, arvot[i]!];
  }
  return arvot;
}
