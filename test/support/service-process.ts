import { spawn, type ChildProcess } from 'node:child_process';
import { freePort } from '../../scripts/lib/free-port.ts';
import { builtService } from './built-service.js';
import type { SandboxPeers } from './sandbox-peers.js';
import { CONTEXT_PATH } from './test-app.js';
import { watchOutput } from './test-database.js';

/** The built service as a process of its own. */
export class ServiceProcess {
  /** What it has printed. */
  output = '';
  readonly exited: Promise<number | null>;

  private constructor(
    private readonly process: ChildProcess,
    /** Address with the context path. */
    readonly base: string,
  ) {
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (chunk) => (this.output += String(chunk)));
    this.exited = new Promise((resolve) => process.once('exit', resolve));
  }

  /** Builds when that is needed, starts and waits until the service is ready. */
  static async start(
    databaseUrl: string,
    peers: SandboxPeers,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ServiceProcess> {
    const port = await freePort();
    const settings = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      'virkailija.baseurl': peers.url,
      'db-scheduler.enabled': 'false',
      ...env,
    };
    const child = spawn(process.execPath, ['--throw-deprecation', builtService()], { env: settings });
    const service = new ServiceProcess(child, `http://localhost:${port}${CONTEXT_PATH}`);
    watchOutput(databaseUrl, () => service.output.split('\n'));
    await service.until(async () => (await service.status('/actuator/health')) === 200);
    return service;
  }

  /** Status of a GET; 0: no answer. */
  async status(path_: string, headers: Record<string, string> = {}): Promise<number> {
    return (await this.get(path_, headers))?.status ?? 0;
  }

  async get(path_: string, headers: Record<string, string> = {}): Promise<Response | null> {
    return fetch(this.base + path_, { headers, redirect: 'manual' }).catch(() => null);
  }

  /** Asks again and again; fails after five minutes. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 300_000; !(await holds());) {
      if (Date.now() > end) throw new Error(`Not so within five minutes:\n${this.output.slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.process.kill(signal);
  }
}
