import { readHetu } from './hetu.js';

/** What follows the six digits of a hetu. Begins with the sign, which is rare in what is logged most: lists of OIDs. */
const TAIL = /[-+A-FU-Ya-fu-y]\d{3}\w/g;
/** One of these stands in whatever is masked. */
const HINT = /[-+A-FU-Ya-fu-y]\d{3}\w|%|\\u00/;
const BIRTH_DATE_DIGITS = 6;
const SIX_DIGITS = /^\d{6}$/;
/** The sign and the characters that are masked. */
const HIDDEN_CHARACTERS = 4;

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/iy;
/** Where in a UUID what looks like the digits of a hetu can begin: in the first eight characters, in the last twelve. */
const UUID_OFFSETS = [2, 24, 25];

/** An escape of a URL, encoded again any number of times, or of JSON, or one character. */
const UNIT = /%(?:25)*[0-9a-f]{2}|\\u00[0-9a-f]{2}|[^]/gi;

/**
 * The text with the end of every henkilötunnus replaced by stars (docs/spec/security-integrations-jobs.md#3.5). Beyond the
 * reference also one in small letters, escaped as in a URL or in JSON, and behind or before whatever else: where letters or
 * digits go on, only what the calendar and the check mark tell to be one (ADR 88).
 */
export function maskHetut(text: string): string {
  if (!HINT.test(text)) return text;
  let masked = '';
  let end = 0;
  for (const at of findHidden(text)) {
    masked += `${text.slice(end, at)}****`;
    end = at + HIDDEN_CHARACTERS;
  }
  masked = end === 0 ? text : masked + text.slice(end);
  return masked.includes('%') || masked.includes('\\u00') ? maskEscaped(masked) : masked;
}

/** Looks at the decoded text, where each unit is one character, and replaces the units. */
function maskEscaped(text: string): string {
  const units = text.match(UNIT)!;
  const plain = units.map((unit) => (unit.length === 1 ? unit : String.fromCharCode(parseInt(unit.slice(-2), 16))));
  for (const at of findHidden(plain.join(''))) units.fill('*', at, at + HIDDEN_CHARACTERS);
  return units.join('');
}

/** Where the characters to be masked begin. */
function findHidden(text: string): number[] {
  const found = [];
  TAIL.lastIndex = 0;
  while (TAIL.test(text)) {
    const sign = TAIL.lastIndex - 1 - HIDDEN_CHARACTERS;
    if (isHetu(text, sign - BIRTH_DATE_DIGITS)) found.push(sign + 1);
  }
  return found;
}

function isHetu(text: string, start: number): boolean {
  if (!SIX_DIGITS.test(text.slice(Math.max(start, 0), start + BIRTH_DATE_DIGITS))) return false;
  const end = start + BIRTH_DATE_DIGITS + 1 + HIDDEN_CHARACTERS;
  const [before, after] = [text.charAt(start - 1), text.charAt(end)];
  if (/[a-z0-9]/i.test(before + after) && isInUuid(text, start)) return false;
  const standsAlone = !/\d/.test(before) && !/[a-z0-9]/i.test(after);
  return standsAlone || readHetu(text.slice(start, end).toUpperCase()) !== undefined;
}

function isInUuid(text: string, start: number): boolean {
  return UUID_OFFSETS.some((offset) => {
    UUID.lastIndex = start - offset;
    return start >= offset && UUID.test(text);
  });
}
