import SonicBoom from 'sonic-boom';

/** Where finished log lines go. */
export interface LineSink {
  write(line: string): void;
  /** Everything written so far leaves the process; for the end of it. */
  flush(): void;
}

/** Standard output, buffered and written without waiting. */
function stdoutSink(): LineSink {
  const out = new SonicBoom({ fd: 1, minLength: 4096, periodicFlush: 100, sync: false, maxLength: 64 * 1024 * 1024 });
  out.on('error', () => undefined); // a closed pipe must not end the service
  const flush = () => {
    try {
      out.flushSync();
    } catch {
      // nothing left to write to
    }
  };
  process.once('exit', flush); // also after a crash
  return { write: (line) => void out.write(`${line}\n`), flush };
}

let sink: LineSink | null = null;

/** The one way out for application, audit and access log. */
export const lines: LineSink = {
  write: (line) => (sink ??= stdoutSink()).write(line),
  flush: () => sink?.flush(),
};

/** Sends all lines elsewhere, for tests; null: back to standard output. */
export function redirectLines(to: LineSink | null): void {
  sink = to;
}
