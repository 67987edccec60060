import { PostgresPair } from '../support/postgres-pair.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { ServiceProcess } from '../support/service-process.js';
import { freePort } from '../../scripts/lib/free-port.ts';
import { rekisterinpitaja, ROOT, userWith, type TestUser } from '../support/users.js';

jest.setTimeout(900_000);

const toinen = userWith('1.2.246.562.24.99000000071', ROOT, 'REKISTERINPITAJA');
const kolmas = userWith('1.2.246.562.24.99000000072', ROOT, 'REKISTERINPITAJA');

describe('a standby for what may be late', () => {
  let pair: PostgresPair;
  let peers: SandboxPeers;
  let service: ServiceProcess;
  let metrics: string;

  beforeAll(async () => {
    [pair, peers] = await Promise.all([PostgresPair.start(), SandboxPeers.start()]);
    const port = await freePort();
    metrics = `http://localhost:${port}/actuator/prometheus`;
    service = await ServiceProcess.start(pair.primary.url, peers, {
      DATABASE_REPLICA_URL: pair.standby.url,
      ONR_REPLICA_MAX_LAG_MS: '3000',
      'management.server.port': String(port),
    });
    await pair.until(async () => (await readMetric('db_replica_serves')) === 1);
  });
  afterAll(async () => {
    service?.kill('SIGKILL');
    await service?.exited;
    await Promise.all([pair?.stop(), peers?.stop()]);
  });

  const readMetric = async (name: string): Promise<number> => {
    const text = await (await fetch(metrics)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')
        .pop(),
    );
  };
  const served = (by: string) => readMetric(`db_replica_reads_total{by="${by}"}`);
  const call = async (user: TestUser, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${await peers.token(user)}`, 'content-type': 'application/json' };
    const response = await fetch(service.base + path, {
      method: body ? 'POST' : 'GET',
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const create = (user: TestUser, sukunimi: string) =>
    call(user, '/henkilo', { etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi });
  /** OIDs of persons of that name, from a listing that the standby may serve. */
  const list = async (user: TestUser, sukunimi: string) => {
    const { status, text } = await call(user, `/s2s/henkilo/perustiedotAsAdmin`, { nameQuery: sukunimi });
    return { status, found: text.includes(sukunimi) };
  };

  it('serves listings of whoever has not just written', async () => {
    await create(rekisterinpitaja, 'Ensimmäinen');
    await pair.catchUp();
    const before = await served('replica');
    expect(await list(toinen, 'Ensimmäinen')).toEqual({ status: 200, found: true });
    expect(await served('replica')).toBe(before + 1);
  });

  it('whoever has just written reads it, from the primary; others may see it a little later', async () => {
    await pair.standby.query('select pg_wal_replay_pause()');
    const writer = await served('writer');
    expect((await create(kolmas, 'Kirjoittaja')).status).toBe(201);
    expect(await list(kolmas, 'Kirjoittaja')).toEqual({ status: 200, found: true });
    expect(await served('writer')).toBe(writer + 1);
    await pair.standby.query('select pg_wal_replay_resume()');
    await pair.catchUp();
  });

  it('one that is later than allowed serves nothing, and metrics say so; when it has caught up it serves again', async () => {
    await pair.standby.query('select pg_wal_replay_pause()');
    await create(rekisterinpitaja, 'Myöhässä');
    await pair.until(async () => (await readMetric('db_replica_serves')) === 0);
    expect(await readMetric('db_replica_lag_seconds')).toBeGreaterThan(3);
    const late = await served('late');
    expect(await list(toinen, 'Myöhässä')).toEqual({ status: 200, found: true });
    expect(await served('late')).toBe(late + 1);
    await pair.standby.query('select pg_wal_replay_resume()');
    await pair.until(async () => (await readMetric('db_replica_serves')) === 1);
    const replica = await served('replica');
    expect(await list(toinen, 'Myöhässä')).toEqual({ status: 200, found: true });
    expect(await served('replica')).toBe(replica + 1);
  });

  it('one that is not late although the primary has been idle for long goes on serving', async () => {
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    expect(await readMetric('db_replica_serves')).toBe(1);
  });

  it('one that goes away is no error for anybody: the primary serves', async () => {
    await pair.standby.crash();
    const answers = await Promise.all(Array.from({ length: 20 }, () => list(toinen, 'Ensimmäinen')));
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ status: 200, found: true })));
    await pair.until(async () => (await readMetric('db_replica_serves')) === 0);
    expect(await service.status('/actuator/health/readiness')).toBe(200);
  });
});
