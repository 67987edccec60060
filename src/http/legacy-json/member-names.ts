const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * What is wrong with the names of members in a JSON text, though it can be parsed: one that an object names twice, of which
 * readers differ on what it means, or `__proto__`, which only who means harm sends. Null: nothing.
 * @param value what `JSON.parse` makes of the text
 */
export function findMemberFault(text: string, value: unknown): string | null {
  let members = 0;
  const left: unknown[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const children: unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) {
      members += children.length;
      if (Object.hasOwn(next, '__proto__')) return 'No member may be named __proto__';
    }
    for (const child of children) if (typeof child === 'object' && child !== null) left.push(child);
  }
  // Of repeated members the parsed value holds one, while each has its colon. Texts rarely hold any: look closely only then.
  const repeated = countColons(text) !== members && countColonsOutsideTexts(text) !== members;
  return repeated ? 'A member is named twice' : null;
}

function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count++;
  return count;
}

function countColonsOutsideTexts(json: string): number {
  let count = 0;
  for (let at = 0; ;) {
    const quote = json.indexOf('"', at);
    const end = quote < 0 ? json.length : quote;
    for (; at < end; at++) if (json.charCodeAt(at) === COLON) count++;
    if (quote < 0) return count;
    at = endOfText(json, quote + 1) + 1;
  }
}

/** Place of the quotation mark that ends the text beginning at `start`: one after an even number of backslashes. */
function endOfText(json: string, start: number): number {
  for (let quote = json.indexOf('"', start); ; quote = json.indexOf('"', quote + 1)) {
    let before = quote;
    while (json.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote;
  }
}
