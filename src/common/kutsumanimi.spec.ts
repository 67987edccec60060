import { isKutsumanimiOf } from './kutsumanimi.js';

const NAMES = 'Anna-Liisa Milla';

it.each(['Anna', 'Liisa', 'Anna-Liisa', 'Anna Liisa', 'Liisa Milla', 'Anna-Liisa Milla', 'anna liisa milla', 'MILLA'])(
  '%s fits',
  (name) => expect(isKutsumanimiOf(name, NAMES)).toBe(true),
);
it.each(['Anna Milla', 'Liisa Anna', 'Ann', 'Liisa-Milla', ' Anna', ''])('%p does not fit', (name) =>
  expect(isKutsumanimiOf(name, NAMES)).toBe(false),
);
it('takes the same text with stray spaces', () => expect(isKutsumanimiOf('Matti ', 'Matti ')).toBe(true));
it.each(['', ' Matti', 'Anna  Liisa', '-Anna'])('takes an empty name where %p has an empty part', (names) =>
  expect(isKutsumanimiOf('', names)).toBe(true),
);
