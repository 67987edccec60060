import type { Pool, QueryConfig, QueryResultRow } from 'pg';
import { AbandonedError } from '../common/errors.js';
import { works, type Work } from '../common/work.js';
import type { Connection } from './connection.js';
import type { StatementCallback, StatementResult } from './repeated-statement.js';
import { codeOf, DatabaseUnavailableError, isBusy, isFatal, isOutdatedPlan, isReadOnly } from './unavailable.js';

/** A connection that nobody has used for so long is asked whether it still works. */
const CHECK_AFTER_MS = 1_000;
/** Most callers that may wait for a connection; a further one fails at once. */
const MAX_WAITING_CALLERS = 1_000;
const LOOK_INTERVAL_MS = 250;
/** After this time without an answer the server is asked whether it still runs the connection's statement. */
const SUSPICIOUS_AFTER_MS = 3_000;

/** Questions to the server that go over connections of another pool. */
export interface Outside {
  /** Cancels the statement that a connection is running. */
  cancel(connection: Connection): Promise<unknown>;
  /** Those of the given server processes that are running a statement; null: the numbers are not those of the server. */
  readonly listBusy: ((pids: readonly number[]) => Promise<ReadonlySet<number>>) | null;
}

/** Connections for one kind of work. Nobody waits on them for ever: neither for one nor for an answer. */
export class ConnectionPool {
  /**
   * The loan of each open connection; null: nobody has it. A statement changes only a value of this map. If each statement added its
   * loan to a set and deleted it again, the set would keep the loan in memory until the whole heap is cleaned.
   */
  private readonly loans = new Map<Connection, Loan | null>();
  private readonly watch = setInterval(() => this.look(), LOOK_INTERVAL_MS).unref();
  /** Connections opened before this instant are not used any more: their plans do not fit the tables, or they lead to the wrong server. */
  private outdatedBefore = -Infinity;
  /** A connection last used before this instant is tested first: one of them did not answer. */
  private silentBefore = -Infinity;
  private asking = false;

  /**
   * @param answerMs a server that works says something within this time; its own limit on statements is shorter
   * @param outside null: statements are never cancelled
   */
  constructor(
    readonly pool: Pool,
    private readonly answerMs: number,
    private readonly outside: Outside | null,
    /** The server that a connection leads to takes no writes: those of other pools lead there too. */
    readonly onReadOnly: () => void = () => undefined,
  ) {
    pool.on('connect', (client) => this.loans.set(client as unknown as Connection, null));
    pool.on('remove', (client) => this.loans.delete(client as unknown as Connection));
  }

  /**
   * A connection that works, or did a second ago. It must be given back.
   * @throws DatabaseUnavailableError none is to be had in time
   */
  borrow(): Promise<Loan> {
    return new Promise((resolve, reject) => this.lend(resolve, reject));
  }

  /** Borrows a connection for one statement. All hot reads come here: it makes a single promise, no more. */
  query<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    return new Promise((resolve, reject) =>
      this.lend((loan) => {
        const done: StatementCallback<Row> = (error, result) => {
          loan.release();
          if (error) reject(error);
          else resolve(result);
        };
        if (loan.connection.localSettings === '') loan.send<Row>(statement, done);
        else loan.sendInTransaction<Row>(statement, done);
      }, reject),
    );
  }

  /** Every connection that is open now is replaced before it is used again. */
  outdate(): void {
    this.outdatedBefore = performance.now();
  }

  takeBack(connection: Connection): void {
    if (this.loans.has(connection)) this.loans.set(connection, null);
  }

  /** @param end ends the connections; those that are still in use after `waitMs` are cut off */
  async end(waitMs: number, end: () => Promise<void>): Promise<void> {
    clearInterval(this.watch);
    const impatience = setTimeout(() => {
      for (const { connection } of this.lent()) connection.cut();
    }, waitMs);
    await end();
    clearTimeout(impatience);
  }

  /** Without a promise where a connection is free: this runs for every statement. */
  private lend(use: (loan: Loan) => void, refuse: (reason: unknown) => void): void {
    const work = works.getStore();
    if (!work || this.pool.idleCount > 0) this.take(work, use, refuse);
    else if (work.patience.leftMs <= 0) refuse(new DatabaseUnavailableError('the time for waiting is used up'));
    else
      work.patience
        .during(() => new Promise<Loan>((resolve, reject) => this.take(work, resolve, reject)))
        .then(use, refuse);
  }

  private take(work: Work | undefined, use: (loan: Loan) => void, refuse: (reason: unknown) => void): void {
    if (this.pool.waitingCount >= MAX_WAITING_CALLERS)
      return refuse(new DatabaseUnavailableError('too many wait for a connection'));
    this.pool.connect((error, client) => {
      if (!client)
        return refuse(new DatabaseUnavailableError(`no connection (${codeOf(error) ?? error?.message})`, error));
      const connection = client as unknown as Connection;
      if (work?.isAbandoned()) {
        connection.giveBack();
        refuse(new AbandonedError('Nobody waits for the answer'));
      } else if (this.isTrusted(connection) && performance.now() - connection.usedAt < CHECK_AFTER_MS) {
        use(this.open(connection, work));
      } else {
        void this.check(connection).then((isAlive) =>
          isAlive ? use(this.open(connection, work)) : this.take(work, use, refuse),
        );
      }
    });
  }

  /** @returns false: it does not answer, and has been cut off */
  private async check(connection: Connection): Promise<boolean> {
    if (this.isTrusted(connection)) {
      const asked = performance.now();
      if (await connection.isAlive()) return true;
      this.silentBefore = Math.max(this.silentBefore, asked);
    }
    connection.discard();
    return false;
  }

  private isTrusted({ openedAt, usedAt }: Connection): boolean {
    return openedAt > this.outdatedBefore && usedAt > this.silentBefore;
  }

  private open(connection: Connection, work: Work | undefined): Loan {
    const loan = new Loan(this, connection, work);
    this.loans.set(connection, loan);
    return loan;
  }

  private lent(): Loan[] {
    return [...this.loans.values()].filter((loan) => loan !== null);
  }

  private look(): void {
    const silent: Loan[] = [];
    for (const loan of this.lent()) {
      const silentMs = loan.measureSilence();
      if (silentMs > this.answerMs) loan.connection.cut();
      else if (silentMs > SUSPICIOUS_AFTER_MS) silent.push(loan);
      if (this.outside && loan.isAbandoned) loan.cancel(this.outside);
    }
    const listBusy = this.outside?.listBusy;
    if (silent.length > 0 && listBusy && !this.asking) {
      this.asking = true;
      void this.cutForgotten(silent, listBusy).finally(() => (this.asking = false));
    }
  }

  /** The server is at no statement of theirs: the statement or its answer was lost on the way. */
  private async cutForgotten(silent: readonly Loan[], listBusy: NonNullable<Outside['listBusy']>): Promise<void> {
    try {
      const busy = await listBusy(silent.map(({ connection }) => connection.serverPid ?? 0));
      for (const loan of silent) {
        if (busy.has(loan.connection.serverPid ?? 0) || loan.measureSilence() < SUSPICIOUS_AFTER_MS) continue;
        this.silentBefore = Math.max(this.silentBefore, performance.now() - SUSPICIOUS_AFTER_MS);
        loan.connection.cut();
      }
    } catch {
      // the server does not answer at all: `answerMs` counts
    }
  }
}

/** A connection in the hands of one user. */
export class Loan {
  /** Statements without an answer. */
  private pending = 0;
  private cancelling: Promise<unknown> | null = null;
  /** What was read when the connection was last looked at, and since when it has been no more. */
  private bytesSeen = -1;
  private silentSince = 0;
  /** COMMIT is on its way: it is not cancelled. */
  isCommitting = false;

  constructor(
    private readonly pool: ConnectionPool,
    readonly connection: Connection,
    private readonly work: Work | undefined,
  ) {}

  /** Nobody waits for what is asked here, and it can still be undone. */
  get isAbandoned(): boolean {
    return this.work !== undefined && !this.isCommitting && this.work.isAbandoned();
  }

  /** The connection is of no use any more. */
  get isLost(): boolean {
    return this.connection.unfit || this.cancelling !== null;
  }

  /** @throws DatabaseUnavailableError the database is away, busy or slow; what PostgreSQL says of anything else */
  query<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    return new Promise((resolve, reject) =>
      this.send<Row>(statement, (error, result) => (error ? reject(error) : resolve(result))),
    );
  }

  /** As `query`. @param done gets an error, as `query` throws it, or the result */
  send<Row extends QueryResultRow>(statement: QueryConfig, done: StatementCallback<Row>): void {
    if (this.cancelling) return done(new AbandonedError('Nobody waits for the answer'), null as never);
    this.pending++;
    this.connection.send<Row>(statement, (error, result) => {
      this.pending--;
      this.bytesSeen = -1;
      done(error ? this.judge(error) : this.findDoubt(), result);
    });
  }

  /** As `send`, in a transaction with the settings of the connection; all goes out at once. */
  sendInTransaction<Row extends QueryResultRow>(statement: QueryConfig, done: StatementCallback<Row>): void {
    const { connection } = this;
    const send = connection.holdBack();
    let failure: Error | null = null;
    let answer = null as unknown as StatementResult<Row>;
    this.send({ text: `begin${connection.localSettings}` }, (error) => (failure = error));
    this.send<Row>(statement, (error, result) => {
      failure ??= error;
      answer = result;
    });
    this.send({ text: 'commit' }, (error) => done(failure ?? error, answer));
    send();
  }

  /** Gives the connection back, once for each loan. */
  release(): void {
    const { connection, cancelling } = this;
    this.pool.takeBack(connection);
    connection.usedAt = performance.now();
    // Not before the server has been told to cancel: the next statement might be another's.
    if (cancelling) void cancelling.finally(() => connection.discard());
    else if (connection.unfit) connection.discard();
    else connection.giveBack();
  }

  /** Ends the statement that is running; this connection is used for no other. */
  cancel(outside: Outside): void {
    if (this.cancelling || this.connection.serverPid === null) return;
    this.cancelling = outside.cancel(this.connection).catch(() => this.connection.cut());
  }

  /** Milliseconds for which an answer has been waited for without a sign of life; 0 when none is waited for. */
  measureSilence(): number {
    const now = performance.now();
    const { bytesRead } = this.connection;
    if (this.pending === 0 || bytesRead !== this.bytesSeen) {
      this.bytesSeen = this.pending === 0 ? -1 : bytesRead;
      this.silentSince = now;
    }
    return now - this.silentSince;
  }

  /** A commit that a failover would lose is none that a caller may rely on. */
  private findDoubt(): Error | null {
    const { connection } = this;
    if (!connection.isUnreplicated) return null;
    connection.isUnreplicated = false;
    return new DatabaseUnavailableError('the commit has not reached the standby that it has to reach');
  }

  private judge(error: Error): Error {
    const { connection } = this;
    const text = error.message;
    if (isReadOnly(error) || isOutdatedPlan(error)) {
      connection.unfit = true;
      this.pool.outdate();
      if (!isReadOnly(error)) return error;
      connection.forgetServer();
      this.pool.onReadOnly();
      return new DatabaseUnavailableError(text, error);
    }
    if (isFatal(error)) connection.unfit = true;
    if (this.cancelling) return new AbandonedError('Nobody waits for the answer');
    if (isBusy(error) || connection.unfit) return new DatabaseUnavailableError(text, error);
    return error;
  }
}
