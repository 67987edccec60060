import fc from 'fast-check';
import { isKutsumanimiOf } from './kutsumanimi.js';

const NAMES = 'Anna-Liisa Milla';

it.each(['Anna', 'Liisa', 'Anna-Liisa', 'Anna Liisa', 'Liisa Milla', 'Anna-Liisa Milla', 'anna liisa milla', 'MILLA'])(
  '%s fits',
  (name) => expect(isKutsumanimiOf(name, NAMES)).toBe(true),
);
it.each(['Anna Milla', 'Liisa Anna', 'Ann', 'Liisa-Milla', ' Anna', ''])('%p does not fit', (name) =>
  expect(isKutsumanimiOf(name, NAMES)).toBe(false),
);
it.each([
  ['A\u030ake', 'Åke Örjan'],
  ['Åke', 'A\u030ake Örjan'],
  ['ÅKE O\u0308RJAN', 'a\u030ake örjan'],
  ['Rene\u0301e', 'Anna-Renée'],
  ['민준', '\u1106\u1175\u11ab\u110c\u116e\u11ab'],
])('%s fits %s, whatever the form of Unicode', (name, names) => expect(isKutsumanimiOf(name, names)).toBe(true));
it.each([
  ['A', 'A\u030ake'],
  ['Ake', 'Åke'],
])('%s does not fit %s', (name, names) => expect(isKutsumanimiOf(name, names)).toBe(false));
it('takes the same text with stray spaces', () => expect(isKutsumanimiOf('Matti ', 'Matti ')).toBe(true));
it.each(['', ' Matti', 'Anna  Liisa', '-Anna'])('takes an empty name where %p has an empty part', (names) =>
  expect(isKutsumanimiOf('', names)).toBe(true),
);

it.each(['Matti ', 'Anna-Liisa  '])('takes no empty name where only spaces follow: %p', (names) =>
  expect(isKutsumanimiOf('', names)).toBe(false),
);
it('minds no other white space around a name', () => expect(isKutsumanimiOf('Anna Liisa', 'Anna\t Liisa')).toBe(true));

it('takes a run of many names', () => {
  expect(isKutsumanimiOf('a '.repeat(9_999).trim(), 'a '.repeat(10_000))).toBe(true);
  expect(isKutsumanimiOf(`${'a '.repeat(9_999)}b`, 'a '.repeat(10_000))).toBe(false);
});

describe('of any names', () => {
  const nimi = fc.string({ unit: fc.constantFrom(...'aeioåäöéünrstAÅÖ'), minLength: 1, maxLength: 8 });
  const nimet = fc.array(nimi, { minLength: 1, maxLength: 6 });

  it('every run of neighbours fits, in any letter case and form of Unicode', () =>
    fc.assert(
      fc.property(nimet, fc.nat(5), fc.nat(5), fc.boolean(), (names, from, length, isUpper) => {
        const run = names.slice(from % names.length, (from % names.length) + 1 + length).join(' ');
        const all = names.join(' ');
        for (const given of [run, run.normalize('NFD'), isUpper ? run.toUpperCase() : run.toLowerCase()])
          expect(isKutsumanimiOf(given, all)).toBe(true);
        expect(isKutsumanimiOf(run, all.normalize('NFD'))).toBe(true);
        expect(isKutsumanimiOf(run, names.join('-'))).toBe(true);
      }),
    ));

  it('a name of other letters does not fit, nor part of one', () =>
    fc.assert(
      fc.property(nimet, nimi, (names, other) => {
        expect(isKutsumanimiOf(`x${other}`, names.join(' '))).toBe(false);
        expect(isKutsumanimiOf(other, names.map((name) => `x${name}`).join(' '))).toBe(false);
      }),
    ));
});
