/** A whole register for those who attack it: embedded database, sandbox, and the built service with its management port. */
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/server.ts';
import type { Scope, Started } from './command.ts';
import { freePort } from './free-port.ts';
import { quietJobs, startDatabase, startService } from './rig.ts';

/** A token lasts longer than any command. */
const TOKEN_S = 86_400;
/** The metrics come later than that only from a process that hangs. */
const METRICS_MS = 60_000;

export interface Register {
  /** Address of the service with the context path, of 127.0.0.1. */
  readonly base: string;
  readonly service: Started;
  readonly databaseUrl: string;
  readonly metrics: () => Promise<Metrics>;
  /** A token of a user of the sandbox. */
  readonly token: (user: string) => Promise<string>;
}

/** What the management port says at a moment. */
class Metrics {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** @throws Error there is no such metric without labels: nobody shall take what is not measured for nothing */
  value(name: string): number {
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(this.text) ?? [];
    if (value === undefined || Number.isNaN(Number(value))) throw new Error(`The service tells no ${name}`);
    return Number(value);
  }

  /** The sum over all labels; 0: none has come yet. */
  sum(name: string): number {
    const lines = [...this.text.matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'))];
    return lines.reduce((sum, [, value]) => sum + Number(value), 0);
  }
}

/** Starts one whose jobs are not due. @param directory for the service's log */
export async function startRegister(scope: Scope, directory: string): Promise<Register> {
  const managementPort = await freePort();
  const [sandbox, database] = await Promise.all([startSandbox({ port: await freePort() }), startDatabase(scope)]);
  scope.defer(() => sandbox.close());
  const { base, process: service } = await startService(scope, {
    peers: sandbox.url,
    databaseUrl: database.url,
    log: join(directory, 'service.log'),
    env: { 'management.server.port': String(managementPort), 'management.server.address': '127.0.0.1' },
  });
  await quietJobs(database.url);
  return {
    base: base.replace('localhost', '127.0.0.1'),
    service,
    databaseUrl: database.url,
    metrics: async () => {
      const answer = await fetch(`http://127.0.0.1:${managementPort}/actuator/prometheus`, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(METRICS_MS),
      });
      return new Metrics(await answer.text());
    },
    token: async (user) => {
      const body = JSON.stringify({ user, expiresIn: TOKEN_S });
      return (await fetch(`${sandbox.url}/__test/token`, { method: 'POST', body })).text();
    },
  };
}
