import { SequenceTable } from './sequence-table.model.js';
import { readTrigrams, TRIGRAM_COUNT, trigrams } from './trigrams.rules.js';

/** By item, the numbers of the sequences that have it: `items[starts[item]]` to `items[starts[item + 1] - 1]`. */
export interface Postings {
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly items: Uint32Array<ArrayBuffer>;
}

/** The sequences from `first` on, by their items, of which there are `itemCount`. */
export function invert(
  sequences: { readonly count: number; readonly starts: Uint32Array; readonly items: Uint16Array | Uint32Array },
  first: number,
  itemCount: number,
): Postings {
  const { count, starts, items } = sequences;
  const [from, to] = [starts[first]!, starts[count]!];
  const ends = new Uint32Array(itemCount + 1);
  for (let at = from; at < to; at++) ends[items[at]! + 1]!++;
  for (let item = 0; item < itemCount; item++) ends[item + 1]! += ends[item]!;
  const next = ends.slice();
  const postings = new Uint32Array(to - from);
  for (let n = first, at = from; n < count; n++)
    for (const end = starts[n + 1]!; at < end; at++) postings[next[items[at]!]!++] = n;
  return { starts: ends, items: postings };
}

/** So many words more than at the last time, and a quarter more, and all are sorted by trigram anew. */
const NEW_WORDS = 2048;

/** Words, each kept once as its set of trigrams, and how many of these a question has. */
export class Vocabulary {
  readonly words = new SequenceTable(Uint16Array);
  /** By word, after `score`. */
  scores = new Uint8Array(0);
  /** The highest of `scores`. */
  best = 0;
  /** By word, how many persons have it. */
  private persons = new Uint32Array(64);
  private wordsByTrigram: Postings = { starts: new Uint32Array(TRIGRAM_COUNT + 1), items: new Uint32Array(0) };
  private sorted = 0;
  /** By number of trigrams, words that have more of the question's, once they were asked for. */
  private listed: (readonly number[] | undefined)[] = [];

  get bytes(): number {
    const { starts, items } = this.wordsByTrigram;
    return this.words.bytes + this.scores.byteLength + this.persons.byteLength + starts.byteLength + items.byteLength;
  }

  /** The number of the words between two places of the text, taken as one. */
  intern(text: string, from: number, to: number): number {
    return this.words.intern(trigrams, readTrigrams(text, from, to)!);
  }

  /** The same, for one more person who has it. */
  internOfPerson(text: string, from: number, to: number): number {
    const word = this.intern(text, from, to);
    if (word >= this.persons.length) {
      const longer = new Uint32Array(this.words.starts.length);
      longer.set(this.persons);
      this.persons = longer;
    }
    this.persons[word]!++;
    return word;
  }

  /** @param wanted 1 for each of the trigrams asked for, 0 for the others */
  score(asked: Uint16Array, wanted: Uint8Array): void {
    this.sortNew();
    const { count, starts, items } = this.words;
    if (this.scores.length < count) this.scores = new Uint8Array(starts.length);
    const { scores, wordsByTrigram } = this;
    scores.fill(0);
    let best = 0;
    for (const trigram of asked) {
      const end = wordsByTrigram.starts[trigram + 1]!;
      for (let at = wordsByTrigram.starts[trigram]!; at < end; at++) {
        const score = ++scores[wordsByTrigram.items[at]!]!;
        if (score > best) best = score;
      }
    }
    for (let word = this.sorted, at = starts[word]!; word < count; word++) {
      let score = 0;
      for (const end = starts[word + 1]!; at < end; at++) score += wanted[items[at]!]!;
      scores[word] = score;
      if (score > best) best = score;
    }
    this.best = best;
    this.listed = [];
  }

  private sortNew(): void {
    const { count } = this.words;
    if (count <= this.sorted * 1.25 + NEW_WORDS) return;
    this.wordsByTrigram = invert(this.words, 0, TRIGRAM_COUNT);
    this.sorted = count;
  }

  /** Words that have all of these trigrams, of which there is one at least. */
  listWordsWithAll(asked: readonly number[]): number[] {
    this.sortNew();
    const { words, wordsByTrigram, sorted } = this;
    const lengthOf = (trigram: number) => wordsByTrigram.starts[trigram + 1]! - wordsByTrigram.starts[trigram]!;
    const rarest = asked.reduce((a, b) => (lengthOf(b) < lengthOf(a) ? b : a));
    const has = (word: number, trigram: number) => {
      for (let at = words.starts[word]!, end = words.starts[word + 1]!; at < end; at++)
        if (words.items[at] === trigram) return true;
      return false;
    };
    const hasAll = (word: number) => asked.every((trigram) => has(word, trigram));
    const found = [];
    for (let at = wordsByTrigram.starts[rarest]!; at < wordsByTrigram.starts[rarest + 1]!; at++)
      if (hasAll(wordsByTrigram.items[at]!)) found.push(wordsByTrigram.items[at]!);
    for (let word = sorted; word < words.count; word++) if (hasAll(word)) found.push(word);
    return found;
  }

  /** The lowest score that no more than so many persons reach; one more than the best if there is none. */
  chooseLeast(mostPersons: number): number {
    const personsByScore = new Float64Array(this.best + 1);
    for (let word = 0; word < this.words.count; word++) personsByScore[this.scores[word]!]! += this.persons[word]!;
    let least = this.best + 1;
    for (let persons = 0; least > 1; least--) {
      persons += personsByScore[least - 1]!;
      if (persons > mostPersons) break;
    }
    return least;
  }

  /** Words that have more than so many trigrams of the question. */
  listWords(few: number): readonly number[] {
    return (this.listed[few] ??= this.findWords(few));
  }

  private findWords(few: number): number[] {
    const found = [];
    for (let word = 0; word < this.words.count; word++) if (this.scores[word]! > few) found.push(word);
    return found;
  }
}
