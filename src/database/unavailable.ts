import { DatabaseError } from 'pg';
import { UnavailableError } from '../common/errors.js';

/** The database is away, too busy, or took too long. */
export class DatabaseUnavailableError extends UnavailableError {
  /** SQLSTATE or the system's word; undefined when there is none. */
  readonly code: string | undefined;

  constructor(reason: string, cause?: unknown) {
    super(`The database: ${reason}`, { cause });
    this.code = codeOf(cause);
  }
}

/** SQLSTATE of a failed statement, the system's word for a failed connection. */
export const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** A prepared statement no longer fits the tables, since somebody has altered them. Nothing has been done. */
export const isOutdatedPlan = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  (error.code === '26000' || (error.code === '0A000' && error.routine === 'RevalidateCachedQuery'));

/** The server takes no writes, as after it has become the standby of another. */
export const isReadOnly = (error: unknown): boolean => codeOf(error) === '25006';

/** The server ends the connection with this error. */
export const isFatal = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.severity === 'FATAL' || error.severity === 'PANIC');

/** Too few resources, a lock that was not to be had in time, a statement that took too long. */
const IS_BUSY = /^(53\d{3}|55P03|57014|57P0\d)$/;
export const isBusy = (error: unknown): boolean => error instanceof DatabaseError && IS_BUSY.test(error.code ?? '');

/**
 * Before a transaction had its locks, another changed what it had to lock. It begins anew, as after a deadlock: to go on waiting out of
 * order might be one.
 */
export class OvertakenError extends Error {}

/** A transaction was broken off since it conflicted with another one (deadlock, serialization failure, `OvertakenError`). */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof OvertakenError || /^(40P01|40001)$/.test(codeOf(error) ?? '');

/** A lock was not to be had in time, or two waited for each other: nothing has been done. */
export const isKeptOut = (error: unknown): boolean => /^(55P03|40P01)$/.test(codeOf(error) ?? '');
