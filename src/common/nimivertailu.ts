import unidecode from 'unidecode';

/** Least similarity that counts as the same name, 0 to 1; settings `etunimi-threshold`, `sukunimi-threshold`. */
export interface NimiThresholds {
  readonly etunimiThreshold: number;
  readonly sukunimiThreshold: number;
}

/** A name without accents, in ASCII and lower case; null counts as empty. Spaces and punctuation stay (docs/spec/yksilointi-vtj.md#0.3). */
export function normalizeNimi(nimi: string | null): string {
  const bare = (nimi ?? '').normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return unidecode(bare).toLowerCase();
}

/** Tokens between single white-space characters, then the parts of the hyphenated ones; '' gives one empty token. */
export function splitEtunimet(etunimet: string): string[] {
  const tokens = etunimet.toLowerCase().split(/[ \t\n\v\f\r]/);
  while (tokens.length > 1 && tokens.at(-1) === '') tokens.pop();
  return [...tokens, ...tokens.filter((token) => token.includes('-')).flatMap((token) => token.split('-'))];
}

const f = Math.fround;

/**
 * Jaro–Winkler similarity, 0 to 1, as Lucene computes it: single precision at every step, the bonus only from 0.7 up
 * and its prefix not limited to four characters (docs/spec/yksilointi-vtj.md#0.3). Two empty texts are not alike: 0.
 */
export function jaroWinkler(a: string, b: string): number {
  const [shorter, longer] = a.length > b.length ? [b, a] : [a, b];
  const window = Math.max(Math.floor(longer.length / 2) - 1, 0);
  const used = new Array<boolean>(longer.length).fill(false);
  let matched = '';
  for (let i = 0; i < shorter.length; i++) {
    const end = Math.min(i + window + 1, longer.length);
    for (let k = Math.max(i - window, 0); k < end; k++) {
      if (used[k] || shorter[i] !== longer[k]) continue;
      used[k] = true;
      matched += shorter[i]!;
      break;
    }
  }
  const m = matched.length;
  if (m === 0) return 0;
  const matchedInLonger = [...used.keys()].filter((k) => used[k]);
  const moved = matchedInLonger.filter((k, i) => longer[k] !== matched[i]).length;
  const transpositions = Math.floor(moved / 2);
  let prefix = 0;
  while (prefix < shorter.length && shorter[prefix] === longer[prefix]) prefix++;

  const j = f(f(f(f(m / a.length) + f(m / b.length)) + f((m - transpositions) / m)) / 3);
  if (j < f(0.7)) return j;
  return f(j + f(f(Math.min(f(0.1), f(1 / longer.length)) * prefix) * f(1 - j)));
}

/** Do two names belong to one person, by similarity (docs/spec/yksilointi-vtj.md#0.3)? Kutsumanimi never plays a part, nor do accents. */
export class Nimivertailu {
  constructor(private readonly thresholds: NimiThresholds) {}

  /** Are the surnames alike as wholes, and the first names alike? The two are not tried swapped. */
  namesMatch(given: Nimet, expected: Nimet): boolean {
    return (
      this.isSimilar(normalizeNimi(given.sukunimi), normalizeNimi(expected.sukunimi), 'sukunimiThreshold') &&
      this.etunimetMatch(normalizeNimi(given.etunimet), normalizeNimi(expected.etunimet))
    );
  }

  /**
   * Is the person of the register the one of VTJ? Either its names fit as they are, or with first names and surname
   * typed into each other's field.
   * @param vtj first names and every surname, current and former
   */
  yksilointiMatches(given: Nimet, vtj: { etunimet: string | null; sukunimet: readonly (string | null)[] }): boolean {
    const swapped = { etunimet: given.sukunimi, sukunimi: given.etunimet };
    return vtj.sukunimet.some((sukunimi) => {
      const expected = { etunimet: vtj.etunimet, sukunimi };
      return this.namesMatch(given, expected) || this.namesMatch(swapped, expected);
    });
  }

  /** Are the first names the same, is `given` part of the expected ones, or one of its names like one of them? */
  private etunimetMatch(given: string, expected: string): boolean {
    if (isSame(given, expected) || (isTelling(given) && expected.includes(given))) return true;
    const expectedTokens = splitEtunimet(expected);
    return splitEtunimet(given).some(
      (token) => isTelling(token) && expectedTokens.some((other) => this.isSimilar(token, other, 'etunimiThreshold')),
    );
  }

  /** A single letter is only ever like itself. */
  private isSimilar(a: string, b: string, threshold: keyof NimiThresholds): boolean {
    return isSame(a, b) || (isTelling(a) && isTelling(b) && jaroWinkler(a, b) >= f(this.thresholds[threshold]));
  }
}

const isSame = (a: string, b: string): boolean => a === b && /[a-z\d]/.test(a);

/** Two letters or more: a blank or a single letter is in nearly every name and tells nothing (ADR 102). */
const isTelling = (nimi: string): boolean => /[a-z\d].*[a-z\d]/s.test(nimi);

export interface Nimet {
  readonly etunimet: string | null;
  readonly sukunimi: string | null;
}
