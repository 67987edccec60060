import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseError, type QueryConfig, type QueryResultRow } from 'pg';
import type { EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import { openTransactions } from '../common/open-transaction.js';
import { endWith, startStep, tracing } from '../common/tracing.js';
import { forOthersToo, works } from '../common/work.js';
import { bulkLoad, type Load } from './bulk-load.js';
import type { Connection } from './connection.js';
import type { ConnectionPool } from './connection-pool.js';
import type { OnrDataSource, Pools } from './data-source.js';
import { entityManagerOn } from './entity-manager.js';
import { Transaction, type Isolation } from './pipeline/transaction.js';
import type { StatementResult } from './repeated-statement.js';
import type { Replica } from './replica.js';
import { Restart, RestartingCalls } from './restarting-calls.js';
import { Snapshot } from './snapshot.js';
import { codeOf, DatabaseUnavailableError, isDeadlock, isFatal, isOutdatedPlan } from './unavailable.js';

/** How often a work begins again, or a statement is sent again, after a failure that is nobody's fault. */
const MAX_RETRIES_OF_WORK = 5;

/**
 * The only door to PostgreSQL. Whoever runs inside `transaction` uses its connection without being handed it, so
 * nothing can be forgotten; outside, every statement is its own. Inside a transaction call nothing outside the
 * database and start nothing in parallel.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly log = new Logger(Database.name);
  private readonly running = new AsyncLocalStorage<Transaction | undefined>();
  /** True: statements may go to the standby. */
  private readonly late = new AsyncLocalStorage<boolean>();
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
   * rollback (`outsideTransaction`, a deadlock): it must not change what it was given.
   */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.inTransaction ? work() : this.open('READ COMMITTED', work);
  }

  /** Runs `work` in a transaction and on a connection of its own: never in a loop inside another. */
  newTransaction<T>(work: () => Promise<T>, isolation: Isolation = 'READ COMMITTED'): Promise<T> {
    return this.open(isolation, work);
  }

  /**
   * Runs `work` on one unchanging state of the database, for COPY. Not for what must be written, nor inside a transaction.
   * Unlike in a transaction, `work` may send what it reads to a system outside as it comes (ADR 130): it holds no lock that
   * keeps writers out, and `limitMs` bounds it. Where a standby shows all that has been written until now it is taken there;
   * if the standby fails, `work` begins anew on the primary.
   */
  async withSnapshot<T>(limitMs: number, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    if (this.inTransaction) throw new Error('A snapshot must not be taken inside a transaction');
    const { replica } = this.dataSource.pools;
    if (replica && this.mayServe(replica) && (await replica.catchUp())) {
      let connection: Connection | null = null;
      try {
        connection = await this.dataSource.connectAlone(limitMs, 'replica');
        const result = await Snapshot.during(connection, limitMs, work);
        replica.served.replica++;
        return result;
      } catch (error) {
        if (!connection?.isBroken && !isFailureOfStandby(error)) throw error;
        replica.rest();
        this.log.warn(
          `The standby could not keep a snapshot, the primary does: ${codeOf(error) ?? 'broken connection'}`,
        );
      }
    }
    return Snapshot.during(await this.dataSource.connectAlone(limitMs), limitMs, work);
  }

  /**
   * Runs `work`, which only reads, and may show what was there some seconds ago: on a standby where there is one that is near
   * enough and the caller has not just written, else on the primary. If the standby fails, `work` begins anew on the
   * primary. Not for contact details, permissions, and changes since some instant (ADR 157).
   */
  async mayBeLate<T>(work: () => Promise<T>): Promise<T> {
    const { replica } = this.dataSource.pools;
    if (!replica || this.inTransaction || !this.mayServe(replica)) return work();
    try {
      const result = await this.late.run(true, work);
      replica.served.replica++;
      return result;
    } catch (error) {
      if (!isFailureOfStandby(error)) throw error;
      replica.rest();
      return work();
    }
  }

  /** The caller has written: he reads from the primary for a while. */
  noteWrite(): void {
    const caller = works.getStore()?.waits();
    if (caller !== undefined) this.dataSource.pools.replica?.noteWrite(caller);
  }

  /**
   * Fills a table from a stream by COPY, whole or not at all; the rows may come from a system outside as they are read
   * (ADR 132). Not inside a transaction. No statement takes longer than `limitMs`.
   */
  async load(limitMs: number, load: Load, rows: Readable, signal: AbortSignal): Promise<void> {
    if (this.inTransaction) throw new Error('A load must not be part of a transaction');
    await bulkLoad(await this.dataSource.connectAlone(limitMs), load, rows, signal);
  }

  /**
   * Makes sure that `call`, which reaches an outside system, has succeeded before the running transaction commits, yet
   * never while it holds locks: at first everything is rolled back, the call is made and the work begins anew, then
   * this returns at once what the call gave. What the call throws is what the transaction throws.
   * @param key names the call, with all that its answer depends on, within the transaction
   */
  outsideTransaction<T>(key: string, call: () => Promise<T>): T {
    return this.current.calls.answerOf(key, call);
  }

  /**
   * Sends the statements that `start` starts at once, without waiting for the answer of one before the next goes out. They
   * run in that order, each seeing what was committed before it, and the first error is the answer. Inside a transaction.
   */
  together<T>(start: () => Promise<T>): Promise<T> {
    return this.current.together(start);
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

  /** Of a request, of nobody who waits, or of those for which connections are kept. */
  private get pool(): ConnectionPool {
    const { requests, jobs, reserved, replica } = this.dataSource.pools;
    if (this.usesReserved) return reserved;
    if (replica && this.late.getStore() === true) return replica.pool;
    return works.getStore() ? requests : jobs;
  }

  private send<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    return tracing.tracer === null ? this.sendPlain<Row>(statement) : this.sendTraced<Row>(statement);
  }

  private sendPlain<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    const transaction = this.running.getStore();
    return transaction ? transaction.send<Row>(statement) : this.sendAlone<Row>(statement);
  }

  /** A trace has the name of the statement or its first word, never its text or values. */
  private sendTraced<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    const [word = ''] = statement.text.trimStart().split(/\s/, 1);
    const facts = { 'db.system.name': 'postgresql', 'db.operation.name': word.toUpperCase() };
    const span = startStep(statement.name ?? word, facts);
    return span ? endWith(span, this.sendPlain<Row>(statement)) : this.sendPlain<Row>(statement);
  }

  private async sendAlone<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    for (let failures = 0; ;) {
      try {
        const result = await this.pool.query<Row>(statement);
        if (result.command !== 'SELECT') this.noteWrite();
        return result;
      } catch (error) {
        if (!isOutdatedPlan(error) || ++failures > MAX_RETRIES_OF_WORK) throw error;
      }
    }
  }

  private get current(): Transaction {
    const transaction = this.running.getStore();
    if (!transaction) throw new Error('This must be called inside a transaction');
    return transaction;
  }

  private async open<T>(isolation: Isolation, work: () => Promise<T>): Promise<T> {
    if (this.late.getStore() === true) throw new Error('What may be late opens no transaction');
    const calls = new RestartingCalls();
    for (let failures = 0; ;) {
      try {
        return await this.attempt(isolation, work, calls);
      } catch (error) {
        if (error instanceof Restart && error.calls === calls) {
          await this.outside(() => calls.make(error));
          continue;
        }
        if (!isDeadlock(error) && !isOutdatedPlan(error)) throw error;
        if (++failures > MAX_RETRIES_OF_WORK) throw new DatabaseUnavailableError('others are always in the way', error);
      }
    }
  }

  private async attempt<T>(isolation: Isolation, work: () => Promise<T>, calls: RestartingCalls): Promise<T> {
    const loan = await this.pool.borrow();
    const transaction = new Transaction(loan, isolation, calls);
    const { afterCommit } = transaction;
    const open = { isOpen: true };
    const run = async () => {
      const value = await work();
      const restart = calls.takeNeeded();
      if (restart) throw restart; // caught by the work
      await transaction.commit();
      return value;
    };
    let result: T;
    try {
      result = await this.running.run(transaction, () => openTransactions.run(open, run));
    } catch (error) {
      await transaction.rollback();
      throw calls.takeNeeded() ?? error; // the work may have turned the restart into an error of its own
    } finally {
      open.isOpen = false;
      loan.release();
    }
    this.noteWrite();
    if (afterCommit.length === 0) return result;
    await forOthersToo(() =>
      this.outside(async () => {
        for (const effect of afterCommit) await this.runEffect(effect);
      }),
    );
    return result;
  }

  /** The standby is near enough for the caller; if not, it is counted why. */
  private mayServe(replica: Replica): boolean {
    const reason = replica.refuses(works.getStore()?.waits() ?? null);
    if (reason) replica.served[reason]++;
    return reason === null;
  }

  /** Runs `task` as if no transaction of this door had been opened around it. */
  private outside<T>(task: () => Promise<T>): Promise<T> {
    return this.running.run(undefined, task);
  }

  private async runEffect(effect: () => unknown): Promise<void> {
    try {
      await effect();
    } catch (error) {
      this.log.error(`An effect after commit failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/**
 * The standby is away, or broke off a read for what it got from the primary. It took no time that was the statement's to take. Who was given the
 * rows, such as an upload, may have wrapped the error.
 */
function isFailureOfStandby(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof DatabaseUnavailableError) return each.code !== '57014';
    if (isDeadlock(each) || isFatal(each)) return true;
  }
  return false;
}

/** The statement was told not to wait for a lock that another transaction holds. */
export const isLockedByAnother = (error: unknown): boolean => codeOf(error) === '55P03';

/** The server refused a statement: its transaction has not happened. Any other failure of a commit leaves that open. */
export function isRefusedStatement(error: unknown): boolean {
  const said = error instanceof DatabaseUnavailableError ? error.cause : error;
  return said instanceof DatabaseError && !/^(08|57)/.test(said.code ?? '08');
}
