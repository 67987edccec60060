import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { CONTEXT_PATH, freePort } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ROOT = path.resolve(__dirname, '../..');

describe('the service process told to end (SIGTERM)', () => {
  let database: TestDatabase;
  let peers: SandboxPeers;
  let service: ChildProcess;
  let base: string;
  let port: number;
  let output = '';

  beforeAll(async () => {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts/bootstrap.mjs'), 'openapi', '/dev/null'], {
      stdio: 'pipe',
    }); // builds when stale
    [database, peers, port] = await Promise.all([createTestDatabase(), SandboxPeers.start(), freePort()]);
    base = `http://localhost:${port}${CONTEXT_PATH}`;
    service = spawn(process.execPath, [path.join(ROOT, 'dist/main.js')], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DATABASE_URL: database.url,
        'virkailija.baseurl': peers.url,
        'db-scheduler.enabled': 'false',
      },
    });
    service.stdout!.on('data', (chunk) => (output += String(chunk)));
    service.stderr!.on('data', (chunk) => (output += String(chunk)));
    for (let i = 0; i < 200 && !(await isHealthy()); i++) await sleep(50);
  }, 120_000);
  afterAll(async () => {
    service.kill('SIGKILL');
    await Promise.all([database.drop(), peers.stop()]);
  });

  const isHealthy = () => fetch(`${base}/actuator/health`).then((r) => r.ok, () => false); // prettier-ignore

  it('finishes the running request however often it is told, takes no new connection, writes its last lines and ends with 0', async () => {
    await peers.state({ delay: { cas: 1500 } });
    const ticket = await peers.ticket('1.2.246.562.24.99000000077', []);
    const running = fetch(`${base}/cas/prequel?ticket=${ticket}`);
    await sleep(300);
    const gone = new Promise<number | null>((resolve) => service.once('exit', resolve));
    service.kill('SIGTERM');
    await sleep(100);
    service.kill('SIGTERM');
    service.kill('SIGINT');
    await sleep(100);
    expect(await canConnect(port)).toBe(false);
    const answer = await running;
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    expect(await gone).toBe(0);
    expect(output).toContain('"responseCode":"200","requestMapping":"/cas/prequel"');
    expect(output.trimEnd().split('\n').at(-1)).toContain('"message":"stopped"');
  }, 20_000);
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
