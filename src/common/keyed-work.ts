/**
 * Work on many items with a bound on how many run at once; items of one key run one after the other in the order in
 * which they were given. The first error stops the rest.
 */
export class KeyedWork {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly running = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly limit: number) {}

  /**
   * Starts `work` once there is room and all earlier work of the same key has ended. Returns when it is queued.
   * @throws what an earlier work threw
   */
  async add(key: string, work: () => Promise<void>): Promise<void> {
    while (this.running.size >= this.limit && !this.failure) await Promise.race(this.running);
    this.throwFailure();
    const before = this.tails.get(key) ?? Promise.resolve();
    const task = before
      .then(() => (this.failure ? undefined : work()))
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => {
        this.running.delete(task);
        if (this.tails.get(key) === task) this.tails.delete(key);
      });
    this.tails.set(key, task);
    this.running.add(task);
  }

  /**
   * Waits until nothing runs.
   * @throws what a work threw
   */
  async drain(): Promise<void> {
    await Promise.all(this.running);
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}
