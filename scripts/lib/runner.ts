/** Runs a script of the conformance kit and passes its lines on, the last one only when everything else has ended. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root, type Scope } from './command.ts';
import { plainEnvironment } from './rig.ts';

/**
 * @returns exit status and last line (empty: there was none); the other lines are already printed
 */
export async function runKitScript(
  { defer }: Scope,
  script: string,
  args: readonly string[],
): Promise<{ status: number; lastLine: string }> {
  // The kit resolves the package pg from the current directory.
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  defer(() => child.kill('SIGTERM'));
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  let lastLine: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (lastLine !== undefined) console.log(lastLine);
    lastLine = line;
  }
  return { status: await exited, lastLine: lastLine ?? '' };
}
