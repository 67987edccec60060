import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { builtService } from '../support/built-service.js';
import { TestObjectStorage } from '../support/object-storage.js';
import { PostgresPair, type PostgresServer } from '../support/postgres-pair.js';
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
  let storage: TestObjectStorage;
  let metrics: string;

  beforeAll(async () => {
    [pair, peers, storage] = await Promise.all([PostgresPair.start(), SandboxPeers.start(), TestObjectStorage.start()]);
    await storage.bucket('export');
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
    await Promise.all([pair?.stop(), peers?.stop(), storage?.stop()]);
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
  const counts = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(metrics)).text();
    const lines = [...text.matchAll(/^db_replica_reads_total\{by="(\w+)"\} (\d+)$/gm)];
    return Object.fromEntries(lines.map(([, by, count]) => [by!, Number(count)]));
  };
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

  /** Connections that hold the snapshot of an export. */
  const snapshotsOn = (server: PostgresServer) =>
    server.query<{ pid: number }>(
      `select pid from pg_stat_activity where query ilike 'copy (%' and xact_start is not null and pid <> pg_backend_pid()`,
    );
  /**
   * A run of `Export` as a process of its own.
   * @returns its output, and how many snapshots were held where while it sent the first and the last file
   */
  const runExport = async (atFirstFile: () => Promise<unknown> = () => Promise.resolve()) => {
    const held: { file: string; primary: number; standby: number }[] = [];
    storage.rule = async ({ method, path }) => {
      const [, file] = /(v3\/csv\/henkilo.csv|v4\/json\/henkilo.json)/.exec(path) ?? [];
      if (method !== 'PUT' || !file) return undefined;
      const [primary, standby] = await Promise.all([
        snapshotsOn(pair.primary),
        snapshotsOn(pair.standby).catch(() => []), // it is down
      ]);
      if (held.push({ file, primary: primary.length, standby: standby.length }) === 1) await atFirstFile();
      return undefined;
    };
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATABASE_URL: pair.primary.url,
      DATABASE_REPLICA_URL: pair.standby.url,
      ONR_REPLICA_MAX_LAG_MS: '3000',
      'virkailija.baseurl': peers.url,
      'aws.endpoint': storage.url,
      'oppijanumerorekisteri.tasks.export.bucket-name': 'export',
    };
    const jobs = join(builtService(), '../jobs.js');
    const child = spawn(process.execPath, ['--throw-deprecation', jobs, 'run', 'Export'], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect([status, output]).toEqual([0, expect.stringContaining('job "Export" succeeded seen=8 changed=8 failed=0')]);
    return { held, output };
  };
  const ON_STANDBY = { primary: 0, standby: 1 };
  const ON_PRIMARY = { primary: 1, standby: 0 };
  const FIRST = { file: 'v3/csv/henkilo.csv' };
  const LAST = { file: 'v4/json/henkilo.json' };
  const exported = () => storage.text('export', 'fulldump/oppijanumerorekisteri/v4/csv/henkilo.csv');

  it('serves listings of whoever has not just written', async () => {
    await create(rekisterinpitaja, 'Ensimmäinen');
    await pair.catchUp();
    const before = await served('replica');
    expect(await list(toinen, 'Ensimmäinen')).toEqual({ status: 200, found: true });
    expect(await served('replica')).toBe(before + 1);
  });

  it.each([
    ['persons', '/henkilo', undefined],
    ['basic data of persons', '/s2s/henkilo/perustiedotAsAdmin', {}],
    ['counts of imported persons', '/oppija/yhteenveto', undefined],
    ['imports', '/oppija/tuontikooste', undefined],
    ['imported persons whose identification fails', '/internal/oppijoidentuonti/virheet', undefined],
  ])('serves the listing of %s', async (_, path, body) => {
    await peers.state({ kayttooikeudet: { [toinen.sub]: { admin: true, oids: null } } });
    await pair.catchUp();
    const before = await counts();
    expect((await call(toinen, path, body)).status).toBe(200);
    expect(await counts()).toEqual({ ...before, replica: before.replica! + 1 });
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

  it('gives exports their files, with all that was there when they began', async () => {
    await create(rekisterinpitaja, 'Viety');
    expect((await runExport()).held).toEqual([
      { ...FIRST, ...ON_STANDBY },
      { ...LAST, ...ON_STANDBY },
    ]);
    expect(await exported()).toContain('Viety');
  });

  it('one that breaks off the snapshot of an export has it begun anew on the primary', async () => {
    const breakOff = async () => {
      const [{ pid } = { pid: 0 }] = await snapshotsOn(pair.standby);
      await pair.standby.query('select pg_terminate_backend($1)', [pid]);
    };
    const { held, output } = await runExport(breakOff);
    expect(held).toEqual([
      { ...FIRST, ...ON_STANDBY },
      { ...FIRST, ...ON_PRIMARY },
      { ...LAST, ...ON_PRIMARY },
    ]);
    expect(output).toContain('The standby could not keep a snapshot, the primary does');
  });

  it('one that does not show in time what an export must have gives it to the primary', async () => {
    await pair.standby.query('select pg_wal_replay_pause()');
    await create(rekisterinpitaja, 'Vietymyöhässä');
    expect((await runExport()).held).toEqual([
      { ...FIRST, ...ON_PRIMARY },
      { ...LAST, ...ON_PRIMARY },
    ]);
    expect(await exported()).toContain('Vietymyöhässä');
    await pair.standby.query('select pg_wal_replay_resume()');
    await pair.until(async () => (await readMetric('db_replica_serves')) === 1);
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
    expect((await runExport()).held).toEqual([
      { ...FIRST, ...ON_PRIMARY },
      { ...LAST, ...ON_PRIMARY },
    ]);
  });
});
