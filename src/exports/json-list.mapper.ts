import { Transform } from 'node:stream';

const NEWLINE = 0x0a;

/** Turns lines of JSON, each ending in a line feed, into a list with an object on each line: `[`, objects, `]`. */
export function toJsonList(): Transform {
  let isFirst = true;
  let endsLine = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (chunk.length === 0) {
        done();
        return;
      }
      const before = isFirst ? '[\n' : endsLine ? ',\n' : '';
      endsLine = chunk.at(-1) === NEWLINE;
      isFirst = false;
      // Bytes as characters: the line feeds that end rows are the only ones. The last waits for whatever follows.
      const lines = chunk.toString('latin1', 0, endsLine ? chunk.length - 1 : chunk.length).replaceAll('\n', ',\n');
      done(null, Buffer.from(before + lines, 'latin1'));
    },
    flush(done) {
      done(null, isFirst ? '[\n\n]\n' : '\n]\n');
    },
  });
}
