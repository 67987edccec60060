import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { TestUser } from './users.js';

export interface PeerCall {
  readonly peer: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** The sandbox's stand-ins for every outside system, in a process of their own on a free port. */
export class SandboxPeers {
  private constructor(
    private readonly child: ChildProcess,
    /** Without a trailing slash. */
    readonly url: string,
  ) {}

  static async start(): Promise<SandboxPeers> {
    const file = path.resolve(__dirname, '../../sandbox/server.mjs');
    const child = spawn(process.execPath, [file, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /listening on (http:\/\/\S+)/.exec(text);
        if (found) resolve(found[1]!.replace(/,$/, ''));
      });
      child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}`)));
    });
    return new SandboxPeers(child, url);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await gone;
  }

  /** Merges into the peers' state, see sandbox/state.mjs: `canAccess`, `fail`, `vtj`, `kayttooikeudet` … */
  state(values: object): Promise<string> {
    return this.control('state', values);
  }

  /** Forgets state and traffic. */
  reset(): Promise<string> {
    return this.control('reset', {});
  }

  /** A signed token. @param extra further claims, e.g. `{ expiresIn: -61, iss: 'x' }` */
  token(user: TestUser, extra: object = {}): Promise<string> {
    return this.control('token', { ...user, ...extra });
  }

  /** A service ticket, good once for every service. @param roles authorities of the assertion */
  ticket(oidHenkilo: string | null, roles: readonly string[]): Promise<string> {
    return this.control('ticket', { oidHenkilo, roles });
  }

  /** A new signing key; the old ones stay in the key set unless `forgetOld`. */
  rotate(options: { forgetOld?: boolean } = {}): Promise<string> {
    return this.control('rotate', options);
  }

  /** Requests since the last reset. */
  async traffic(): Promise<PeerCall[]> {
    const response = await fetch(`${this.url}/__test/traffic`);
    return (await response.json()) as PeerCall[];
  }

  private async control(name: string, data: object): Promise<string> {
    const response = await fetch(`${this.url}/__test/${name}`, { method: 'POST', body: JSON.stringify(data) });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox ${name}: ${response.status} ${text}`);
    return text;
  }
}
