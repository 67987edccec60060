import { FirstPlaces, type Placed } from './first-places.model.js';
import { NO_PLACE, type Position } from './name-order.model.js';
import { SequenceTable } from './sequence-table.model.js';
import { innerTrigrams, isLetter, readTrigrams, TRIGRAM_COUNT, trigrams } from './trigrams.rules.js';
import { invert, type Postings, Vocabulary } from './vocabulary.model.js';

/** Persons of a sealed block: sealing takes some 30 ms. */
const PERSONS_OF_BLOCK = 262_144;
/** Texts of persons with more trigrams than this are not counted: a count fits 8 bits. */
const MAX_TRIGRAMS_OF_PERSON = 255;
/** Numbers of birth dates fit 16 bits: a century has 36 525 days. */
const MAX_DATES = 65_536;
const DATE = /(?<![a-z0-9])\d{4}-\d\d-\d\d$/i;
const LENGTH_OF_DATE = 10;
/** Values of `smallest`. */
const KEYS_PER_LENGTH = 256;
/** The largest number of trigrams of the question in a word that `chooseFew` tries as `few`. */
const MAX_FEW_TRIGRAMS = 6;
/** Coming to a group by a word instead of one after the other costs so many times as much. */
const COST_OF_JUMP = 5;
/** Share of all persons who are looked at for their last name, and for their birth date. */
const SHARE_LOOKED_AT = 1 / 256;
/** Above any score. */
const MAX_SCORE = 256;
/** In `looked`. */
const [NOT_LOOKED, LOOKED, ALL_COMPARED] = [0, 1, 2];

/** What several persons have before the last name, as words: those of group `g` are `items[starts[g]]` to `items[starts[g + 1] - 1]`. */
type Groups = Pick<SequenceTable<Uint32Array<ArrayBuffer>>, 'count' | 'starts' | 'items'>;

/** Persons one after the other: position (`NameOrder`), 1 for a surname in ASCII, number of trigrams, last name, birth date. */
interface Persons {
  readonly ids: Float64Array;
  readonly places: Float64Array;
  readonly oids: Float64Array;
  readonly plain: Uint8Array;
  readonly sizes: Uint8Array;
  readonly lastNames: Uint32Array;
  readonly dates: Uint16Array;
  readonly groupOf: Uint32Array;
}

/**
 * Persons by group: those of group `g` are `ends[g - 1]` to `ends[g] - 1`; the shortest of them has `smallest[g]` trigrams.
 * Groups are in order of their number of words, then of `smallest`: those of `k` words begin with `startsByLength[k]`.
 */
interface Block {
  readonly groups: Groups;
  readonly startsByLength: readonly number[];
  readonly groupsByName: Postings;
  readonly smallest: Uint8Array;
  readonly ends: Uint32Array;
  readonly persons: Persons;
  readonly byLastName: Postings;
  readonly byDate: Postings;
}

/** A question: its number of trigrams, and what makes a person one to look at, whatever else it has. */
interface Question {
  readonly size: number;
  /** Persons with a last name that has so many trigrams of the question are looked at, */
  readonly lastName: number;
  /** and those with such a birth date, */
  readonly date: number;
  /** and those whose other names have so many that they may be alike with less than both. */
  readonly rest: number;
  readonly found: number[];
}

const newPersons = (count: number): Persons => ({
  ids: new Float64Array(count),
  places: new Float64Array(count),
  oids: new Float64Array(count),
  plain: new Uint8Array(count),
  sizes: new Uint8Array(count),
  lastNames: new Uint32Array(count),
  dates: new Uint16Array(count),
  groupOf: new Uint32Array(count),
});

const bytesOf = (arrays: object) =>
  Object.values(arrays).reduce((sum: number, array) => sum + (ArrayBuffer.isView(array) ? array.byteLength : 0), 0);

/** Persons in whose text something stands. */
export interface Containing {
  /** The next ones by place. */
  readonly placed: readonly Placed[];
  /** No others with a place come after them. */
  readonly isAll: boolean;
  /** Ids of all who have no place. */
  readonly others: readonly number[];
}

/** Words that a run of letters is part of, by the part of the text, and about how many persons have one of them. */
interface Words {
  readonly names: ReadonlySet<number>;
  readonly lastNames: ReadonlySet<number>;
  readonly dates: ReadonlySet<number>;
  readonly persons: number;
}

/** Persons that a search by a run of letters looks at: some milliseconds. Where more have it, the first ones by name are soon found without. */
const MOST_LOOKED_AT = 200_000;
const UNKNOWN: Position = { place: NO_PLACE, oid: 0 };
/** Memory of a number in a Set. */
const BYTES_OF_MEMBER = 40;

/**
 * Search texts of persons in memory, 50 to 115 bytes a person. A text is cut into three parts: birth date, the word before
 * it, and the set of all other words. Many persons share each of these, so a question counts its trigrams in the distinct
 * words, adds them up for groups of persons with the same first names, and looks at single persons only where last name and
 * date could still make up for the rest. Texts are only ever added, so that a person is found by a former text too; whoever
 * asks must look at what the person's text is now.
 */
export class TrigramIndex {
  private readonly names = new Vocabulary();
  private readonly lastNames = new Vocabulary();
  private readonly dates = new Vocabulary();
  private readonly blocks: Block[] = [];
  /** Persons whose texts `readTrigrams` cannot read, or that are too long. */
  private readonly unread: number[] = [];
  /** Persons who have come or changed since most texts were added: the place that they had does not count. */
  private readonly changed = new Set<number>();
  /** The last persons, in the order they came, and the group of each. */
  private readonly tail: Persons;
  private groups = new SequenceTable(Uint32Array);
  private tailCount = 0;
  private sealedCount = 0;
  private settled = false;
  private blockBytes = 0;
  /** Words of the text that is being added, in order of their numbers. */
  private readonly words: number[] = [];
  private readonly wanted = new Uint8Array(TRIGRAM_COUNT);
  private groupScores = new Uint16Array(0);
  /** By group of the tail. */
  private readonly smallest: Uint8Array;
  /** By group of a block, what this search has done with it. */
  private readonly looked: Uint8Array;

  constructor(private readonly personsOfBlock = PERSONS_OF_BLOCK) {
    this.tail = newPersons(personsOfBlock);
    this.smallest = new Uint8Array(personsOfBlock).fill(MAX_TRIGRAMS_OF_PERSON);
    this.looked = new Uint8Array(personsOfBlock);
  }

  /** Number of texts. */
  get size(): number {
    return this.sealedCount + this.tailCount + this.unread.length;
  }

  /** Memory outside the JavaScript heap, and what is kept of texts that are not read and of changes. */
  get bytes(): number {
    const tables = [this.names, this.lastNames, this.dates, this.groups].reduce((sum, { bytes }) => sum + bytes, 0);
    const tail = bytesOf(this.tail) + this.groupScores.byteLength + this.wanted.byteLength + 2 * this.personsOfBlock;
    return this.blockBytes + tables + tail + 8 * this.unread.length + BYTES_OF_MEMBER * this.changed.size;
  }

  /**
   * @param position only those given before `settle` count
   * @param isPlain the surname is in ASCII and has a letter
   */
  add(id: number, text: string, position = UNKNOWN, isPlain = false): void {
    if (this.settled) this.changed.add(id);
    const size = readTrigrams(text);
    if (size === null || size > MAX_TRIGRAMS_OF_PERSON) return void this.unread.push(id);
    const i = this.tailCount++;
    const endOfNames =
      this.dates.words.count < MAX_DATES && DATE.test(text) ? text.length - LENGTH_OF_DATE : text.length;
    this.tail.ids[i] = id;
    this.tail.places[i] = this.settled ? NO_PLACE : position.place;
    this.tail.oids[i] = position.oid;
    this.tail.plain[i] = Number(isPlain);
    this.tail.sizes[i] = size;
    this.tail.dates[i] = this.dates.internOfPerson(text, endOfNames, text.length);
    this.addNames(i, text, endOfNames);
    if (this.tailCount >= (this.settled ? this.personsOfBlock / 8 : this.personsOfBlock)) this.seal();
  }

  /** After most texts have been added: whoever comes later is few. */
  settle(): void {
    if (this.tailCount > 0) this.seal();
    this.settled = true;
  }

  private addNames(i: number, text: string, endOfNames: number): void {
    const { words } = this;
    words.length = 0;
    let lastEnd = endOfNames;
    while (lastEnd > 0 && !isLetter(text, lastEnd - 1)) lastEnd--;
    let lastStart = lastEnd;
    while (lastStart > 0 && isLetter(text, lastStart - 1)) lastStart--;
    this.tail.lastNames[i] = this.lastNames.internOfPerson(text, lastStart, lastEnd);
    for (let at = 0; at < lastStart; at++) {
      const start = at;
      while (at < lastStart && isLetter(text, at)) at++;
      if (at > start) insert(words, this.names.intern(text, start, at));
    }
    const group = this.groups.intern(words, words.length);
    this.tail.groupOf[i] = group;
    this.smallest[group] = Math.min(this.smallest[group]!, this.tail.sizes[i]!);
  }

  /**
   * Ids of everyone who has at least half of all trigrams in common with the text, and of everyone whose text is not read:
   * with `n` and `m` trigrams and `c` common ones, c / (n + m - c) >= 1/2 is 3c >= n + m. An id may come twice. Null: the
   * text cannot be read.
   */
  find(text: string): number[] | null {
    const size = readTrigrams(text);
    if (size === null) return null;
    if (size === 0) return [];
    const found = [...this.unread];
    if (size > 2 * MAX_TRIGRAMS_OF_PERSON) return found; // no other person has half as many
    const asked = trigrams.slice(0, size);
    for (const trigram of asked) this.wanted[trigram] = 1;
    for (const vocabulary of [this.names, this.lastNames, this.dates]) vocabulary.score(asked, this.wanted);
    const most = this.size * SHARE_LOOKED_AT;
    const [lastName, date] = [this.lastNames.chooseLeast(most), this.dates.chooseLeast(most)];
    const question = { size, lastName, date, rest: lastName - 1 + date - 1, found };
    for (const block of this.blocks) this.findInBlock(block, question);
    this.findInTail(question);
    for (const trigram of asked) this.wanted[trigram] = 0;
    return found;
  }

  /**
   * Everyone in whose text all runs of letters and digits stand, some others and everyone whose text is not read: those without a place
   * all, of the others the `count` that come next after one of them. An id without a place may come twice.
   * @param runs one at least, each three letters or more
   * @param isPlain false: they stand for a text that an ASCII name cannot contain, so whoever has them in such a surname only is left out
   * @returns null: too many to look at
   */
  findContaining(runs: readonly string[], isPlain: boolean, after: Position, count: number): Containing | null {
    const words = runs.map((run) => this.listWords(run)).sort((a, b) => a.persons - b.persons);
    const [rarest, ...rest] = words;
    const first = new FirstPlaces(after, count);
    const others = [...this.unread];
    let left = MOST_LOOKED_AT;
    const take = (groups: Groups, persons: Persons, i: number) => {
      left--;
      const [id, place] = [persons.ids[i]!, persons.places[i]!];
      if (place !== NO_PLACE && this.changed.has(id)) return;
      if (!rest.every((one) => hasOne(one, groups, persons, i))) return;
      const group = persons.groupOf[i]!;
      if (!isPlain && persons.plain[i] === 1 && !words.some(({ names }) => hasName(names, groups, group))) return;
      if (place === NO_PLACE) others.push(id);
      else first.add(place, persons.oids[i]!, id);
    };
    const { names, lastNames, dates } = rarest!;
    const look = (postings: Postings, words: ReadonlySet<number>, visit: (item: number) => void) => {
      for (const word of words)
        for (let at = postings.starts[word] ?? 0, end = endOf(postings, word); at < end && left > 0; at++)
          visit(postings.items[at]!);
    };
    for (const { groups, persons, ends, groupsByName, byLastName, byDate } of this.blocks) {
      look(groupsByName, names, (group) => {
        for (let i = group === 0 ? 0 : ends[group - 1]!; i < ends[group]!; i++) take(groups, persons, i);
      });
      look(byLastName, lastNames, (i) => take(groups, persons, i));
      look(byDate, dates, (i) => take(groups, persons, i));
    }
    for (let i = 0; i < this.tailCount; i++)
      if (hasOne(rarest!, this.groups, this.tail, i)) take(this.groups, this.tail, i);
    return left <= 0 ? null : { ...first.take(), others };
  }

  private listWords(run: string): Words {
    const asked = innerTrigrams(run);
    const [names, lastNames, dates] = [this.names, this.lastNames, this.dates].map((words) => new Set(words.listWordsWithAll(asked))) as [Set<number>, Set<number>, Set<number>]; // prettier-ignore
    let persons = 0;
    for (const { groupsByName, byLastName, byDate } of this.blocks)
      for (const [postings, words] of [
        [groupsByName, names],
        [byLastName, lastNames],
        [byDate, dates],
      ] as const)
        for (const word of words) persons += Math.max(0, endOf(postings, word) - (postings.starts[word] ?? 0));
    return { names, lastNames, dates, persons };
  }

  /**
   * Whoever is alike has a last name or a birth date that is looked at, or first names that make up for both. A group none
   * of whose `k` words has more than `few` trigrams of the question has at most `k * few` of them: where that is too little,
   * groups are found by their other words; the shortest persons, for whom it may be enough, by looking at all.
   */
  private findInBlock(block: Block, question: Question): void {
    const { groupsByName, startsByLength, groups } = block;
    const few = this.chooseFew(block, question);
    this.looked.fill(NOT_LOOKED, 0, groups.count);
    if (few > 0)
      for (const word of this.names.listWords(few)) {
        const end = endOf(groupsByName, word);
        for (let at = groupsByName.starts[word]!; at < end; at++) this.look(block, groupsByName.items[at]!, question);
      }
    for (let words = 0; words + 1 < startsByLength.length; words++) {
      const end = endOfShort(block, words, few, question);
      for (let group = startsByLength[words]!; group < end; group++) this.look(block, group, question);
    }
    this.findOthers(block, block.byLastName, this.lastNames.listWords(question.lastName - 1), question, MAX_SCORE);
    this.findOthers(block, block.byDate, this.dates.listWords(question.date - 1), question, question.lastName);
  }

  /** 0: looking at all groups costs less than any other way. */
  private chooseFew(block: Block, question: Question): number {
    const { groupsByName, groups, startsByLength } = block;
    let [best, leastCost] = [0, groups.count];
    for (let few = 1; few <= MAX_FEW_TRIGRAMS; few++) {
      let cost = 0;
      for (const word of this.names.listWords(few))
        cost += COST_OF_JUMP * (endOf(groupsByName, word) - (groupsByName.starts[word] ?? 0));
      for (let words = 0; words + 1 < startsByLength.length; words++)
        cost += endOfShort(block, words, few, question) - startsByLength[words]!;
      if (cost < leastCost) [best, leastCost] = [few, cost];
    }
    return best;
  }

  /** Looks at the persons of a group if its names are enough. */
  private look({ groups, persons, ends, smallest }: Block, group: number, question: Question): void {
    if (this.looked[group] !== NOT_LOOKED) return;
    const score = this.scoreOf(groups, group);
    const enough = 3 * (score + question.rest) >= question.size + smallest[group]!;
    this.looked[group] = enough ? ALL_COMPARED : LOOKED;
    if (!enough) return;
    const end = ends[group]!;
    for (let i = group === 0 ? 0 : ends[group - 1]!; i < end; i++) this.compare(groups, score, persons, i, question);
  }

  /** Looks at the persons of some words but for those whose group was enough, or whose last name has `most` or more. */
  private findOthers(
    { groups, persons }: Block,
    personsByWord: Postings,
    words: readonly number[],
    question: Question,
    most: number,
  ): void {
    for (const word of words) {
      const end = endOf(personsByWord, word);
      for (let at = personsByWord.starts[word]!; at < end; at++) {
        const i = personsByWord.items[at]!;
        const group = persons.groupOf[i]!;
        if (this.looked[group] === ALL_COMPARED || this.lastNames.scores[persons.lastNames[i]!]! >= most) continue;
        this.compare(groups, this.scoreOf(groups, group), persons, i, question);
      }
    }
  }

  private scoreOf({ starts, items }: Groups, group: number): number {
    let score = 0;
    for (let at = starts[group]!, end = starts[group + 1]!; at < end; at++) score += this.names.scores[items[at]!]!;
    return score;
  }

  private findInTail(question: Question): void {
    const { groups, tail } = this;
    if (this.groupScores.length < groups.count) this.groupScores = new Uint16Array(groups.starts.length);
    for (let group = 0; group < groups.count; group++) this.groupScores[group] = this.scoreOf(groups, group);
    for (let i = 0; i < this.tailCount; i++)
      this.compare(groups, this.groupScores[tail.groupOf[i]!]!, tail, i, question);
  }

  /** @param score trigrams of the question in the words of the person's group */
  private compare(groups: Groups, score: number, persons: Persons, i: number, { size, found }: Question): void {
    const atMost = score + this.lastNames.scores[persons.lastNames[i]!]! + this.dates.scores[persons.dates[i]!]!;
    const needed = size + persons.sizes[i]!;
    if (3 * atMost >= needed && 3 * this.countCommon(groups, persons, i) >= needed) found.push(persons.ids[i]!);
  }

  /** Exactly: parts of a text may have trigrams in common, which the sum of their scores has more than once. */
  private countCommon(groups: Groups, persons: Persons, i: number): number {
    const group = persons.groupOf[i]!;
    const end = groups.starts[group + 1]!;
    let common = this.take(this.lastNames, persons.lastNames[i]!) + this.take(this.dates, persons.dates[i]!);
    for (let at = groups.starts[group]!; at < end; at++) common += this.take(this.names, groups.items[at]!);
    this.giveBack(this.lastNames, persons.lastNames[i]!);
    this.giveBack(this.dates, persons.dates[i]!);
    for (let at = groups.starts[group]!; at < end; at++) this.giveBack(this.names, groups.items[at]!);
    return common;
  }

  /** Counts the wanted trigrams of a word that were not counted before, and marks them. */
  private take({ words: { starts, items } }: Vocabulary, word: number): number {
    let count = 0;
    const end = starts[word + 1]!;
    for (let at = starts[word]!; at < end; at++) {
      if (this.wanted[items[at]!] !== 1) continue;
      this.wanted[items[at]!] = COUNTED_MARK;
      count++;
    }
    return count;
  }

  private giveBack({ words: { starts, items } }: Vocabulary, word: number): void {
    const end = starts[word + 1]!;
    for (let at = starts[word]!; at < end; at++)
      if (this.wanted[items[at]!] === COUNTED_MARK) this.wanted[items[at]!] = 1;
  }

  /** Makes a block of the last persons. */
  private seal(): void {
    const { tail, tailCount } = this;
    const { order, startsByLength } = this.orderGroups();
    const groups = inOrder(this.groups, order);
    const place = new Uint32Array(order.length);
    for (let group = 0; group < order.length; group++) place[order[group]!] = group;
    const ends = new Uint32Array(order.length);
    for (let i = 0; i < tailCount; i++) ends[place[tail.groupOf[i]!]!]!++;
    for (let group = 1; group < order.length; group++) ends[group]! += ends[group - 1]!;
    const next = ends.slice();
    const persons = newPersons(tailCount);
    for (let i = tailCount - 1; i >= 0; i--) {
      const group = place[tail.groupOf[i]!]!;
      const to = --next[group]!;
      persons.ids[to] = tail.ids[i]!;
      persons.places[to] = tail.places[i]!;
      persons.oids[to] = tail.oids[i]!;
      persons.plain[to] = tail.plain[i]!;
      persons.sizes[to] = tail.sizes[i]!;
      persons.lastNames[to] = tail.lastNames[i]!;
      persons.dates[to] = tail.dates[i]!;
      persons.groupOf[to] = group;
    }
    const smallest = Uint8Array.from(order, (group) => this.smallest[group]!);
    const groupsByName = invert(groups, 0, this.names.words.count);
    const byLastName = invert(oneEach(persons.lastNames), 0, this.lastNames.words.count);
    const byDate = invert(oneEach(persons.dates), 0, this.dates.words.count);
    const block = { groups, startsByLength, groupsByName, smallest, ends, persons, byLastName, byDate };
    this.blocks.push(block);
    this.blockBytes += [groups, persons, groupsByName, byLastName, byDate].reduce(
      (sum, part) => sum + bytesOf(part),
      5 * order.length,
    );
    this.groups = new SequenceTable(Uint32Array);
    this.smallest.fill(MAX_TRIGRAMS_OF_PERSON);
    this.sealedCount += tailCount;
    this.tailCount = 0;
  }

  /** Groups by number of words, then by `smallest`. */
  private orderGroups(): { order: Uint32Array; startsByLength: number[] } {
    const { count, starts } = this.groups;
    const lengthOf = (group: number) => starts[group + 1]! - starts[group]!;
    let longest = 0;
    for (let group = 0; group < count; group++) longest = Math.max(longest, lengthOf(group));
    const startsByKey = new Uint32Array((longest + 1) * KEYS_PER_LENGTH + 1);
    const keyOf = (group: number) => lengthOf(group) * KEYS_PER_LENGTH + this.smallest[group]!;
    for (let group = 0; group < count; group++) startsByKey[keyOf(group) + 1]!++;
    for (let key = 1; key < startsByKey.length; key++) startsByKey[key]! += startsByKey[key - 1]!;
    const startsByLength = Array.from({ length: longest + 2 }, (_, length) => startsByKey[length * KEYS_PER_LENGTH]!);
    const order = new Uint32Array(count);
    for (let group = 0; group < count; group++) order[startsByKey[keyOf(group)]!++] = group;
    return { order, startsByLength };
  }
}

/** The same groups in another order. */
function inOrder({ starts, items, count }: Groups, order: Uint32Array): Groups {
  const sorted = { count, starts: new Uint32Array(count + 1), items: new Uint32Array(starts[count]!) };
  let end = 0;
  for (let group = 0; group < count; group++) {
    for (let at = starts[order[group]!]!; at < starts[order[group]! + 1]!; at++) sorted.items[end++] = items[at]!;
    sorted.starts[group + 1] = end;
  }
  return sorted;
}

/** End of the groups with a word; none for words newer than the block. */
const endOf = ({ starts }: Postings, word: number) => starts[word + 1] ?? 0;

/** Does the person have one of the words? */
function hasOne({ names, lastNames, dates }: Words, groups: Groups, persons: Persons, i: number): boolean {
  if (lastNames.has(persons.lastNames[i]!) || dates.has(persons.dates[i]!)) return true;
  return hasName(names, groups, persons.groupOf[i]!);
}

function hasName(names: ReadonlySet<number>, { starts, items }: Groups, group: number): boolean {
  for (let at = starts[group]!, end = starts[group + 1]!; at < end; at++) if (names.has(items[at]!)) return true;
  return false;
}

/** End of the groups of so many words for whom `few` trigrams of each word may be enough; with 0 of all groups. */
function endOfShort({ startsByLength, smallest }: Block, words: number, few: number, { rest, size }: Question): number {
  let [from, to] = [startsByLength[words]!, startsByLength[words + 1]!];
  if (few === 0) return to;
  const longest = 3 * (words * few + rest) - size;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (smallest[middle]! <= longest) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Sequences of one item each. */
function oneEach<T extends Uint16Array | Uint32Array>(items: T) {
  const starts = new Uint32Array(items.length + 1);
  for (let i = 0; i <= items.length; i++) starts[i] = i;
  return { count: items.length, starts, items };
}

/** The value in `wanted` of a trigram of the question that the person at hand has and that has been counted. */
const COUNTED_MARK = 2;

/** Into numbers in order, each once. */
function insert(numbers: number[], number: number): void {
  let at = numbers.length;
  while (at > 0 && numbers[at - 1]! > number) at--;
  if (at === 0 || numbers[at - 1] !== number) numbers.splice(at, 0, number);
}
