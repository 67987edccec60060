/** Blank, a–z, 0–9: the letters of trigrams in plain texts. */
const LETTER_COUNT = 37;
export const TRIGRAM_COUNT = LETTER_COUNT ** 3;

/** The trigrams of the text that was read last; one buffer for all texts, so that reading many leaves no garbage. */
export const trigrams = new Uint16Array(TRIGRAM_COUNT);
/** By trigram, the number of the text that had it last. */
const seenIn = new Uint32Array(TRIGRAM_COUNT);
let textsRead = 0;

/**
 * Reads into `trigrams` the set of trigrams of a text in the form of `duplicate_search_fmt`, or of its words between two
 * places, as pg_trgm makes it: every run of letters and digits is a word with two blanks before it and one behind.
 * @returns how many; null: the text holds something beyond ASCII, about whose letters the database decides
 */
export function readTrigrams(text: string, from = 0, to = text.length): number | null {
  if (++textsRead > 0xffff_ffff) {
    seenIn.fill(0);
    textsRead = 1;
  }
  let [before, last, count] = [0, 0, 0];
  for (let i = from; i <= to; i++) {
    const code = i < to ? text.charCodeAt(i) : 0x20;
    if (code > 0x7f) return null;
    const letter = letterOf(code);
    if (letter !== 0 || last !== 0) {
      const trigram = (before * LETTER_COUNT + last) * LETTER_COUNT + letter;
      if (seenIn[trigram] !== textsRead) trigrams[count++] = trigram;
      seenIn[trigram] = textsRead;
    }
    before = letter === 0 ? 0 : last;
    last = letter;
  }
  return count;
}

/** The runs of letters and digits in a text, each once. */
export const listRuns = (text: string): string[] => [...new Set(text.match(/[a-z0-9]+/gi))];

/** Whether the name is in ASCII and has a letter, so that the last word of a search text is a word of it. */
export const isPlain = (sukunimi: string): boolean => /^[ -~]*[a-z][ -~]*$/i.test(sukunimi);

/** Whether the text, in normal form C, has a letter like `ä` that no name in ASCII contains, whatever the case. */
export const hasLatinLetter = (text: string): boolean => /[À-ÖØ-öø-ÿ]/.test(text);

/** The set of trigrams that every word with this run of letters and digits in it has, wherever it stands there. */
export function innerTrigrams(run: string): number[] {
  const found = new Set<number>();
  for (let i = 0; i + 2 < run.length; i++) {
    const [first, second, third] = [0, 1, 2].map((n) => letterOf(run.charCodeAt(i + n))) as [number, number, number];
    found.add((first * LETTER_COUNT + second) * LETTER_COUNT + third);
  }
  return [...found];
}

/** Does a word go on at this place? */
export function isLetter(text: string, at: number): boolean {
  return letterOf(text.charCodeAt(at)) !== 0;
}

/** @returns 0: no letter of a word */
function letterOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x60;
  if (code >= 0x41 && code <= 0x5a) return code - 0x40;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 27 : 0;
}
