import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection } from './connection.js';

/** A table that is made and filled at once. */
export interface Load {
  /** Statements before the rows, such as CREATE TABLE. */
  readonly before: readonly string[];
  /** COPY … FROM STDIN, without what callers gave: it takes no parameters. */
  readonly copy: string;
  /** Statements after the rows, such as CREATE INDEX. */
  readonly after: readonly string[];
}

/**
 * Fills a table from a stream, in one transaction on a connection of its own: all rows are there or nothing has changed.
 * @param connection fresh; closed afterwards
 * @param signal aborted: the load fails
 */
export async function bulkLoad(
  connection: Connection,
  { before, copy, after }: Load,
  rows: Readable,
  signal: AbortSignal,
): Promise<void> {
  try {
    await connection.query('begin');
    for (const statement of before) await connection.query(statement);
    await pipeline(rows, connection.query(copyFrom(copy)), { signal });
    for (const statement of after) await connection.query(statement);
    await connection.query('commit');
  } catch (error) {
    connection.cut(); // a COPY that is under way ends no other way; the server rolls back
    throw error;
  } finally {
    rows.destroy();
    await connection.end().catch(() => undefined);
  }
}
