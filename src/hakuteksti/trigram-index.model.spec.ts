import { TrigramIndex, trigramsOf } from './trigram-index.model.js';

describe('trigrams of a text', () => {
  const count = (text: string) => trigramsOf(text)?.length ?? null;
  const common = (one: string, other: string) => {
    const set = new Set(trigramsOf(one));
    return trigramsOf(other)!.filter((trigram) => set.has(trigram)).length;
  };

  it('are those of every word, two blanks before it and one behind', () => {
    expect(count('abc')).toBe(4);
    expect(count('a')).toBe(2);
    expect(common('abc', 'abcd')).toBe(3);
    expect(common('  abc,', '-abc-')).toBe(4);
    expect(common('ab cd', 'cd ab')).toBe(count('ab cd'));
    expect(common('ABC', 'abc')).toBe(4);
  });

  it('are a set', () => expect(count('aino aino')).toBe(count('aino')));

  it.each([
    ['', 0],
    ['   ', 0],
    ['-_.,', 0],
    ['1961-09-05', 10],
    ['иван', null],
    ['x'.repeat(20), 4],
  ])('%s: %s', (text, expected) => expect(count(text)).toBe(expected));
});

describe('the index', () => {
  it('finds who has at least half of the trigrams in common, in blocks and behind them', () => {
    const index = new TrigramIndex();
    for (let id = 1; id <= 70_000; id++) index.add(id, `x${id.toString(36)} y${(id * 7919).toString(36)}`);
    for (const id of [-5, 40_000, 2 ** 40]) index.add(id, 'abcd');
    index.add(7, 'иван');

    expect(index.size).toBe(70_004);
    expect(index.find('abc')).toEqual([7, -5, 40_000, 2 ** 40]);
    expect(index.find('abx')).toEqual([7]);
    expect(index.find(`xa y${(10 * 7919).toString(36)}`)).toContain(10);
    expect(index.find('')).toEqual([]);
    expect(index.find('иван')).toBeNull();
  });

  it('compares texts that are longer than those that it counts', () => {
    const index = new TrigramIndex();
    const words = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `w${(from + i) * 7919}`);
    index.add(1, words(0, 40).join(' '));
    index.add(2, words(0, 400).join(' '));
    index.add(3, 'aino');
    for (const [count, expected] of [
      [40, [2, 1]],
      [60, [2, 1]],
      [100, [2]],
      [2000, [2]],
    ] as const)
      expect([count, index.find(words(0, count).join(' '))]).toEqual([count, expected]);
  });
});
