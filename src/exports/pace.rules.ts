import { Transform } from 'node:stream';

/** Keeps what flows through its streams to a number of bytes a second in all, so that requests beside it have the machine too. */
export class Pace {
  /** When the next piece may pass. */
  private due = 0;

  /** @param bytesPerSecond asked for each piece */
  constructor(private readonly bytesPerSecond: () => number) {}

  stream(): Transform {
    return new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        const now = performance.now();
        const begins = Math.max(now, this.due);
        this.due = begins + (piece.length / this.bytesPerSecond()) * 1000;
        setTimeout(done, begins - now, null, piece);
      },
    });
  }
}
