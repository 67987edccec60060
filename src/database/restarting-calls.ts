/**
 * Calls of outside systems on which a transaction depends. Each is made once, while no transaction is open: the first time
 * that a work needs one it is broken off and rolled back, the call is made, and the work begins anew with its answer.
 */
export class RestartingCalls {
  private readonly answers = new Map<string, unknown>();
  private needed: Restart | null = null;

  /** The answer of the call. @throws Restart it has not been made yet */
  answerOf<T>(key: string, call: () => Promise<T>): T {
    if (this.answers.has(key)) return this.answers.get(key) as T;
    this.needed = new Restart(this, key, call);
    throw this.needed;
  }

  /** The restart that the work has asked for, even if it caught it or turned it into an error of its own; null: none. */
  takeNeeded(): Restart | null {
    const { needed } = this;
    this.needed = null;
    return needed;
  }

  /** Makes the call for which the work was broken off. What the call throws ends the work. */
  async make({ key, call }: Restart): Promise<void> {
    this.answers.set(key, await call());
  }
}

/** Breaks off a work so that a call can be made outside its transaction. */
export class Restart extends Error {
  constructor(
    readonly calls: RestartingCalls,
    readonly key: string,
    readonly call: () => Promise<unknown>,
  ) {
    super(`A transaction was not begun anew after ${key}`);
  }
}
