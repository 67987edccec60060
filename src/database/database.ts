import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { EntityClass } from './data-source.js';

type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** One open transaction: its connection and what is to happen around its end. */
interface Transaction {
  readonly runner: QueryRunner;
  readonly client: PoolClient;
  readonly beforeCommit: Map<unknown, () => Promise<void>>;
  readonly afterCommit: (() => unknown)[];
  /** What parts of the service keep for the length of the transaction, by their own key. */
  readonly state: Map<unknown, unknown>;
  /** What the calls that have been made for this work before it began anew gave, by their keys; see `beforehand`. */
  readonly happened: Map<string, unknown>;
  interruption: Interruption | null;
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

/** How often a work begins again after a deadlock before the error is passed on. */
const DEADLOCK_RETRIES = 5;

/**
 * The only door to PostgreSQL. Whoever runs inside `transaction` uses its connection without being handed it, so
 * nothing can be forgotten; outside, every statement is its own. Inside a transaction call nothing outside the
 * database and start nothing in parallel.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly log = new Logger(Database.name);
  private readonly running = new AsyncLocalStorage<Transaction | undefined>();

  constructor(private readonly dataSource: DataSource) {}

  /** The pool of connections, for gauges and for waiting on the database; never for statements. */
  get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  /** TypeORM's entity manager on whatever is running. */
  get manager(): EntityManager {
    return this.running.getStore()?.runner.manager ?? this.dataSource.manager;
  }

  get inTransaction(): boolean {
    return this.running.getStore() !== undefined;
  }

  /** Rows of one statement. Values only as parameters; a `date` comes as 'YYYY-MM-DD', a `timestamp` as a Date in UTC. */
  async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.connection.query<Row>({ text: sql, values: values as unknown[] });
    return rows;
  }

  /** Number of rows that one INSERT, UPDATE or DELETE touched. */
  async execute(sql: string, values: readonly unknown[] = []): Promise<number> {
    const { rowCount } = await this.connection.query({ text: sql, values: values as unknown[] });
    return rowCount ?? 0;
  }

  /**
   * As `query`, but planned once per connection: for the hot statements only.
   * @param name unique for the text of the statement
   */
  async prepared<Row extends object>(name: string, sql: string, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.connection.query<Row>({ name, text: sql, values: values as unknown[] });
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
   * Runs `effect` last in the transaction, before its commit; a second one under the same key replaces the first and
   * keeps its place. The effect may write; what it throws rolls everything back.
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

  /** The next value of the one sequence that numbers everything (spec schema 4.5). */
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

  private get connection(): Pick<PoolClient, 'query'> {
    return this.running.getStore()?.client ?? this.pool;
  }

  private get current(): Transaction {
    const transaction = this.running.getStore();
    if (!transaction) throw new Error('This must be called inside a transaction');
    return transaction;
  }

  private async open<T>(isolation: Isolation, work: () => Promise<T>): Promise<T> {
    const happened = new Map<string, unknown>();
    for (let deadlocks = 0; ;) {
      try {
        return await this.attempt(isolation, work, happened);
      } catch (error) {
        if (error instanceof Interruption && error.happened === happened) {
          happened.set(error.key, await this.running.run(undefined, error.call));
        } else if (!isDeadlock(error) || ++deadlocks > DEADLOCK_RETRIES) throw error;
      }
    }
  }

  private async attempt<T>(isolation: Isolation, work: () => Promise<T>, happened: Map<string, unknown>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const afterCommit: (() => unknown)[] = [];
    let result: T;
    try {
      const client = (await runner.connect()) as PoolClient;
      const transaction: Transaction = {
        runner,
        client,
        beforeCommit: new Map(),
        afterCommit,
        state: new Map(),
        happened,
        interruption: null,
      };
      await runner.startTransaction(isolation === 'READ COMMITTED' ? undefined : isolation); // the server's default: one statement
      try {
        result = await this.running.run(transaction, async () => {
          const value = await work();
          for (const effect of transaction.beforeCommit.values()) await effect();
          return value;
        });
        if (transaction.interruption) throw transaction.interruption; // caught by the work
        await runner.commitTransaction();
      } catch (error) {
        await runner.rollbackTransaction().catch((e: unknown) => this.log.warn(`Rollback failed: ${String(e)}`));
        throw transaction.interruption ?? error; // the work may have turned the interruption into an error of its own
      }
    } finally {
      await runner.release();
    }
    await this.running.run(undefined, async () => {
      for (const effect of afterCommit) await this.runEffect(effect);
    });
    return result;
  }

  private async runEffect(effect: () => unknown): Promise<void> {
    try {
      await effect();
    } catch (error) {
      this.log.error(`An effect after commit failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** PostgreSQL broke off the transaction because it and another waited for each other. */
const isDeadlock = (error: unknown): boolean => (error as { code?: string } | null)?.code === '40P01';
