/** What must be true of the storage that exports write to, once every export has run to its end after whatever has happened. */

/** How long the storage may take for one answer. */
const ANSWER_MS = 30_000;

/** What a manifest says: the files of an export, or the one file for test environments. */
interface Manifest {
  readonly exportFiles?: readonly { readonly objectKey: string }[];
  readonly henkilo?: string;
}

async function get(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`The storage answered ${answer.status} for ${url}`);
  return answer.text();
}

const keysOf = (listing: string) => [...listing.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key ?? '');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Looks at the storage itself, not through the door that fails.
 * @param buckets each of which an export has written to
 * @returns question → of what the answer is not true
 */
export async function lookAtStorage(storage: string, buckets: readonly string[]): Promise<Map<string, string[]>> {
  const [open, empty, garbled, missing]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const bucket of buckets) {
    const where = `${storage}/${bucket}`;
    open.push(...keysOf(await get(`${where}?uploads`)).map((key) => `${bucket}/${key}`));
    const keys = keysOf(await get(where));
    if (keys.length === 0) empty.push(bucket);
    for (const key of keys.filter((name) => name.endsWith('.json'))) {
      const content = parsed(await get(`${where}/${key}`));
      if (content === undefined) garbled.push(`${bucket}/${key}`);
      if (!content || !key.endsWith('manifest.json')) continue;
      const { exportFiles = [], henkilo } = content as Manifest;
      const named = [...exportFiles.map(({ objectKey }) => objectKey), ...(henkilo === undefined ? [] : [henkilo])];
      if (named.length === 0) missing.push(`${bucket}/${key} names nothing`);
      missing.push(...named.filter((name) => !keys.includes(name)).map((name) => `${bucket}/${name}`));
    }
  }
  return new Map([
    ['no upload is left open', open],
    ['every export has left a file', empty],
    ['every JSON file can be read', garbled],
    ['every file that a manifest names is there', missing],
  ]);
}
