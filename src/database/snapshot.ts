import { pipeline, Transform, type Readable } from 'node:stream';
import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from './connection.js';

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
}
