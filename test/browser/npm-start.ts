import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** A whole `npm start`. */
export interface NpmStart {
  /** As it prints them. */
  readonly swagger: string;
  readonly sandbox: string;
  /** Ends it and waits. */
  stop(): Promise<void>;
}

/** `npm start` on free ports with data of its own under `directory`. */
export async function npmStart(directory: string): Promise<NpmStart> {
  const child = spawn(
    process.execPath,
    ['scripts/bootstrap.mjs', 'start', '--port', '0', '--peers-port', '0', '--data', path.join(directory, 'data')],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => output.includes('Ctrl-C') && resolve());
    child.once('exit', () => reject(new Error(`npm start ended: ${output}`)));
  });
  const address = (name: string) => new RegExp(`${name}\\s+(http\\S+)`).exec(output)![1]!;
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  return { swagger: address('Swagger UI'), sandbox: address('Sandbox'), stop };
}
