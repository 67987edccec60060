import { spawn, type ChildProcess } from 'node:child_process';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { freePort } from '../../scripts/lib/free-port.ts';
import { builtService } from '../support/built-service.js';
import { eventually } from '../support/eventually.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { CONTEXT_PATH } from '../support/test-app.js';
import { createTestDatabase, watchOutput, type TestDatabase } from '../support/test-database.js';

/** One running service with a database and peers of its own. */
class Service {
  output = '';
  readonly gone: Promise<number | null>;
  private readonly process: ChildProcess;

  constructor(
    private readonly database: TestDatabase,
    readonly peers: SandboxPeers,
    readonly port: number,
    more: Record<string, string>,
  ) {
    this.process = spawn(process.execPath, ['--throw-deprecation', builtService()], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        PORT: String(port),
        DATABASE_URL: database.url,
        'virkailija.baseurl': peers.url,
        'db-scheduler.enabled': 'false',
        ...more,
      },
    });
    for (const stream of [this.process.stdout!, this.process.stderr!])
      stream.on('data', (chunk) => (this.output += String(chunk)));
    watchOutput(database.url, () => this.output.split('\n'));
    this.gone = new Promise((resolve) => this.process.once('exit', resolve));
  }

  static async start(more: Record<string, string> = {}): Promise<Service> {
    const [database, peers, port] = await Promise.all([createTestDatabase(), SandboxPeers.start(), freePort()]);
    const service = new Service(database, peers, port, more);
    const isHealthy = () => fetch(`${service.base}/actuator/health`, { headers: { connection: 'close' } }).then((r) => r.ok, () => false); // prettier-ignore
    for (let i = 0; i < 1200 && !(await isHealthy()); i++) await sleep(50);
    return service;
  }

  get base(): string {
    return `http://localhost:${this.port}${CONTEXT_PATH}`;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.gone;
    await Promise.all([this.database.drop(), this.peers.stop()]);
  }
}

/** What a caller saw who sends one request after the other on a connection that is kept. */
interface Seen {
  answers: number;
  closed: boolean;
  notReady: boolean;
  failures: string[];
}

const nothingSeen = (): Seen => ({ answers: 0, closed: false, notReady: false, failures: [] });

/** Sends requests until the server closes the connection after an answer, as it says, or at another time. */
async function keepAsking(port: number, pauseMs: number, seen = nothingSeen()): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    while (!seen.closed) {
      const answer = await new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        const request = get({ port, path: `${CONTEXT_PATH}/actuator/health/readiness`, agent }, (response) => {
          response.resume();
          response.once('end', () =>
            resolve({ status: response.statusCode!, connection: response.headers.connection }),
          );
        });
        request.once('error', reject);
      });
      seen.answers += 1;
      seen.notReady ||= answer.status === 503;
      seen.closed = answer.connection === 'close';
      if (pauseMs > 0) await sleep(pauseMs);
    }
  } catch (error) {
    seen.failures.push((error as NodeJS.ErrnoException).code ?? String(error));
  } finally {
    agent.destroy();
  }
  return seen;
}

describe('the service process told to end (SIGTERM)', () => {
  let service: Service;
  beforeAll(() => void builtService());
  afterEach(() => service.end());

  it('finishes the running request however often it is told, takes no new connection, writes its last lines and ends with 0', async () => {
    service = await Service.start();
    await service.peers.state({ delay: { cas: 4000 } });
    const ticket = await service.peers.ticket('1.2.246.562.24.99000000077', []);
    const running = fetch(`${service.base}/cas/prequel?ticket=${ticket}`);
    await eventually(async () => (await service.peers.traffic()).some(({ peer }) => peer === 'cas'));
    service.kill('SIGTERM');
    await sleep(100);
    service.kill('SIGTERM');
    service.kill('SIGINT');
    await eventually(async () => !(await canConnect(service.port)));
    const answer = await running;
    expect([answer.status, await answer.text(), answer.headers.get('connection')]).toEqual([200, 'ok', 'close']);
    expect(await service.gone).toBe(0);
    expect(service.output).toContain('"responseCode":"200","requestMapping":"/cas/prequel"');
    expect(service.output.trimEnd().split('\n').at(-1)).toContain('"message":"stopped"');
  });

  it.each([0, 40])('resets none of 32 callers who keep their connections and pause for %i ms', async (pauseMs) => {
    service = await Service.start();
    const seen = Array.from({ length: 32 }, nothingSeen);
    const callers = seen.map((one) => keepAsking(service.port, pauseMs, one));
    await eventually(() => seen.every(({ answers }) => answers >= 5));
    service.kill('SIGTERM');
    await Promise.all(callers);
    expect(seen.flatMap(({ failures }) => failures)).toEqual([]);
    expect(seen.map(({ notReady, closed }) => ({ notReady, closed }))).toEqual(
      Array.from({ length: 32 }, () => ({ notReady: true, closed: true })),
    );
    expect(await service.gone).toBe(0);
  });

  it('is not ready before it stops listening, where a delay is set', async () => {
    service = await Service.start({ ONR_SHUTDOWN_DELAY_MS: '10000' });
    service.kill('SIGTERM');
    const statusOf = async (at: string) =>
      (await fetch(service.base + at, { redirect: 'manual', headers: { connection: 'close' } })).status;
    await eventually(async () => (await statusOf('/actuator/health/readiness')) === 503);
    expect(await statusOf('/actuator/health')).toBe(503);
    expect(await statusOf('/actuator/health/liveness')).toBe(200);
    expect(await statusOf('/henkilo/1.2.3')).toBe(302);
    const callers = Array.from({ length: 32 }, () => keepAsking(service.port, 0));
    const seen = await Promise.all(callers);
    expect(seen.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await service.gone).toBe(0);
  });

  it('waits for nobody who has opened a connection and says nothing', async () => {
    service = await Service.start();
    const silent = connect(service.port, '127.0.0.1');
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('connect', resolve));
    const began = Date.now();
    service.kill('SIGTERM');
    expect(await service.gone).toBe(0);
    expect(Date.now() - began).toBeLessThan(11_000); // who is waited for is cut off after 12 s
    silent.destroy();
  });

  it('listens on IPv4 and, where the machine has it, on IPv6; the log says IPv4 addresses as such', async () => {
    service = await Service.start();
    const ask = (host: string) => fetch(`http://${host}:${service.port}${CONTEXT_PATH}/actuator/health`);
    expect((await ask('127.0.0.1')).status).toBe(200);
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    if (addresses.some(({ address }) => address === '::1')) expect((await ask('[::1]')).status).toBe(200);
    service.kill('SIGTERM');
    await service.gone;
    expect(service.output).toContain('"remote-ip":"127.0.0.1"');
    expect(service.output).not.toContain('::ffff:');
  });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const canConnect = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
