// @ts-check
/**
 * Ends the processes that a process started when it is killed and cannot do it itself (SIGKILL, out of memory). A shell
 * waits for the end of a pipe whose other end only we hold, then ends those that are left, the newest first.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const WAIT = `trap '' INT TERM HUP
list=
while read -r what pid signal; do
  case $what in
    add) list="$pid:$signal $list" ;;
    *) rest=; for one in $list; do [ "\${one%%:*}" = "$pid" ] || rest="$rest $one"; done; list=$rest ;;
  esac
done
for one in $list; do
  pid=\${one%%:*}
  kill -s "\${one##*:}" "$pid" 2>/dev/null || continue
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -s KILL "$pid" 2>/dev/null
done`;

/** @type {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, null, null> | undefined} */
let shell;

/** @param {string} line */
function tell(line) {
  if (!shell) {
    shell = spawn('/bin/sh', ['-c', WAIT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
    shell.on('error', () => undefined); // no shell, no guardian
    shell.stdin.on('error', () => undefined);
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
  }
  shell.stdin.write(line);
}

/**
 * Puts a child under guard.
 * @param {import('node:child_process').ChildProcess} child nothing happens when it could not be started
 * @param {'INT' | 'TERM'} signal that ends it; after 30 s it is killed
 */
export function guard(child, signal) {
  const { pid } = child;
  if (pid === undefined) return;
  tell(`add ${pid} ${signal}\n`);
  child.once('exit', () => tell(`gone ${pid} -\n`));
}

/**
 * Calls `gone` once the process that started this one is no more: nobody would end us then.
 * @param {() => void} gone
 * @returns {() => void} ends the watch
 */
export function watchParent(gone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}
