/**
 * All pages of a list that is in order of a key; the next one is read when the one before has been worked on.
 * @param read the rows whose key is above `after`, some of them at a time; '' is below every key
 * @param keyOf the key of a row
 */
export async function* pageByPage<Row>(
  read: (after: string) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<readonly Row[]> {
  for (let after = ''; ;) {
    const page = await read(after);
    if (page.length === 0) return;
    yield page;
    after = keyOf(page.at(-1)!);
  }
}
