import SonicBoom from 'sonic-boom';
import { systemClock } from './clock.js';

/** Where finished log lines go. */
export interface LineSink {
  write(line: string): void;
  /** Everything written so far leaves the process; for the end of it. */
  flush(): void;
  /**
   * Waits until most of what was written has left the process. Call it between blocks of many lines.
   * @returns false when it has not within a second: the reader of the log is too slow to wait for
   */
  hasRoom(): Promise<boolean>;
}

/** Bytes of written lines that may wait to leave the process; further lines are lost. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
/** Lines leave the process together, once they have so many bytes or after a tenth of a second. */
const BYTES_OF_WRITE = 8192;
const ROOM_WITHIN_MS = 1000;

/** Standard output, buffered and written without waiting. */
function stdoutSink(): LineSink {
  const out = new SonicBoom({
    fd: 1,
    contentMode: 'buffer', // as text it would copy what waits with every line
    minLength: BYTES_OF_WRITE,
    periodicFlush: 100,
    sync: false,
    maxLength: MAX_BACKLOG_BYTES,
  });
  let full = false;
  /** Since the log last told of it. */
  let lost = 0;
  const write = (line: string) => {
    full = !out.write(Buffer.from(`${line}\n`) as never); // its types know only text
  };
  out.on('error', () => undefined); // a closed pipe must not end the service
  out.on('drop', () => {
    lost++;
    lostInAll++;
  });
  const tellOfLost = () => {
    if (lost === 0) return;
    write(
      `${systemClock.now().toISOString()} - ERROR {} Lines: ${lost} lines are lost, the log was not read fast enough`,
    );
    lost = 0;
  };
  out.on('drain', () => {
    full = false;
    tellOfLost();
  });
  const flush = () => {
    try {
      out.flushSync();
      if (lost === 0) return;
      tellOfLost(); // now that there is room
      out.flushSync();
    } catch {
      // nothing left to write to
    }
  };
  const hasRoom = () =>
    new Promise<boolean>((resolve) => {
      if (!full) return resolve(true);
      const end = (has: boolean) => {
        clearTimeout(timer);
        out.off('drain', drained);
        resolve(has);
      };
      const drained = () => end(true);
      const timer = setTimeout(() => end(false), ROOM_WITHIN_MS);
      out.once('drain', drained);
    });
  process.once('exit', flush); // also after a crash
  return { write, flush, hasRoom };
}

let sink: LineSink | null = null;
let lostInAll = 0;

/** Lines of application, audit and access log that nobody will read: more than 64 MB waited for their reader. For the metrics. */
export const countLostLines = (): number => lostInAll;

/** The one way out for application, audit and access log. */
export const lines: LineSink = {
  write: (line) => (sink ??= stdoutSink()).write(line),
  flush: () => sink?.flush(),
  hasRoom: () => (sink ??= stdoutSink()).hasRoom(),
};

/** Sends all lines elsewhere, for tests; null: back to standard output. */
export function redirectLines(to: LineSink | null): void {
  sink = to;
}
