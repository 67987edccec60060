import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/**
 * Asks again and again until it is so. What shall happen takes as long as the machine is slow: only a test of speed says how long.
 * @param tell what the error says beside the time
 * @throws Error it is not so within the time
 */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  { withinMs = 120_000, tell = () => '' }: { withinMs?: number; tell?: () => string } = {},
): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(PAUSE_MS))
    if (Date.now() > end) throw new Error(`Not so within ${withinMs} ms ${tell()}`);
}
