import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/* What `npm start` leaves behind: its data, and no process, however it ends. */

const ROOT = path.resolve(__dirname, '../..');
/** A busy machine is slow, not wrong. */
const READY_MS = 300_000;
const TEST_MS = 3 * READY_MS;
const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

function newDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-start-'));
  chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
  directories.push(directory);
  return directory;
}

/** One `npm start` on free ports. */
class Start {
  output = '';
  readonly mark = randomUUID();
  private readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  /** @param shell a process between us and it, in the place of npm */
  constructor(
    private readonly directory: string,
    { shell = false, more = [] as string[], env: further = {} } = {},
  ) {
    const args = ['scripts/bootstrap.mjs', 'start', '--port', '0', '--peers-port', '0', '--data', this.data, ...more];
    const env = { ...process.env, ...further, ONR_MARK: this.mark, npm_lifecycle_event: 'start' };
    const options = { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
    this.child = shell
      ? spawn('/bin/sh', ['-c', `"$0" "$@" & wait`, process.execPath, ...args], options)
      : spawn(process.execPath, args, options);
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (data) => (this.output += String(data)));
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  private get data(): string {
    return path.join(this.directory, 'data');
  }

  async ready(): Promise<this> {
    for (const end = Date.now() + READY_MS; !this.output.includes('Ctrl-C'); await sleep(100)) {
      if (this.child.exitCode !== null) throw new Error(`npm start ended: ${this.output}`);
      if (Date.now() > end) throw new Error(`npm start is not ready: ${this.output}`);
    }
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /**
   * What it started and is still there: everything inherits the mark, PostgreSQL has the directory in its arguments.
   * @param others mark of another start on the directory, whose database does not count
   */
  processes(others?: string): string[] {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== this.child.pid)
      .filter(
        (pid) =>
          read(`/proc/${pid}/environ`).includes(this.mark) ||
          (others === undefined && commandOf(pid).includes(this.data)),
      )
      .map((pid) => `${pid} ${commandOf(pid)}`);
  }

  /** What is still there after some time; it is ended then, so that a failing test leaves nothing. */
  async left(others?: string): Promise<string[]> {
    for (const end = Date.now() + 120_000; this.processes(others).length > 0 && Date.now() < end;) await sleep(100);
    const left = this.processes(others);
    for (const line of left) process.kill(Number.parseInt(line), 'SIGKILL');
    return left;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
const commandOf = (pid: string) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

it(
  'ends cleanly at Ctrl-C, twice pressed too, and keeps the data',
  async () => {
    const directory = newDirectory();
    const first = await new Start(directory).ready();
    expect(first.processes().length).toBeGreaterThanOrEqual(2);
    first.kill('SIGINT');
    first.kill('SIGINT');
    expect(await first.exited).toBe(0);
    expect(await first.left()).toEqual([]);
    expect(existsSync(path.join(directory, 'data', 'start.pid'))).toBe(false);

    const version = path.join(directory, 'data', 'postgres', 'PG_VERSION');
    expect(existsSync(version)).toBe(true);
    const second = await new Start(directory).ready();
    second.kill('SIGTERM');
    expect(await second.exited).toBe(0);
    expect(await second.left()).toEqual([]);
  },
  TEST_MS,
);

/** How far the first start is when it is interrupted. */
const STAGES: readonly [string, (directory: string) => boolean][] = [
  ['has just begun', () => true],
  ['makes its database', (directory) => existsSync(path.join(directory, 'data', 'postgres.unfinished'))],
  ['starts its database', (directory) => existsSync(path.join(directory, 'data', 'postgres', 'postmaster.pid'))],
  ['starts the service', (directory) => existsSync(path.join(directory, 'data', 'running-settings.json'))],
];

it.each(STAGES)(
  'leaves nothing behind when it is interrupted while it %s, and starts the next time',
  async (_, isReached) => {
    const directory = newDirectory();
    const first = new Start(directory);
    for (const end = Date.now() + READY_MS; !isReached(directory); await sleep(5))
      if (Date.now() > end) throw new Error(`npm start does not get so far: ${first.output}`);
    first.kill('SIGINT');
    await first.exited;
    expect(await first.left()).toEqual([]);

    const second = await new Start(directory).ready();
    second.kill('SIGINT');
    expect(await second.exited).toBe(0);
    expect(await second.left()).toEqual([]);
  },
  TEST_MS,
);

it(
  'leaves no database and no service behind when it is killed, and starts on its data at once',
  async () => {
    const directory = newDirectory();
    const first = await new Start(directory).ready();
    first.kill('SIGKILL');
    await first.exited;
    const second = await new Start(directory).ready();
    expect(await first.left(second.mark)).toEqual([]);
    await sleep(1000);
    expect((await fetch(/Health\s+(http\S+)/.exec(second.output)![1]!)).status).toBe(200);
    second.kill('SIGINT');
    expect(await second.exited).toBe(0);
    expect(await second.left()).toEqual([]);
  },
  TEST_MS,
);

it(
  'ends when npm, which started it, is killed',
  async () => {
    const start = await new Start(newDirectory(), { shell: true }).ready();
    start.kill('SIGKILL');
    await start.exited;
    expect(await start.left()).toEqual([]);
    expect(start.output).toContain('Ending');
  },
  TEST_MS,
);

it(
  'starts whatever PostgreSQL variables the caller has',
  async () => {
    const env = {
      PGSSLMODE: 'verify-full',
      PGOPTIONS: '--nosuch=1',
      PGHOST: 'db.invalid',
      PGPORT: '1',
      PGUSER: 'nobody',
    };
    const start = await new Start(newDirectory(), { env }).ready();
    start.kill('SIGINT');
    expect(await start.exited).toBe(0);
    expect(await start.left()).toEqual([]);
  },
  TEST_MS,
);
