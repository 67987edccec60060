/** Milliseconds since a request within which others are likely to come. */
const RECENT_MS = 1_000;

/** Whether anybody asks this process for anything: work for which nobody waits then leaves the machine to those who do. */
export class Callers {
  private lastAsked: () => number = () => -Infinity;

  /** @param lastAsked when the last request came that is not about the process itself; on the clock of `performance.now()` */
  watch(lastAsked: () => number): void {
    this.lastAsked = lastAsked;
  }

  /** @param until on the clock of `performance.now()`: the work has waited enough by then */
  goFirst(until: number): boolean {
    const now = performance.now();
    return now < until && now - this.lastAsked() < RECENT_MS;
  }
}
