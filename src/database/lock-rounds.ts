import { setTimeout as sleep } from 'node:timers/promises';
import { isKeptOut } from './unavailable.js';

const PAUSE_MS = 1_000;

/**
 * Does work that gives up on a lock soon, since writers queue behind whoever waits for one: again, after a pause, as long as others
 * keep it out.
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
