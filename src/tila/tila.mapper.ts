import type { AjonTila, TuonninTila } from './tila.model.js';
import type { AjonRivi, TuonninRivi } from './tila.repository.js';

const seconds = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 1000);

/** @param job what the code says of it */
export function toAjonTila(rivi: AjonRivi, job: { schedule: string; enabled: boolean }, now: Date): AjonTila {
  const { name, started, ended, done, total } = rivi;
  const running = rivi.picked === true;
  return {
    name,
    ...job,
    runningOn: running ? (rivi.pickedBy ?? '') : null,
    progress: running && started && !ended ? { done: done ?? 0, total, seconds: seconds(started, now) } : null,
    next: job.enabled ? rivi.next : null,
    lastSuccess: rivi.lastSuccess,
    lastFailure: rivi.lastFailure,
    failuresInARow: rivi.failures ?? 0,
    lastSeconds: started && ended ? seconds(started, ended) : null,
    lastSummary: rivi.summary,
    lastReason: rivi.reason,
  };
}

/** How long an import took is known of those that go on only: since when it has been there. */
export const toTuonninTila = (rivi: TuonninRivi, now: Date): TuonninTila => ({
  id: rivi.id,
  api: rivi.api,
  kasittelijaOid: rivi.kasittelijaOid,
  aikaleima: rivi.aikaleima,
  virheita: rivi.virheita,
  progress: { done: rivi.kasiteltyja, total: rivi.kasiteltavia, seconds: seconds(rivi.aikaleima, now) },
});

/** @param kohta id of the last person who has been gone through; null: to the end */
export function dokumenttienOsuus({
  begun,
  kohta,
  lowest,
  highest,
}: {
  begun: boolean;
  kohta: number | null;
  lowest: number | null;
  highest: number | null;
}): number | null {
  if (!begun) return null;
  if (kohta === null || lowest === null || highest === null) return 1;
  return highest === lowest ? 1 : Math.min(1, Math.max(0, (kohta - lowest) / (highest - lowest)));
}
