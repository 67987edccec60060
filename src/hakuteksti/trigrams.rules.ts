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
