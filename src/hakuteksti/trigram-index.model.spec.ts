import { TrigramIndex } from './trigram-index.model.js';
import { innerTrigrams, longestRun, readTrigrams, trigrams } from './trigrams.rules.js';

const trigramsOf = (text: string): number[] | null => {
  const count = readTrigrams(text);
  return count === null ? null : [...trigrams.subarray(0, count)];
};

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

it.each([
  ['%aino-maria%', 'maria'],
  ['%1.2.246.90000000001%', '90000000001'],
  ['%_\\\\%%', ''],
  ['%иван%', ''],
])('the longest run of letters and digits in %s is %s', (text, run) => expect(longestRun(text)).toBe(run));

it('trigrams within a run are those of every word that it is in', () => {
  const inWord = new Set(trigramsOf('xkorhonenx'));
  expect(innerTrigrams('korhonen').map((trigram) => inWord.has(trigram))).toEqual([true, true, true, true, true, true]);
  expect(innerTrigrams('aaaa')).toHaveLength(1);
  expect(innerTrigrams('ab')).toEqual([]);
});

describe('the index', () => {
  it('finds who has at least half of the trigrams in common, in blocks and behind them', () => {
    const index = new TrigramIndex(32_768);
    for (let id = 1; id <= 70_000; id++) index.add(id, `x${id.toString(36)} y${(id * 7919).toString(36)}`);
    for (const id of [-5, 40_000, 2 ** 40]) index.add(id, 'abcd');
    index.add(7, 'иван');

    expect(index.size).toBe(70_004);
    expect(index.find('abc')!.sort((a, b) => a - b)).toEqual([-5, 7, 40_000, 2 ** 40]);
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

  /** Names of a few letters in many combinations, so that every kind of part is shared by many and by few. */
  const textOf = (n: number) => {
    const part = (k: number, count: number) => (Math.imul(n + 1, 2654435761 + 2 * k) >>> 8) % count;
    const names = ['aino', 'anna', 'ano', 'maria', 'mari', 'johannes', 'juhani', 'x', 'li', 'alexandra', 'aleksandra'];
    const last = ['korhonen', 'korho', 'virtanen', 'virta', 'nen', 'aino', 'ng', 'wright-korho', 'de la torre'];
    const first = Array.from({ length: 1 + part(1, 4) }, (_, i) => names[part(i + 2, names.length)]!).join(' ');
    const date = part(7, 5) === 0 ? '' : `19${40 + part(8, 3)}-0${1 + part(9, 9)}-1${part(10, 10)}`;
    const text = `${first} ${first.split(' ')[0]} ${last[part(6, last.length)]}${part(11, 9) === 0 ? part(12, 50) : ''} ${date}`;
    return part(13, 300) === 0 ? `${text.repeat(12)}${n}` : part(13, 300) === 1 ? 'x' : text;
  };
  const alike = (one: readonly number[], other: readonly number[]) => {
    const set = new Set(one);
    return 3 * other.filter((trigram) => set.has(trigram)).length >= one.length + other.length;
  };

  it.each([64, 1000, 5000])(
    'finds exactly those who are alike, each once, in blocks of %s persons',
    (personsOfBlock) => {
      const index = new TrigramIndex(personsOfBlock);
      const texts = Array.from({ length: 4000 }, (_, n) => textOf(n));
      const read = texts.map((text) => trigramsOf(text)!);
      texts.slice(0, 3500).forEach((text, id) => index.add(id, text));
      index.settle();
      texts.slice(3500).forEach((text, id) => index.add(3500 + id, text));

      let hits = 0;
      for (let n = 0; n < 100; n++) {
        const changed =
          n % 3 === 0 ? textOf(n * 7).replace('a', 'e') : n % 3 === 1 ? textOf(n * 7).slice(2) : textOf(n * 7);
        const text = n % 20 === 0 ? `${changed} ${textOf(n)}` : changed;
        const asked = trigramsOf(text)!;
        const expected = read.flatMap((trigrams, id) => (asked.length > 0 && alike(asked, trigrams) ? [id] : []));
        hits += expected.length;
        expect({ text, found: index.find(text)!.sort((a, b) => a - b) }).toEqual({ text, found: expected });
      }
      expect(hits).toBeGreaterThan(500);
      expect(index.size).toBe(4000);
      expect(index.bytes).toBeGreaterThan(4000 * 15);
    },
  );

  it.each([64, 1000, 5000])(
    'finds everyone with a run of letters in the text, in blocks of %s persons',
    (personsOfBlock) => {
      const index = new TrigramIndex(personsOfBlock);
      const texts = Array.from({ length: 4000 }, (_, n) => textOf(n));
      texts.slice(0, 3500).forEach((text, id) => index.add(id, text));
      index.settle();
      texts.slice(3500).forEach((text, id) => index.add(3500 + id, text));
      index.add(4000, 'иван');

      for (const run of [
        'alexandra',
        'lexan',
        'nna',
        'wright',
        'torre',
        'rho',
        'orhonen',
        '194',
        'ano',
        'ALEX',
        'zzz',
        'ikk',
      ]) {
        const expected = texts.flatMap((text, id) => (text.includes(run.toLowerCase()) ? [id] : []));
        const found = new Set(index.findContaining(run, Infinity));
        expect({ run, missed: expected.filter((id) => !found.has(id)) }).toEqual({ run, missed: [] });
        expect(found.has(4000)).toBe(true);
        // A word may have the trigrams of a short run in another order; no text here has.
        expect({ run, found: found.size }).toEqual({ run, found: expected.length + 1 });
        expect(index.findContaining(run, expected.length)).toBeNull();
      }
    },
  );
});
