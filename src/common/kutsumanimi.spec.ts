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

it('takes a run of many names', () => {
  expect(isKutsumanimiOf('a '.repeat(9_999).trim(), 'a '.repeat(10_000))).toBe(true);
  expect(isKutsumanimiOf(`${'a '.repeat(9_999)}b`, 'a '.repeat(10_000))).toBe(false);
});
