import { isNimiarvaus } from './nimiarvaus.js';

const nimet = (etunimet: string) => ({ etunimet, sukunimi: 'Korhonen' });

it.each([
  ['Aino', 'Aino Maria'],
  ['Aino Maria Sofia Elisabet', 'Aino'],
  ['aino-maria', 'Aino-Maria'],
  ['O', 'O Seung'],
  ['Bo', 'Bo'],
  ['Bo', 'Jo'],
  ['Eelis', 'Elias'],
  [' Aino  Maria Sofia\tElisabet ', 'Aino'],
])('%j may be the names of %j', (given, expected) => expect(isNimiarvaus(nimet(given), nimet(expected))).toBe(false));

it.each([
  ['v', 'Vilma'],
  ['a o', 'Aino Olavi'],
  [' ', 'Aino Maria'],
  ['\u200d', 'Aino'],
  ['Aino Anna Maria Juha Matti', 'Aino'],
  ['Aino\tAnna\u00a0Maria Juha  Matti', 'Aino'],
])('%j is a guess at %j', (given, expected) => expect(isNimiarvaus(nimet(given), nimet(expected))).toBe(true));
