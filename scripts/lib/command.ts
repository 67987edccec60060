/**
 * The frame of every command that starts processes: whatever it started is ended in reverse order when it returns,
 * throws, is told to stop by Ctrl-C or SIGTERM, or loses the process that started it.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isCommandAlive } from './alive.mjs';
import { guard, watchParent } from './guardian.mjs';

/** The repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a thrown value says. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A value that must be there. @throws with `what` when it is not */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** A new directory for logs and throw-away data. */
export const temporaryDirectory = (name: string) => mkdtempSync(join(tmpdir(), `${name}-`));

/** How long one that has just been told to end may still have its data. */
const LEAVING_MS = 5_000;

export interface Scope {
  /** Adds an ending, run before those that were added earlier. */
  readonly defer: (end: () => unknown) => void;
  /** Resolves with the signal at Ctrl-C, SIGTERM or SIGHUP. */
  readonly stopped: Promise<Signal>;
  /** True: the work looks at `stopped` itself; else a signal ends the command at once. */
  waitsForStop: boolean;
}
type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/**
 * Makes a data directory ours until the command ends: two on the same data would end each other's database.
 * @throws when a running process has it and keeps it
 */
export async function claim(directory: string, { defer }: Pick<Scope, 'defer'>): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'start.pid');
  const holderOf = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  const isHeld = (holder: number) => holder > 0 && isCommandAlive(holder);
  for (const until = Date.now() + LEAVING_MS; isHeld(holderOf()) && Date.now() < until; await sleep(50));
  const holder = holderOf();
  if (isHeld(holder)) throw new Error(`Already running as process ${holder} on ${directory}`);
  writeFileSync(file, String(process.pid));
  defer(() => rmSync(file, { force: true }));
}

/**
 * Runs `work` and ends the process with the status it returns (1 when it throws).
 */
export async function command(work: (scope: Scope) => Promise<number>): Promise<never> {
  const endings: (() => unknown)[] = [];
  let ending: Promise<void> | undefined;
  const endAll = () =>
    (ending ??= (async () => {
      for (const end of endings.reverse()) {
        try {
          await end();
        } catch (error) {
          console.error(messageOf(error));
        }
      }
    })());
  let stop: (signal: Signal) => void = () => undefined;
  const stopped = new Promise<Signal>((resolve) => (stop = resolve));
  const scope: Scope = { defer: (end) => endings.push(end), stopped, waitsForStop: false };
  const end = (signal: Signal) => {
    stop(signal);
    if (!scope.waitsForStop) void endAll().then(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined); // the terminal may be gone
  if (process.env.ONR_PARENT === String(process.ppid)) watchParent(() => end('SIGTERM'));
  let status: number;
  try {
    status = await work(scope);
  } catch (error) {
    if (!ending) console.error(messageOf(error));
    status = 1;
  }
  await endAll();
  process.exit(status);
}

interface StartOptions {
  /** For messages. */
  readonly name: string;
  /** The program; default: this Node. */
  readonly file?: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File that takes both outputs; undefined: they are ours. */
  readonly log?: string;
  /** After SIGTERM, before SIGKILL. */
  readonly graceMs?: number;
}

export interface Started {
  readonly name: string;
  readonly pid: number;
  /** The exit status; 128 and the number of the signal that ended it. */
  readonly exited: Promise<number>;
  readonly log?: string;
  /** Ends it and waits. @returns the exit status */
  stop(): Promise<number>;
  isRunning(): boolean;
}

/** A status as shells give it. */
const statusOf = (code: number | null, signal: NodeJS.Signals | null) =>
  code ?? 128 + (signal ? constants.signals[signal] : 0);

/** Starts a process of its own process group, so that Ctrl-C reaches it only through us and the order of ending is ours. */
export function start({ name, file = process.execPath, args, env, log, graceMs = 25_000 }: StartOptions): Started {
  const fd = log === undefined ? undefined : openSync(log, 'a');
  const child = spawn(file, args, {
    cwd: root,
    env,
    detached: true,
    stdio: fd !== undefined ? ['ignore', fd, fd] : ['ignore', 'inherit', 'inherit'],
  });
  if (fd !== undefined) closeSync(fd);
  guard(child, 'TERM');
  let running = true;
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      running = false;
      resolve(statusOf(code, signal));
    });
  });
  const stop = async () => {
    if (!running) return exited;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    const status = await exited;
    clearTimeout(timer);
    return status;
  };
  process.once('exit', () => {
    if (running) child.kill('SIGKILL');
  });
  return { name, pid: child.pid ?? 0, exited, stop, log, isRunning: () => running };
}

/** The last lines of a log, for a message. */
const tail = (log: string, lines = 30) => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');

/**
 * Waits until `url` answers 200.
 * @param from the process that must stay alive meanwhile
 * @throws when it ends first or the time is up; the message carries the end of its log
 */
export async function waitFor(url: string, from: Started, timeoutMs = 300_000): Promise<void> {
  const failed = (why: string) =>
    new Error(`${from.name} ${why}${from.log ? `; its log ${from.log} ends with:\n${tail(from.log)}` : ''}`);
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(20)) {
    if (!from.isRunning()) throw failed('ended before it was ready');
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw failed(`did not answer ${url} with 200 within ${timeoutMs / 1000} s`);
}
