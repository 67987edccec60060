// @ts-check
/** Whether processes run. Plain JavaScript, since bootstrap.mjs runs on Nodes that know no TypeScript. */
import { readFileSync } from 'node:fs';

/**
 * Whether a process has this number.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether a command of this project that wrote its number into a file still runs; another process may have the number by now.
 * @param {number} pid
 */
export function isCommandAlive(pid) {
  if (!isAlive(pid)) return false;
  try {
    return /scripts\/[\w-]+\.(mjs|ts)\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return true; // a system without /proc
  }
}
