import { containsPattern, hasTrigram, prefilterPattern } from './nimi-haku.sql.js';

it('takes the wildcards of LIKE literally', () => expect(containsPattern('a%b_c\\d')).toBe('%a\\%b\\_c\\\\d%'));

it('looks for composed letters', () => expect(containsPattern('A\u030ake')).toBe('%Åke%'));

it('allows any letter where taking accents away would make a wildcard', () => {
  expect(prefilterPattern('a％b')).toBe('%a_b%');
});

it.each([
  ['aho', true],
  ['Öström', true],
  ['a1b', true],
  ['a\u030ao\u0308u\u0308', true],
  ['ab', false],
  ['ab cd', false],
  ['%%%', false],
  ['', false],
])('%s can be looked up by trigrams: %s', (term, expected) => expect(hasTrigram(term)).toBe(expected));
