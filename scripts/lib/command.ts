/**
 * The frame of every command that starts processes: whatever it started is ended in reverse order when it returns,
 * throws, is told to stop by Ctrl-C or SIGTERM, or loses the process that started it.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guard, watchParent } from './guardian.mjs';

/** The repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A port that was free a moment ago, on every interface. */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A new directory for logs and throw-away data. */
export const temporaryDirectory = (name) => mkdtempSync(join(tmpdir(), `${name}-`));

/** Whether the process that wrote its number into a file of ours still runs; another may have its number by now. */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('.mjs');
  } catch {
    return true;
  }
}

/** How long one that has just been told to end may still have its data. */
const PATIENCE_MS = 5_000;

/**
 * Makes a data directory ours until the command ends: two on the same data would end each other's database.
 * @throws when a running process has it and keeps it
 */
export async function claim(directory, { defer }) {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'start.pid');
  const holderOf = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  const isHeld = (holder) => holder > 0 && isRunning(holder);
  for (const until = Date.now() + PATIENCE_MS; isHeld(holderOf()) && Date.now() < until; await sleep(50));
  const holder = holderOf();
  if (isHeld(holder)) throw new Error(`Already running as process ${holder} on ${directory}`);
  writeFileSync(file, String(process.pid));
  defer(() => rmSync(file, { force: true }));
}

/**
 * Runs `work` and ends the process with the status it returns (0 when it returns nothing, 1 when it throws).
 * @param work called with an object: `defer(end)` adds an ending; `stopped` is a promise that resolves at Ctrl-C or SIGTERM
 */
export async function command(work) {
  const endings = [];
  let ending;
  const endAll = () =>
    (ending ??= (async () => {
      for (const end of endings.reverse()) {
        try {
          await end();
        } catch (error) {
          console.error(error.message);
        }
      }
    })());
  let stop;
  const stopped = new Promise((resolve) => (stop = resolve));
  const scope = { defer: (end) => endings.push(end), stopped, waitsForStop: false };
  const end = (signal) => {
    stop(signal);
    if (!scope.waitsForStop) void endAll().then(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined); // the terminal may be gone
  if (process.env.ONR_PARENT === String(process.ppid)) watchParent(() => end('SIGTERM'));
  let status;
  try {
    status = (await work(scope)) ?? 0;
  } catch (error) {
    if (!ending) console.error(error.message);
    status = 1;
  }
  await endAll();
  process.exit(status);
}

/**
 * Starts a process of its own process group, so that Ctrl-C reaches it only through us and the order of ending is ours.
 * @param log file that takes both outputs; undefined: they are ours
 * @param graceMs after SIGTERM, before SIGKILL
 * @returns `exited` resolves with the status; `stop()` ends it and waits
 */
export function start({ name, file = process.execPath, args, env, log, cwd = root, graceMs = 25_000 }) {
  const fd = log && openSync(log, 'a');
  const child = spawn(file, args, {
    cwd,
    env,
    detached: true,
    stdio: fd ? ['ignore', fd, fd] : ['ignore', 'inherit', 'inherit'],
  });
  if (fd) closeSync(fd);
  guard(child, 'TERM');
  let running = true;
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      running = false;
      resolve(code ?? 128 + constants.signals[signal]);
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
  process.once('exit', () => running && child.kill('SIGKILL'));
  return { name, pid: child.pid, exited, stop, log, isRunning: () => running };
}

/** The last lines of a log, for a message. */
export const tail = (log, lines = 30) => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');

/**
 * Waits until `url` answers 200.
 * @param from the process that must stay alive meanwhile
 * @throws when it ends first or the time is up; the message carries the end of its log
 */
export async function waitFor(url, from, timeoutMs = 60_000) {
  const failed = (why) =>
    new Error(`${from.name} ${why}${from.log ? `; its log ${from.log} ends with:\n${tail(from.log)}` : ''}`);
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(20)) {
    if (!from.isRunning()) throw failed('ended before it was ready');
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw failed(`did not answer ${url} with 200 within ${timeoutMs / 1000} s`);
}
