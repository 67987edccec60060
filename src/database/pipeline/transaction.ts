import type { QueryConfig, QueryResultRow } from 'pg';
import { AbandonedError } from '../../common/errors.js';
import type { Loan } from '../connection-pool.js';
import type { StatementResult } from '../repeated-statement.js';
import { type RestartingCalls } from '../restarting-calls.js';
import { codeOf } from '../unavailable.js';

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/**
 * One transaction on its connection. BEGIN goes out with the first statement and COMMIT with the last ones, without waiting
 * for their answers: a transaction costs no round trip of its own.
 */
export class Transaction {
  /** Nothing may follow the end. */
  private phase: 'new' | 'begun' | 'ended' = 'new';
  /** The first failure of a statement: the server takes no other after it. */
  private failure: unknown;
  readonly beforeCommit = new Map<unknown, () => Promise<void>>();
  readonly afterCommit: (() => unknown)[] = [];
  /** What parts of the service keep for the length of the transaction, by their own key. */
  readonly state = new Map<unknown, unknown>();

  constructor(
    private readonly loan: Loan,
    private readonly isolation: Isolation,
    readonly calls: RestartingCalls,
  ) {}

  send<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    if (this.phase === 'ended') throw new Error('The transaction has ended');
    if (this.phase === 'begun') return this.orFirstFailure(this.loan.query<Row>(statement));
    return this.together(async () => {
      const begin = this.sendBegin();
      const result = this.orFirstFailure(this.loan.query<Row>(statement));
      result.catch(() => undefined); // looked at below, unless there is no transaction
      await begin;
      return result;
    });
  }

  /** Holds back what `start` sends until it has sent all: one system call on either side. */
  together<T>(start: () => Promise<T>): Promise<T> {
    const send = this.loan.connection.holdBack();
    try {
      return start();
    } finally {
      send();
    }
  }

  /** The last effects and COMMIT in one go. @throws when the server rolled back, as it does after a statement has failed */
  async commit(): Promise<void> {
    const { loan, beforeCommit } = this;
    const send = loan.connection.holdBack();
    let effects: Promise<void>[] = [];
    let commit: Promise<StatementResult> | undefined;
    try {
      let failed = false;
      effects = [...beforeCommit.values()].map((effect) => effect());
      for (const effect of effects) effect.catch(() => (failed = true));
      await new Promise<void>((resolve) => process.nextTick(resolve)); // an effect that cannot even start has failed by now
      if (beforeCommit.size > effects.length) throw new Error('An effect before commit must not add another');
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- an effect may have failed meanwhile
      if (this.phase === 'begun' && !failed) {
        if (loan.isAbandoned) throw new AbandonedError('Nobody waits for the answer');
        loan.isCommitting = true;
        this.phase = 'ended';
        commit = loan.query({ text: 'commit' });
      }
    } finally {
      send();
    }
    const [result] = await Promise.all([commit, ...effects]);
    if (result && result.command !== 'COMMIT')
      throw new Error('A statement of the transaction had failed: it was rolled back');
  }

  /** A connection that is lost, or on which it fails, is closed: the server rolls back then. */
  async rollback(): Promise<void> {
    const { loan } = this;
    if (this.phase === 'new' || loan.isLost) return;
    await loan.query({ text: 'rollback' }).catch(() => (loan.connection.unfit = true));
  }

  private sendBegin(): Promise<StatementResult> {
    this.phase = 'begun';
    return this.loan.query({ text: `begin isolation level ${this.isolation}${this.loan.connection.localSettings}` });
  }

  /**
   * Makes a statement fail for the reason of the first one that failed in the transaction. Statements go out without waiting
   * for each other, and of those after the failed one the server says only that the transaction is aborted.
   */
  private async orFirstFailure<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.failure ??= error;
      throw codeOf(error) === '25P02' ? this.failure : error;
    }
  }
}
