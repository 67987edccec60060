import { BEFORE_ALL } from './first-places.model.js';
import type { Position } from './name-order.model.js';
import { TrigramIndex } from './trigram-index.model.js';
import { hasLatinLetter, innerTrigrams, isPlain, listRuns, readTrigrams, trigrams } from './trigrams.rules.js';

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
  ['%aino-maria%', ['aino', 'maria']],
  ['%1.2.246.90000000001%', ['1', '2', '246', '90000000001']],
  ['%aino aino%', ['aino']],
  ['%_\\\\%%', []],
  ['%иван%', []],
])('the runs of letters and digits in %s are %s', (text, runs) => expect(listRuns(text)).toEqual(runs));

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
      texts.slice(0, 3500).forEach((text, id) => index.add(id, text, { place: id % 100, oid: id }));
      index.settle();
      texts.slice(3500).forEach((text, id) => index.add(3500 + id, text, { place: 0, oid: id }));
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
        const { placed, others, isAll } = index.findContaining([run], true, BEFORE_ALL, 10_000)!;
        const found = new Set([...placed.map(({ id }) => id), ...others]);
        expect({ run, missed: expected.filter((id) => !found.has(id)) }).toEqual({ run, missed: [] });
        expect(others).toContain(4000);
        // A word may have the trigrams of a short run in another order; no text here has.
        expect({ run, found: found.size, isAll }).toEqual({ run, found: expected.length + 1, isAll: true });
        expect(placed.filter(({ id }) => id >= 3500)).toEqual([]); // came after most: their places are not known
      }
    },
  );

  it('gives those with a run of letters by place, part by part, and all without a place each time', () => {
    const index = new TrigramIndex(64);
    for (let id = 0; id < 300; id++)
      index.add(id, `aino maki${id % 3 === 0 ? 'nen' : 'la'}`, { place: Math.floor((299 - id) / 5), oid: 1000 - id });
    index.add(300, 'aino makinen');
    index.settle();
    index.add(0, 'aino makinen'); // has changed
    index.add(1, 'aino virtanen'); // had it before, too
    index.add(301, 'maki makinen');

    const parts: number[][] = [];
    for (let after: Position = BEFORE_ALL; ;) {
      const part = index.findContaining(['akinen'], true, after, 40)!;
      expect([...part.others].sort((a, b) => a - b)).toEqual([0, 300, 301]);
      parts.push(part.placed.map(({ id }) => id));
      if (part.isAll) break;
      after = part.placed.at(-1)!;
    }
    const placeOf = (id: number) => Math.floor((299 - id) / 5);
    const expected = Array.from({ length: 99 }, (_, n) => 3 * n + 3).sort((a, b) => placeOf(a) - placeOf(b) || b - a);
    expect(parts.flat()).toEqual(expected);
    expect(parts.map(({ length }) => length)).toEqual([40, 40, 19]);
    expect(index.findContaining(['virtanen'], true, BEFORE_ALL, 40)).toEqual({ placed: [], isAll: true, others: [1] });
  });

  it.each([64, 5000])('finds everyone with several runs of letters, in blocks of %s persons', (personsOfBlock) => {
    const index = new TrigramIndex(personsOfBlock);
    const texts = Array.from({ length: 4000 }, (_, n) => textOf(n));
    texts.slice(0, 3900).forEach((text, id) => index.add(id, text, { place: id, oid: id }));
    index.settle();
    texts.slice(3900).forEach((text, id) => index.add(3900 + id, text));
    let hits = 0;
    for (const runs of [
      ['wright', 'korho'],
      ['alexandra', '1941'],
      ['torre', 'mari', 'alex'],
      ['ano', 'virta'],
      ['aino', 'zzz'],
    ]) {
      const expected = texts.flatMap((text, id) => (runs.every((run) => text.includes(run)) ? [id] : []));
      const { placed, others } = index.findContaining(runs, true, BEFORE_ALL, 4000)!;
      const found = [...new Set([...placed.map(({ id }) => id), ...others])].sort((a, b) => a - b);
      expect({ runs, found }).toEqual({ runs, found: expected });
      hits += expected.length;
    }
    expect(hits).toBeGreaterThan(300);
  });

  it('leaves out whoever has the letters in a plain surname when they stand for others', () => {
    const index = new TrigramIndex();
    index.add(1, 'aino koskila', { place: 1, oid: 0 }, true); // Koskila
    index.add(2, 'aino koskila', { place: 2, oid: 0 }, false); // Koskilä
    index.add(3, 'koskila koskila', { place: 3, oid: 0 }, true); // perhaps Koskilä by first name
    index.add(4, 'aino koskila virtanen', { place: 4, oid: 0 }, true);
    index.settle();
    index.add(5, 'aino koskila');
    const find = (isPlain: boolean) => {
      const { placed, others } = index.findContaining(['koskila'], isPlain, BEFORE_ALL, 9)!;
      return [...placed.map(({ id }) => id), ...others];
    };
    expect(find(true)).toEqual([1, 2, 3, 4, 5]);
    expect(find(false)).toEqual([2, 3, 4, 5]);
    expect(['Koskila', 'O’Hara', 'de la Cruz-Smith', 'Koskilä', '-', '2001-01-01', ''].map(isPlain)).toEqual([true, false, true, false, false, false, false]); // prettier-ignore
    expect(['%Koskilä%', '%ÅKER%', '%koskila%', '%Koskila%', '%×÷%', '%Иванов%'].map(hasLatinLetter)).toEqual([true, true, false, false, false, false]); // prettier-ignore
  });

  it('does not look at more persons than are worth it', () => {
    const index = new TrigramIndex();
    for (let id = 0; id < 200_001; id++)
      index.add(id, id % 2 ? 'aino korhonen' : 'eino korhonen', { place: id, oid: id });
    index.settle();
    expect(index.findContaining(['orhonen'], true, BEFORE_ALL, 32)).toBeNull();
    expect(index.findContaining(['aino'], true, BEFORE_ALL, 3)!.placed.map(({ id }) => id)).toEqual([1, 3, 5]);
  });
});
