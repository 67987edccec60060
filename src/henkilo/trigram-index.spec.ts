import { TrigramIndex, trigramsOf } from './trigram-index.js';

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
    [Array.from({ length: 200 }, (_, i) => i.toString(36).padStart(3, '0')).join(' '), null],
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
});
