/** Blank, a–z, 0–9: the letters of trigrams in plain texts. */
const LETTER_COUNT = 37;
const TRIGRAM_COUNT = LETTER_COUNT ** 3;
/** Persons of a sealed block; a position in it fits 16 bits. */
const PERSONS_OF_BLOCK = 32_768;
/** Texts of persons with more trigrams than this are not counted: a count fits 8 bits. */
const MAX_TRIGRAMS_OF_PERSON = 255;

/** The trigrams of the text that was read last; one buffer for all texts, so that reading many leaves no garbage. */
const buffer = new Uint16Array(TRIGRAM_COUNT);
/** By trigram, the number of the text that had it last. */
const seenIn = new Uint32Array(TRIGRAM_COUNT);
let textsRead = 0;

/**
 * Reads the set of trigrams of a text in the form of `duplicate_search_fmt`, as pg_trgm makes it: every run of letters and
 * digits is a word with two blanks before it and one behind.
 * @returns the trigrams, until the next text is read; null: the text holds something beyond ASCII, about whose letters the
 *   database decides
 */
export function trigramsOf(text: string): Uint16Array | null {
  if (++textsRead > 0xffff_ffff) {
    seenIn.fill(0);
    textsRead = 1;
  }
  let [before, last, count] = [0, 0, 0];
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    if (code > 0x7f) return null;
    const letter = letterOf(code);
    if (letter !== 0 || last !== 0) {
      const trigram = (before * LETTER_COUNT + last) * LETTER_COUNT + letter;
      if (seenIn[trigram] !== textsRead) buffer[count++] = trigram;
      seenIn[trigram] = textsRead;
    }
    before = letter === 0 ? 0 : last;
    last = letter;
  }
  return buffer.subarray(0, count);
}

function letterOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x60;
  if (code >= 0x41 && code <= 0x5a) return code - 0x40;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 27 : 0;
}

/** Many persons, by trigram: those with trigram `t` are `positions[starts[t]]` to `positions[starts[t + 1] - 1]`. */
interface Block {
  readonly ids: Float64Array;
  readonly sizes: Uint8Array;
  readonly starts: Uint32Array;
  readonly positions: Uint16Array;
}

/**
 * Search texts of persons by trigram, in memory: 70 bytes a person. Texts are only ever added, so that a person is found by
 * a former text too; whoever asks must look at what the person's text is now.
 */
export class TrigramIndex {
  private readonly blocks: Block[] = [];
  /** Persons whose texts `trigramsOf` cannot read, or that are too long. */
  private readonly unread: number[] = [];
  /** The last persons, one after the other: trigrams of the one at `i` are `tail[ends[i - 1]]` to `tail[ends[i] - 1]`. */
  private ids: number[] = [];
  private ends: number[] = [];
  private tail = new Uint16Array(PERSONS_OF_BLOCK * 36);
  private readonly counts = new Uint8Array(PERSONS_OF_BLOCK);
  private readonly wanted = new Uint8Array(TRIGRAM_COUNT);

  /** Number of texts. */
  get size(): number {
    return this.blocks.length * PERSONS_OF_BLOCK + this.ids.length + this.unread.length;
  }

  add(id: number, text: string): void {
    const trigrams = trigramsOf(text);
    if (trigrams === null || trigrams.length > MAX_TRIGRAMS_OF_PERSON) return void this.unread.push(id);
    const end = this.ends.at(-1) ?? 0;
    if (end + trigrams.length > this.tail.length) {
      const larger = new Uint16Array(this.tail.length * 2);
      larger.set(this.tail);
      this.tail = larger;
    }
    this.tail.set(trigrams, end);
    this.ids.push(id);
    this.ends.push(end + trigrams.length);
    if (this.ids.length === PERSONS_OF_BLOCK) this.seal();
  }

  /**
   * Ids of everyone who may have at least half of all trigrams in common with the text: with `n` and `m` trigrams and `c`
   * common ones, c / (n + m - c) >= 1/2 is 3c >= n + m. An id may come twice. Null: the text cannot be read.
   */
  find(text: string): number[] | null {
    const trigrams = trigramsOf(text);
    if (trigrams === null) return null;
    if (trigrams.length === 0) return [];
    const found = [...this.unread];
    if (trigrams.length > 2 * MAX_TRIGRAMS_OF_PERSON) return found; // no other person has half as many
    for (const block of this.blocks) this.findInBlock(block, trigrams, found);
    this.findInTail(trigrams, found);
    return found;
  }

  private findInBlock({ ids, sizes, starts, positions }: Block, trigrams: Uint16Array, found: number[]): void {
    const { counts } = this;
    counts.fill(0);
    for (const trigram of trigrams) {
      const end = starts[trigram + 1]!;
      for (let i = starts[trigram]!; i < end; i++) counts[positions[i]!]!++;
    }
    for (let i = 0; i < PERSONS_OF_BLOCK; i++) if (3 * counts[i]! >= trigrams.length + sizes[i]!) found.push(ids[i]!);
  }

  private findInTail(trigrams: Uint16Array, found: number[]): void {
    const { wanted, tail, ids, ends } = this;
    for (const trigram of trigrams) wanted[trigram] = 1;
    let start = 0;
    for (let i = 0; i < ids.length; i++) {
      const end = ends[i]!;
      let common = 0;
      for (let at = start; at < end; at++) common += wanted[tail[at]!]!;
      if (3 * common >= trigrams.length + end - start) found.push(ids[i]!);
      start = end;
    }
    for (const trigram of trigrams) wanted[trigram] = 0;
  }

  /** Makes a block of the last persons. */
  private seal(): void {
    const { tail, ends } = this;
    const length = ends.at(-1)!;
    const starts = new Uint32Array(TRIGRAM_COUNT + 1);
    for (let at = 0; at < length; at++) starts[tail[at]! + 1]!++;
    for (let trigram = 0; trigram < TRIGRAM_COUNT; trigram++) starts[trigram + 1]! += starts[trigram]!;
    const next = starts.slice();
    const positions = new Uint16Array(length);
    for (let i = 0, at = 0; i < PERSONS_OF_BLOCK; i++) for (; at < ends[i]!; at++) positions[next[tail[at]!]!++] = i;
    const sizes = Uint8Array.from(ends, (end, i) => end - (i === 0 ? 0 : ends[i - 1]!));
    this.blocks.push({ ids: Float64Array.from(this.ids), sizes, starts, positions });
    this.ids = [];
    this.ends = [];
  }
}
