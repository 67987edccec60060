/** Elements that the register takes in one list. */
export const MAX_LIST = 5_000;

/** Parts of a list, at most `size` elements each. */
export function* inBatches<T>(list: readonly T[], size = MAX_LIST): Generator<T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}

/** Gives rows from `offset`, at most `amount` of them; all of them for null. */
export type ReadPage = (offset: number, amount: number | null) => Promise<readonly string[]>;

/** Passes over the list in pages; then it is read as a whole. */
const MAX_PASSES = 5;

/**
 * Every OID of a list that is read in pages while it changes: who is changed meanwhile moves to its end, and the others one
 * place forward. Each page therefore begins with the last row of the page before; where it does not, rows may have been
 * passed over, and the list is read again. Each OID comes once.
 */
export async function* readChanging(read: ReadPage, amount: number): AsyncGenerator<string, void, void> {
  const given = new Set<string>();
  for (let pass = 1; ; pass += 1) {
    const whole = pass > MAX_PASSES;
    let last: string | undefined;
    let offset = 0;
    let moved = false;
    for (;;) {
      const page = await read(offset, whole ? null : amount);
      moved = last !== undefined && page[0] !== last;
      for (const oid of page) {
        if (given.has(oid)) continue;
        given.add(oid);
        yield oid;
      }
      if (moved || whole || page.length < amount) break;
      last = page.at(-1);
      offset += page.length - 1;
    }
    if (!moved) return;
  }
}
