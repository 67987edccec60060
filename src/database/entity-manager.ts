import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import type { QueryConfig } from 'pg';
import type { StatementResult } from './repeated-statement.js';

/** What repositories need of the database. */
export interface StatementDoor {
  /** A transaction is running where this is asked. */
  isInTransaction(): boolean;
  /** Takes part in the running transaction, if there is one. */
  send(statement: QueryConfig): Promise<StatementResult>;
}

/**
 * The EntityManager whose statements take the same way as those by hand: inside a transaction they are part of it, outside
 * each is its own. A failure comes as the driver's error, without TypeORM's wrapping, which holds the parameters. Only
 * `Database` opens transactions; outside one `save` and `remove`, which want to, are refused.
 */
export function entityManagerOn(door: StatementDoor, dataSource: DataSource): EntityManager {
  const runner = dataSource.createQueryRunner('master');
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const connection = {
    query: (text: string, values: unknown[] = []) => door.send({ text, values }),
  };
  Object.assign(runner, {
    connect: () => Promise.resolve(connection),
    query: (...args: unknown[]) => query(...args).catch(throwDriverError),
    startTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    release: () => Promise.resolve(), // there is nothing to give back
  });
  Object.defineProperty(runner, 'isTransactionActive', { get: () => door.isInTransaction() });
  return dataSource.createEntityManager(runner);
}

function throwDriverError(error: unknown): never {
  throw error instanceof QueryFailedError ? error.driverError : error;
}

const refuse = () => Promise.reject(new Error('Database.transaction opens transactions, not TypeORM'));
