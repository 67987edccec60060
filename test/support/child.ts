import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { watchOutput } from './test-database.js';

/** A process of its own that runs one of `test/support/children`, with the given settings. */
export class Child {
  /** What it printed, line by line. */
  readonly lines: string[] = [];
  private readonly waiting: { text: RegExp; resolve: () => void }[] = [];
  private readonly exited: Promise<unknown>;

  private constructor(private readonly process: ChildProcess) {
    this.exited = once(process, 'exit');
    for (const stream of [process.stdout, process.stderr]) {
      let rest = '';
      stream?.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString('utf8')).split('\n');
        rest = lines.pop()!;
        for (const line of lines) this.seen(line);
      });
    }
  }

  static start(script: string, env: Record<string, string>): Child {
    const file = join(__dirname, 'children', script);
    const hook = join(__dirname, 'ts-hook.cjs');
    const child = new Child(
      spawn(process.execPath, ['--throw-deprecation', '-r', hook, file], {
        env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, TZ: 'UTC', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    watchOutput(env.DATABASE_URL, () => child.lines);
    return child;
  }

  /** Waits for a line, also one printed already. Fails when the process ends without it. */
  async until(text: RegExp): Promise<void> {
    if (this.lines.some((line) => text.test(line))) return;
    const line = new Promise<void>((resolve) => this.waiting.push({ text, resolve }));
    const ended = this.exited.then(() => {
      throw new Error(`The process ended without ${String(text)}:\n${this.lines.join('\n')}`);
    });
    await Promise.race([line, ended]);
    ended.catch(() => undefined);
  }

  async signal(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.process.kill(signal);
    await this.exited;
  }

  private seen(line: string): void {
    this.lines.push(line);
    for (const waiting of this.waiting) if (waiting.text.test(line)) waiting.resolve();
  }
}
