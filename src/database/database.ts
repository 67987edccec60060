import { AsyncLocalStorage } from 'node:async_hooks';
import type { Writable } from 'node:stream';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseError, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import type { EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import { AbandonedError } from '../common/errors.js';
import { openTransactions } from '../common/open-transaction.js';
import { forOthersToo, works } from '../common/work.js';
import type { ConnectionPool, Loan } from './connection-pool.js';
import type { Connection } from './connection.js';
import type { EntityClass, OnrDataSource, Pools } from './data-source.js';
import { entityManagerOn } from './entity-manager.js';
import { codeOf, DatabaseUnavailableError, isDeadlock, isOutdatedPlan } from './unavailable.js';

type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** One open transaction: its connection and what is to happen around its end. */
interface Transaction {
  readonly loan: Loan;
  readonly isolation: Isolation;
  /** BEGIN goes out with the first statement, COMMIT with the last ones; nothing may follow that. */
  phase: 'new' | 'begun' | 'ended';
  readonly beforeCommit: Map<unknown, () => Promise<void>>;
  readonly afterCommit: (() => unknown)[];
  /** What parts of the service keep for the length of the transaction, by their own key. */
  readonly state: Map<unknown, unknown>;
  /** What the calls that have been made for this work before it began anew gave, by their keys; see `beforehand`. */
  readonly happened: Map<string, unknown>;
  interruption: Interruption | null;
  /** The first failure of a statement: the server takes no other after it. */
  failure: unknown;
}

/** Ends a transaction so that `call` can be made outside it. */
class Interruption extends Error {
  constructor(
    readonly key: string,
    readonly call: () => Promise<unknown>,
    readonly happened: Map<string, unknown>,
  ) {
    super(`A transaction was not begun anew after ${key}`);
  }
}

/** How often a work begins again, or a statement is sent again, after a failure that is nobody's fault. */
const RETRIES = 5;

/**
 * The only door to PostgreSQL. Whoever runs inside `transaction` uses its connection without being handed it, so
 * nothing can be forgotten; outside, every statement is its own. Inside a transaction call nothing outside the
 * database and start nothing in parallel.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly log = new Logger(Database.name);
  private readonly running = new AsyncLocalStorage<Transaction | undefined>();
  private entityManager: EntityManager | null = null;

  /** @param usesReserved it works on the connections that are kept for logins and health */
  constructor(
    private readonly dataSource: OnrDataSource,
    private readonly usesReserved = false,
  ) {}

  /** The connections, for gauges; never for statements. */
  get pools(): Pools {
    return this.dataSource.pools;
  }

  /**
   * The same database by the few connections that are kept for what must work while all others wait: logins and health.
   * Only for small statements; who takes part in a transaction uses the other door.
   */
  get reserved(): Database {
    return new Database(this.dataSource, true);
  }

  get inTransaction(): boolean {
    return this.running.getStore() !== undefined;
  }

  /**
   * Repositories of entities. Inside a transaction what they do is part of it; outside every statement is its own.
   * Of its methods use `find…`, `exists`, `count`, `insert`, `update`, `delete`, `upsert` and query builders: `save` reads first and
   * checks no version. In `together` and `beforeCommit` only statements by hand go out at once.
   */
  get manager(): EntityManager {
    return (this.entityManager ??= entityManagerOn(
      { isInTransaction: () => this.inTransaction, send: (statement) => this.send(statement) },
      this.dataSource,
    ));
  }

  /** The repository of one entity on `manager`. */
  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity);
  }

  /** Rows of one statement. Values only as parameters; a `date` comes as 'YYYY-MM-DD', a `timestamp` as a Date in UTC. */
  async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.send<Row>({ text: sql, values: values as unknown[] });
    return rows;
  }

  /** Number of rows that one INSERT, UPDATE or DELETE touched. */
  async execute(sql: string, values: readonly unknown[] = []): Promise<number> {
    const { rowCount } = await this.send({ text: sql, values: values as unknown[] });
    return rowCount ?? 0;
  }

  /**
   * As `query`, but planned once per connection: for the hot statements only.
   * @param name unique for the text of the statement
   */
  async prepared<Row extends object>(name: string, sql: string, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.send<Row>({ name, text: sql, values: values as unknown[] });
    return rows;
  }

  /**
   * Runs `work` in the running transaction, or opens one: it happens whole or not at all. The work may run again after a
   * rollback (`beforehand`, a deadlock): it must not change what it was given.
   */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.inTransaction ? work() : this.open('READ COMMITTED', work);
  }

  /** Runs `work` in a transaction and on a connection of its own: never in a loop inside another. */
  newTransaction<T>(work: () => Promise<T>, isolation: Isolation = 'READ COMMITTED'): Promise<T> {
    return this.open(isolation, work);
  }

  /**
   * Makes sure that `call`, which reaches an outside system, has succeeded before the running transaction commits, yet
   * never while it holds locks: at first everything is rolled back, the call is made and the work begins anew, then
   * this returns at once what the call gave. What the call throws is what the transaction throws.
   * @param key names the call, with all that its answer depends on, within the transaction
   */
  beforehand<T>(key: string, call: () => Promise<T>): T {
    const transaction = this.current;
    if (transaction.happened.has(key)) return transaction.happened.get(key) as T;
    transaction.interruption = new Interruption(key, call, transaction.happened);
    throw transaction.interruption;
  }

  /**
   * Sends the statements that `start` starts at once, without waiting for the answer of one before the next goes out. They
   * run in that order, each seeing what was committed before it, and the first error is the answer. Inside a transaction.
   */
  together<T>(start: () => Promise<T>): Promise<T> {
    return inOneGo(this.current.loan.connection, start);
  }

  /**
   * Runs `effect` last in the transaction; a second one under the same key replaces the first and keeps its place. It may
   * write, all its statements at once: the commit goes out with them, before any has answered. A statement that fails,
   * and what the effect throws before it has sent any, rolls everything back.
   */
  beforeCommit(key: unknown, effect: () => Promise<void>): void {
    this.current.beforeCommit.set(key, effect);
  }

  /** What belongs to `key` for the length of the running transaction, made by `create` when first asked for. */
  transactionState<T>(key: unknown, create: () => T): T {
    const { state } = this.current;
    if (!state.has(key)) state.set(key, create());
    return state.get(key) as T;
  }

  /** Runs `effect` once the outermost transaction has committed, at once when there is none. Failures are only logged. */
  afterCommit(effect: () => unknown): void {
    const transaction = this.running.getStore();
    if (transaction) transaction.afterCommit.push(effect);
    else void this.runEffect(effect);
  }

  /** The columns of an entity with its property names, in the order of the class. */
  columnsOf(entity: EntityClass): { property: string; column: string }[] {
    return this.dataSource
      .getMetadata(entity)
      .columns.map((c) => ({ property: c.propertyName, column: c.databaseName }));
  }

  /** The next value of the one sequence that numbers everything (docs/spec/schema.md#4.5). */
  async nextId(): Promise<number> {
    return (await this.nextIds(1))[0]!;
  }

  /** `count` new ids in ascending order; none for 0. */
  async nextIds(count: number): Promise<number[]> {
    const sql = `select nextval('hibernate_sequence') as id from generate_series(1, $1::int)`;
    const rows = await this.prepared<{ id: number }>('next-ids', sql, [count]);
    return rows.map((row) => row.id);
  }

  /** Last of all: requests and jobs under way still need it. */
  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  /**
   * Waits until the running transaction has begun in the database, which otherwise happens with its first statement: an
   * instant taken afterwards is not before its start, on which readers of change feeds rely.
   */
  async begin(): Promise<void> {
    const transaction = this.current;
    if (transaction.phase !== 'new') return;
    transaction.phase = 'begun';
    await transaction.loan.query(beginStatement(transaction));
  }

  /** Of a request, of nobody who waits, or of those for which connections are kept. */
  private get pool(): ConnectionPool {
    const { requests, jobs, reserved } = this.dataSource.pools;
    if (this.usesReserved) return reserved;
    return works.getStore() ? requests : jobs;
  }

  private send<Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>> {
    const transaction = this.running.getStore();
    if (!transaction) return this.sendAlone(statement);
    const { loan } = transaction;
    if (transaction.phase === 'ended') throw new Error('The transaction has ended');
    if (transaction.phase === 'begun') return firstFailure(transaction, loan.query<Row>(statement));
    transaction.phase = 'begun';
    return inOneGo(loan.connection, async () => {
      const begin = loan.query(beginStatement(transaction));
      const result = firstFailure(transaction, loan.query<Row>(statement));
      result.catch(() => undefined); // looked at below, unless there is no transaction
      await begin;
      return result;
    });
  }

  private async sendAlone<Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>> {
    for (let failures = 0; ;) {
      const loan = await this.pool.borrow();
      try {
        return await loan.query<Row>(statement);
      } catch (error) {
        if (!isOutdatedPlan(error) || ++failures > RETRIES) throw error;
      } finally {
        loan.release();
      }
    }
  }

  private get current(): Transaction {
    const transaction = this.running.getStore();
    if (!transaction) throw new Error('This must be called inside a transaction');
    return transaction;
  }

  private async open<T>(isolation: Isolation, work: () => Promise<T>): Promise<T> {
    const happened = new Map<string, unknown>();
    for (let failures = 0; ;) {
      try {
        return await this.attempt(isolation, work, happened);
      } catch (error) {
        if (error instanceof Interruption && error.happened === happened) {
          happened.set(error.key, await this.outside(error.call));
          continue;
        }
        if (!isDeadlock(error) && !isOutdatedPlan(error)) throw error;
        if (++failures > RETRIES) throw new DatabaseUnavailableError('others are always in the way', error);
      }
    }
  }

  private async attempt<T>(isolation: Isolation, work: () => Promise<T>, happened: Map<string, unknown>): Promise<T> {
    const afterCommit: (() => unknown)[] = [];
    const loan = await this.pool.borrow();
    const transaction: Transaction = {
      loan,
      isolation,
      phase: 'new',
      beforeCommit: new Map(),
      afterCommit,
      state: new Map(),
      happened,
      interruption: null,
      failure: null,
    };
    const open = { isOpen: true };
    const run = async () => {
      const value = await work();
      if (transaction.interruption) throw transaction.interruption; // caught by the work
      await this.commit(transaction);
      return value;
    };
    let result: T;
    try {
      result = await this.running.run(transaction, () => openTransactions.run(open, run));
    } catch (error) {
      await this.rollback(transaction);
      throw transaction.interruption ?? error; // the work may have turned the interruption into an error of its own
    } finally {
      open.isOpen = false;
      loan.release();
    }
    if (afterCommit.length === 0) return result;
    await forOthersToo(() =>
      this.outside(async () => {
        for (const effect of afterCommit) await this.runEffect(effect);
      }),
    );
    return result;
  }

  /** Runs `task` as if no transaction of this door had been opened around it. */
  private outside<T>(task: () => Promise<T>): Promise<T> {
    return this.running.run(undefined, task);
  }

  /** The last effects and COMMIT in one go. @throws when the server rolled back, as it does after a statement has failed */
  private async commit(transaction: Transaction): Promise<void> {
    const { loan, beforeCommit } = transaction;
    const send = holdBack(loan.connection);
    let effects: Promise<void>[] = [];
    let commit: Promise<QueryResult> | undefined;
    try {
      let failed = false;
      effects = [...beforeCommit.values()].map((effect) => effect());
      for (const effect of effects) effect.catch(() => (failed = true));
      await new Promise<void>((resolve) => process.nextTick(resolve)); // an effect that cannot even start has failed by now
      if (beforeCommit.size > effects.length) throw new Error('An effect before commit must not add another');
      if (transaction.phase === 'begun' && !failed) {
        if (loan.isAbandoned) throw new AbandonedError('Nobody waits for the answer');
        loan.isCommitting = true;
        transaction.phase = 'ended';
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
  private async rollback({ loan, phase }: Transaction): Promise<void> {
    if (phase === 'new' || loan.isLost) return;
    await loan.query({ text: 'rollback' }).catch(() => (loan.connection.unfit = true));
  }

  private async runEffect(effect: () => unknown): Promise<void> {
    try {
      await effect();
    } catch (error) {
      this.log.error(`An effect after commit failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** The statement was told not to wait for a lock that another transaction holds. */
export const isLockedByAnother = (error: unknown): boolean => codeOf(error) === '55P03';

/** The server refused a statement: its transaction has not happened. Any other failure of a commit leaves that open. */
export function isRefusedStatement(error: unknown): boolean {
  const said = error instanceof DatabaseUnavailableError ? error.cause : error;
  return said instanceof DatabaseError && !/^(08|57)/.test(said.code ?? '08');
}

/**
 * The statement with the reason why it failed: of those that were sent after one that failed the server says no more than
 * that the transaction is over, and their answers may be looked at first.
 */
async function firstFailure<T>(transaction: Transaction, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    transaction.failure ??= error;
    throw codeOf(error) === '25P02' ? transaction.failure : error;
  }
}

const beginStatement = ({ isolation }: Transaction): QueryConfig => ({ text: `begin isolation level ${isolation}` });

/** Holds back what `start` writes to the connection until it has written all: one system call on either side. */
function inOneGo<T>(client: Connection, start: () => Promise<T>): Promise<T> {
  const send = holdBack(client);
  try {
    return start();
  } finally {
    send();
  }
}

/** Holds back what is written to the connection. @returns sends it */
function holdBack(client: Connection): () => void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  return () => stream.uncork();
}
