import { measureSlowness } from '../../scripts/lib/slowness.ts';
import { DatabaseProxy } from '../support/database-proxy.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { ServiceProcess } from '../support/service-process.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';
import { rekisterinpitaja } from '../support/users.js';

const OID = '1.2.246.562.24.71000000001';
const PERSON = `/henkilo/${OID}`;
/** Requests that come at once: more than there are connections. */
const MANY = 30;

describe('waiting for PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let peers: SandboxPeers;
  let service: ServiceProcess;
  let bearer: Record<string, string>;

  beforeEach(async () => {
    [database, peers] = await Promise.all([createTestDatabase(), SandboxPeers.start()]);
    proxy = await DatabaseProxy.start(database.url);
    bearer = { authorization: `Bearer ${await peers.token(rekisterinpitaja)}` };
    await withClient(database.url, (client) =>
      client.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi) values (-1, 0, $1, 'Aatu', 'Aatu', 'Testilä')`,
        [OID],
      ),
    );
    service = await ServiceProcess.start(proxy.url, peers, { ONR_LOCK_TIMEOUT_MS: '1500', ONR_POOL_SIZE: '10' });
  });
  afterEach(async () => {
    service.kill('SIGKILL');
    await service.exited;
    await proxy.stop();
    await Promise.all([database.drop(), peers.stop()]);
  });

  const readMany = () => Promise.all(Array.from({ length: MANY }, () => service.get(PERSON, bearer)));

  it('ends while a table is locked: 503 with Retry-After; probes and logins go on, and so does the end of the process', async () => {
    await withClient(database.url, async (client) => {
      await client.query('begin; lock table henkilo in access exclusive mode');
      const reads = readMany();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await service.status('/actuator/health/readiness')).toBe(200);
      const ticket = await peers.ticket('1.2.246.562.24.99000000077', []);
      expect(await service.status(`/cas/prequel?ticket=${ticket}`)).toBe(200);
      const answers = await reads;
      expect(answers.map((answer) => answer?.status)).toEqual(Array.from({ length: MANY }, () => 503));
      for (const answer of answers) expect(answer!.headers.get('retry-after')).toMatch(/^\d+$/);

      const last = readMany();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const told = Date.now();
      service.kill('SIGTERM');
      expect(await service.exited).toBe(0);
      expect(Date.now() - told).toBeLessThan(20_000 * measureSlowness()); // the promise of the runbook
      await last;
    });
  });

  it('is over soon where connections have gone dead: new ones are made, for requests, probes and logins', async () => {
    await Promise.all([readMany(), service.get('/cas/prequel', { cookie: 'JSESSIONID=x' })]);
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // connections that have been idle are asked
    proxy.goDead();
    const answers = await readMany();
    expect(answers.map((answer) => answer?.status)).toEqual(Array.from({ length: MANY }, () => 200));
    expect(await service.status('/actuator/health/readiness')).toBe(200);
    expect(await service.status('/cas/prequel', { cookie: 'JSESSIONID=x' })).toBe(302);
  });

  it('is over soon where connections go dead in the middle of statements', async () => {
    await readMany();
    await withClient(database.url, async (client) => {
      await client.query('begin; lock table henkilo in access exclusive mode');
      const reads = readMany();
      await new Promise((resolve) => setTimeout(resolve, 300));
      proxy.goDead();
      await client.query('rollback');
      const statuses = (await reads).map((answer) => answer?.status);
      for (const status of statuses) expect([200, 503]).toContain(status);
    });
    expect(await service.status(PERSON, bearer)).toBe(200);
    expect(await service.status('/actuator/health/readiness')).toBe(200);
  });

  it('does not hold up the end of the process when connections are dead', async () => {
    await readMany();
    proxy.goDead();
    const reads = readMany();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const told = Date.now();
    service.kill('SIGTERM');
    await service.exited;
    expect(Date.now() - told).toBeLessThan(20_000 * measureSlowness()); // the promise of the runbook
    await reads;
  });

  it('of a database that is away is 503 with Retry-After and a line a second in the log', async () => {
    await readMany();
    proxy.refuse(true);
    const before = service.output.length;
    const started = Date.now();
    let answers = 0;
    while (Date.now() - started < 3_000) {
      const all = await readMany();
      answers += all.length;
      for (const answer of all) expect([answer?.status, answer?.headers.get('retry-after')]).toEqual([503, '5']);
    }
    const seconds = (Date.now() - started) / 1000;
    expect(await service.status('/actuator/health/readiness')).toBe(503);
    expect(await service.status('/actuator/health/liveness')).toBe(200);
    expect(answers).toBeGreaterThan(MANY);
    const lines = service.output.slice(before).split('\n');
    const errors = lines.filter((line) => / (ERROR|WARN) /.test(line));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(30 + 5 * seconds);
    expect(lines.filter((line) => line.startsWith('    at '))).toEqual([]);
    proxy.refuse(false);
    await service.until(async () => (await service.status(PERSON, bearer)) === 200);
  });
});
