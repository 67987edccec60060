/** Callers that are remembered one by one. */
const MAX_CALLERS = 10_000;

/** Callers that have just written: what they read next must hold it. */
export class RecentWriters {
  /** Until when, on the clock of `performance.now()`; the first to be forgotten is first. */
  private readonly until = new Map<string, number>();
  private everyoneUntil = -Infinity;

  /** @param rememberedMs from the write on */
  constructor(private readonly rememberedMs: number) {}

  add(caller: string): void {
    const now = performance.now();
    this.until.delete(caller);
    this.until.set(caller, now + this.rememberedMs);
    for (const [first, until] of this.until) {
      if (until > now && this.until.size <= MAX_CALLERS) break;
      // A caller that is forgotten too early might miss its own write: until its time is over everybody counts as a writer.
      this.everyoneUntil = Math.max(this.everyoneUntil, until);
      this.until.delete(first);
    }
  }

  has(caller: string): boolean {
    const now = performance.now();
    return this.everyoneUntil > now || (this.until.get(caller) ?? -Infinity) > now;
  }
}
