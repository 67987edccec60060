import { pipeline, Transform, type Readable } from 'node:stream';
import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from './connection.js';

/** 256 kB of rows: some tens of milliseconds of the server's time. */
const PAGES_A_STEP = 32;

/** Rows of a table that nobody changes. */
export interface TableCopy {
  /** With its schema; not what callers gave. */
  readonly table: string;
  /**
   * @param condition that the rows of a step fulfil
   * @returns COPY … TO STDOUT of these rows
   */
  readonly sqlOf: (condition: string, isFirst: boolean) => string;
}

/**
 * One state of the database, read by COPY: a read-only REPEATABLE READ transaction on a connection of its own, since the
 * connections of the pools send several statements at a time and COPY cannot be among them.
 */
export class Snapshot {
  private constructor(private readonly connection: Connection) {}

  /**
   * Runs `work` on a new snapshot and ends it.
   * @param connection fresh; closed afterwards
   * @param limitMs the connection is cut off after this time, whatever `work` waits for: a snapshot keeps the server from
   *   removing dead rows
   */
  static async during<T>(
    connection: Connection,
    limitMs: number,
    work: (snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    const late = new AbortController();
    late.signal.addEventListener('abort', () => connection.cut());
    const limit = setTimeout(() => late.abort(), limitMs);
    try {
      await connection.query(`begin isolation level repeatable read, read only${connection.localSettings}`);
      return await work(new Snapshot(connection));
    } catch (error) {
      connection.cut(); // a COPY that is under way ends no other way
      throw late.signal.aborted
        ? new Error(`The snapshot was held for ${limitMs} ms, longer than allowed`, { cause: error })
        : error;
    } finally {
      clearTimeout(limit);
      await connection.end().catch(() => undefined); // the server rolls back: nothing was written
    }
  }

  /**
   * The output of a COPY … TO STDOUT, sent no faster than it is read, and with a turn of the event loop for everybody else after
   * each piece of some 64 kB: a server that sends as fast as we read would keep requests waiting for seconds. One at a time; it must be read to its end or
   * destroyed, which ends the snapshot too.
   * @param sql without what callers gave: COPY takes no parameters
   */
  copy(sql: string): Readable {
    const rows = this.connection.query(copyTo(sql));
    // The driver tells of an error once, to whoever listens then; a stream that was destroyed tells it to all.
    const inTurns = new Transform({ transform: (chunk, _encoding, done) => void setImmediate(done, null, chunk) });
    return pipeline(rows, inTurns, (error) => {
      if (error) this.connection.cut();
    });
  }

  /**
   * The rows of a table in the order in which they stand there, by one COPY for some pages at a time: a server with a long one to do sends
   * several megabytes ahead of who reads, on a processor that requests would have.
   */
  async *copyInSteps({ table, sqlOf }: TableCopy): AsyncGenerator<Buffer> {
    const { rows } = await this.connection.query<{ pages: number }>(
      `select (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int as pages`,
      [table],
    );
    const pages = rows[0]?.pages ?? 0;
    for (let first = 0; first === 0 || first < pages; first += PAGES_A_STEP) {
      const condition = `ctid >= '(${first},0)' and ctid < '(${first + PAGES_A_STEP},0)'`;
      yield* this.copy(sqlOf(condition, first === 0)) as AsyncIterable<Buffer>;
    }
  }
}
