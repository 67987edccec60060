import { AsyncLocalStorage } from 'node:async_hooks';

/** Time that may be spent waiting for others: services outside, a place in a queue. Waits side by side count once. */
export class Patience {
  private waits = 0;
  private since = 0;
  private spentMs = 0;

  constructor(private readonly totalMs: number) {}

  /** Milliseconds that are left, 0 or less when there are none. */
  get leftMs(): number {
    return this.totalMs - this.spentMs - (this.waits > 0 ? performance.now() - this.since : 0);
  }

  /** Counts the time that `wait` takes. */
  async during<T>(wait: () => Promise<T>): Promise<T> {
    if (this.waits++ === 0) this.since = performance.now();
    try {
      return await wait();
    } finally {
      if (--this.waits === 0) this.spentMs += performance.now() - this.since;
    }
  }
}

/** Work for which somebody waits, with the time that is left for it. */
export interface Work {
  readonly patience: Patience;
  /** Nobody waits for it any more. */
  readonly isAbandoned: () => boolean;
  /** OID of the caller that waits; empty: not known. */
  readonly waits: () => string;
}

/** The work under way; undefined: that of a job or of the process itself, for which nobody waits. */
export const works = new AsyncLocalStorage<Work>();

/** Runs work that others need as well: it goes on when the caller of the work under way gives up. */
export function forOthersToo<T>(task: () => T): T {
  const work = works.getStore();
  return work ? works.run({ ...work, isAbandoned: () => false }, task) : task();
}
