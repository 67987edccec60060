import { setImmediate } from 'node:timers/promises';
import { BeanValidationError, IllegalArgumentError } from '../../common/errors.js';
import { UnreadableBodyError } from '../http-errors.js';
import { fieldsOf, type DtoClass, type Field } from './fields.js';
import { standInFor } from './json-number.js';

/* Bounds of a JSON text, checked in one pass before `JSON.parse` makes objects of it (docs/adr/0089-hostile-bodies.md). */

/** Lists and objects within each other. */
const MAX_NESTING_LEVELS = 64;
/** Different names of members that nobody knows. */
const MAX_UNKNOWN_NAMES = 1_000;
/** Numbers whose text needs care, in known members: five for each of ten thousand import rows. */
const MAX_STAND_INS = 50_000;
/** Characters between two pauses. */
const CHARACTERS_OF_STEP = 250_000;
/** Digits and signs of one number, as in the reference's reader. */
const MAX_NUMBER_LENGTH = 1_000;

/** What a document may hold. */
export interface Bounds {
  /** Class of the document; a number: it is a list of at most so many texts. */
  readonly document: DtoClass | number;
  /** Values, those of unknown members included. */
  readonly maxValues: number;
  /** Name of the document in messages. */
  readonly objectName: string;
}

type Members = ReadonlyMap<string, Field>;
const NO_MEMBERS: Members = new Map();
const members = new WeakMap<DtoClass, Members>();

function membersOf(type: DtoClass): Members {
  const known = members.get(type) ?? new Map(fieldsOf(type).map((field) => [field.name, field]));
  members.set(type, known);
  return known;
}

/** An object or list that the scan is inside of. */
interface Frame {
  readonly isList: boolean;
  /** The member whose value it is; null: the document, an element, or the value of a member that nobody knows. */
  readonly field: Field | null;
  /** Members of the object, or of the elements of the list; null: nobody knows what is inside. */
  readonly members: Members | null;
  readonly max: number;
  elements: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;

/**
 * Checks the bounds of a JSON text: depth, values, elements of each known list, and the names of members (no `__proto__`,
 * which only who means harm sends); a long text in steps, between which others are served.
 * @returns the text for `JSON.parse`, in which an object stands for each number whose text would get lost (`numberText`).
 *   A text that is no JSON stays none.
 * @throws UnreadableBodyError, BeanValidationError a list of a member is too long, IllegalArgumentError the document is
 */
export async function checkedJson(text: string, bounds: Bounds): Promise<string> {
  const scan = new Scan(text, bounds);
  for (let end = CHARACTERS_OF_STEP; ; end += CHARACTERS_OF_STEP) {
    scan.advance(end);
    if (end >= text.length) return scan.result();
    await setImmediate();
  }
}

class Scan {
  private at = 0;
  private values = 0;
  private frame: Frame | null = null;
  private readonly stack: Frame[] = [];
  private readonly unknownNames = new Set<string>();
  /** The member whose value comes next. */
  private member: Field | null = null;
  private expectsName = false;
  /** Parts of the new text, and where the old one goes on. */
  private readonly parts: string[] = [];
  private copied = 0;

  constructor(
    private readonly text: string,
    private readonly bounds: Bounds,
  ) {}

  /** Goes on to the first token that begins at `end` or later. */
  advance(end: number): void {
    const { text } = this;
    const stop = Math.min(end, text.length);
    while (this.at < stop) {
      const c = text.charCodeAt(this.at);
      if (c === QUOTE) this.readText();
      else if (c === COMMA) {
        this.expectsName = this.frame !== null && !this.frame.isList;
        this.at++;
      } else if (c === OPEN_OBJECT) this.open(false);
      else if (c === OPEN_LIST) this.open(true);
      else if (c === CLOSE_OBJECT || c === CLOSE_LIST) {
        this.frame = this.stack.pop() ?? null;
        this.expectsName = false;
        this.at++;
      } else if (c === MINUS || (c >= ZERO && c <= NINE)) this.readNumber();
      else if (c <= SPACE || c === COLON) this.at++;
      else this.skipWord();
    }
  }

  result(): string {
    if (this.parts.length === 0) return this.text;
    this.parts.push(this.text.slice(this.copied));
    return this.parts.join('');
  }

  private beginValue(): void {
    if (++this.values > this.bounds.maxValues) throw unreadable('the body has too many values');
    const { frame } = this;
    if (frame?.isList && ++frame.elements > frame.max) this.refuseList(frame);
  }

  private open(isList: boolean): void {
    this.beginValue();
    const { frame, member } = this;
    if (frame === null && this.values > 1) throw unreadable('the body is not one JSON document');
    if (frame !== null && this.stack.push(frame) >= MAX_NESTING_LEVELS) throw unreadable('the body is nested too deep');
    if (frame === null) this.frame = documentFrame(this.bounds, isList);
    else if (!frame.isList) this.frame = memberFrame(member, isList);
    else this.frame = { isList, field: null, members: isList ? null : frame.members, max: Infinity, elements: 0 };
    this.member = null;
    this.expectsName = !isList;
    this.at++;
  }

  private readText(): void {
    const { text } = this;
    const { length } = text;
    const start = ++this.at;
    let isPlain = true;
    for (; this.at < length; this.at++) {
      const c = text.charCodeAt(this.at);
      if (c === QUOTE) break;
      if (c === BACKSLASH) {
        isPlain = false;
        this.at++;
      }
    }
    if (this.expectsName && this.frame) {
      this.expectsName = false;
      this.nameMember(this.frame, isPlain ? text.slice(start, this.at) : decoded(text.slice(start - 1, this.at + 1)));
    } else this.beginValue();
    this.at++;
  }

  private nameMember(frame: Frame, name: string): void {
    this.member = frame.members?.get(name) ?? null;
    if (this.member) return;
    if (name === '__proto__') throw unreadable('No member may be named __proto__');
    if (name.includes('\0')) throw unreadable('No name of a member may hold U+0000');
    if (this.unknownNames.add(name).size > MAX_UNKNOWN_NAMES) throw unreadable('the body has too many unknown members');
  }

  private readNumber(): void {
    this.beginValue();
    const { text } = this;
    const start = this.at;
    let isPlain = true;
    for (; this.at < text.length; this.at++) {
      const c = text.charCodeAt(this.at);
      if (c >= ZERO && c <= NINE) continue;
      if (c === MINUS && this.at === start) continue;
      if (c !== 0x2e && c !== 0x2b && c !== MINUS && (c | 0x20) !== 0x65) break;
      isPlain = false;
    }
    if (this.at - start > MAX_NUMBER_LENGTH) throw unreadable('a number is too long');
    const { frame } = this;
    const isKnown = frame === null || (frame.isList ? frame.members : this.member) !== null;
    if (!isKnown) return;
    const number = text.slice(start, this.at);
    if (isPlain && number.length <= 15 && number !== '-0') return;
    if (String(Number(number)) === number || !NUMBER.test(number)) return;
    if (this.parts.push(text.slice(this.copied, start), standInFor(number)) > 2 * MAX_STAND_INS)
      throw unreadable('the body has too many long or fractional numbers');
    this.copied = this.at;
  }

  /** true, false, null, or what is no JSON. */
  private skipWord(): void {
    this.beginValue();
    const { text } = this;
    do this.at++;
    while (isLetter(text.charCodeAt(this.at)));
  }

  private refuseList(list: Frame): never {
    const { field, max } = list;
    if (field === null) throw new IllegalArgumentError(`The list must have at most ${max} elements`);
    const path = [...this.stack, list]
      .map((frame) => (frame.field?.name ?? '') + (frame.isList && frame !== list ? `[${frame.elements - 1}]` : ''))
      .filter((part) => part !== '');
    throw new BeanValidationError(this.bounds.objectName, [
      { field: path.join('.'), message: `size must be between ${field.min} and ${max}` },
    ]);
  }
}

function documentFrame({ document }: Bounds, isList: boolean): Frame {
  const isTexts = typeof document === 'number';
  const known = isTexts ? NO_MEMBERS : membersOf(document);
  const max = isTexts && isList ? document : Infinity;
  return { isList, field: null, members: isList === isTexts ? known : null, max, elements: 0 };
}

/** The object or list that is the value of a member; a value of the wrong kind has nothing that anybody knows. */
function memberFrame(field: Field | null, isList: boolean): Frame {
  const known = field?.type ? membersOf(field.type()) : NO_MEMBERS;
  const fits = field !== null && isList === (field.max !== null);
  return { isList, field, members: fits ? known : null, max: (isList && field?.max) || Infinity, elements: 0 };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;

const unreadable = (reason: string) => new UnreadableBodyError(`JSON parse error: ${reason}`);

/** The name that a JSON text with escapes means; itself when it is none, which `JSON.parse` will find. */
function decoded(json: string): string {
  try {
    return JSON.parse(json) as string;
  } catch {
    return json;
  }
}
