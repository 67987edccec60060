import { Transform } from 'node:stream';

/** What parts two rows; after the last one it goes. */
const BETWEEN = ',\n';

/**
 * Turns lines of JSON, each ending in a comma and a line feed, into a list with an object on each line: `[`, objects, `]`. Pieces go
 * through as they are: copies of them would have the garbage of the whole process collected again and again.
 */
export function toJsonList(): Transform {
  let held = Buffer.alloc(0);
  const list = new Transform({
    transform(piece: Buffer, _encoding, done) {
      const isShort = piece.length < BETWEEN.length;
      const next = isShort ? Buffer.concat([held, piece]) : piece;
      if (!isShort && held.length > 0) this.push(held);
      const end = Math.max(0, next.length - BETWEEN.length);
      if (end > 0) this.push(next.subarray(0, end));
      held = Buffer.from(next.subarray(end));
      done();
    },
    flush(done) {
      done(null, '\n]\n');
    },
  });
  list.push('[\n');
  return list;
}
