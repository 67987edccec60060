import { normalizeNimi, type Nimet } from './nimivertailu.js';

/** First names that a person may have beyond those that the register knows. */
const MAX_UNKNOWN_NAMES = 3;

/**
 * Do the given first names look like guesses rather than like the names of a person? Guesses are a list of names that is so
 * long that one will fit, or a single letter that is part of nearly every name.
 * @param given names that count as alike (Nimivertailu)
 */
export function isNimiarvaus(given: Nimet, expected: Nimet): boolean {
  const known = namesOf(expected.etunimet);
  const names = namesOf(given.etunimet);
  if (names.length > known.length + MAX_UNKNOWN_NAMES) return true;
  return names.every((nimi) => nimi.length < 2 && !known.includes(nimi));
}

/** The single names in small letters without accents; hyphenated ones are one. */
const namesOf = (etunimet: string | null): string[] =>
  normalizeNimi(etunimet)
    .split(/\s/)
    .filter((nimi) => nimi !== '');
