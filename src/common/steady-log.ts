const LOG_INTERVAL_MS = 1000;

/**
 * Logs events that may happen thousands of times a second: at most one line per text and second. The first goes out at
 * once; a line at the end of the second gives the number of the others.
 */
export class SteadyLog {
  /** By text, how often it came since its last line. */
  private readonly counts = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  /** @param write takes a finished line */
  constructor(private readonly write: (line: string) => void) {}

  /** @param text of few kinds: without anything that differs each time */
  add(text: string): void {
    const count = this.counts.get(text);
    if (count === undefined) this.write(text);
    this.counts.set(text, (count ?? -1) + 1);
    this.timer ??= setInterval(() => this.tell(), LOG_INTERVAL_MS).unref();
  }

  private tell(): void {
    for (const [text, count] of this.counts) {
      if (count === 0) {
        this.counts.delete(text);
      } else {
        this.write(`${text} (${count} times more)`);
        this.counts.set(text, 0);
      }
    }
    if (this.counts.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}
