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
  /** Is told of what the peers are given: what they answer with. */
  heard: (text: string) => void = () => undefined;

  private constructor(
    private readonly child: ChildProcess,
    /** Without a trailing slash. */
    readonly url: string,
    /** The VTJ query over mutual TLS; undefined unless certificates were given. */
    readonly vtjTlsUrl?: string,
  ) {}

  /** @param certificates directory made by sandbox/certificates.ts: the VTJ query is also there over mutual TLS */
  static async start({ certificates }: { certificates?: string } = {}): Promise<SandboxPeers> {
    const file = path.resolve(__dirname, '../../sandbox/server.ts');
    const tls = certificates && { SANDBOX_CERTIFICATES: certificates, SANDBOX_VTJ_PORT: '0' };
    const env = { ...process.env, ...tls };
    const child = spawn(process.execPath, ['--throw-deprecation', file, '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    const line = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (/listening on .*\n/.test(text)) resolve(text);
      });
      child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}`)));
    });
    const url = /listening on (http:[^\s,]+)/.exec(line)![1]!;
    return new SandboxPeers(child, url, /mutual TLS on (\S+)/.exec(line)?.[1]);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await gone;
  }

  /** Merges into the peers' state, see sandbox/state.ts: `canAccess`, `fail`, `vtj`, `kayttooikeudet` … */
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

  /** A service ticket, good once for every service. @param roles authorities of the assertion @param methods how the user logged in */
  ticket(oidHenkilo: string | null, roles: readonly string[], methods: readonly string[] = []): Promise<string> {
    return this.control('ticket', { oidHenkilo, roles, methods });
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
    const body = JSON.stringify(data);
    this.heard(body);
    const response = await fetch(`${this.url}/__test/${name}`, { method: 'POST', body });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox ${name}: ${response.status} ${text}`);
    return text;
  }
}
