import { setTimeout as sleep } from 'node:timers/promises';
import { isKeptOut } from './unavailable.js';

const PAUSE_MS = 1_000;

/**
 * Does work that waits for a lock only for a short time, since writers queue behind a statement that waits for one. As long as others
 * keep the work out, it is done again after a pause.
 * @param work leaves nothing half done when it throws
 * @param onKeptOut told of every round but the last that was in vain
 * @throws what the work throws of anything else, and in the last round
 */
export async function inLockRounds(
  rounds: number,
  work: () => Promise<void>,
  onKeptOut: (round: number, error: Error) => void = () => undefined,
): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isKeptOut(error) || round >= rounds) throw error;
      onKeptOut(round, error as Error);
      await sleep(PAUSE_MS);
    }
  }
}
