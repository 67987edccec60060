import { PostgresPair } from '../support/postgres-pair.js';
import { newHetu } from '../support/persons.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { ServiceProcess } from '../support/service-process.js';
import { SwitchProxy } from '../support/switch-proxy.js';
import { rekisterinpitaja } from '../support/users.js';

jest.setTimeout(900_000);

const WRITERS = 16;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let pair: PostgresPair;
let peers: SandboxPeers;
let bearer: Record<string, string>;
let services: ServiceProcess[] = [];

beforeEach(async () => {
  [pair, peers] = await Promise.all([PostgresPair.start(), SandboxPeers.start()]);
  bearer = { authorization: `Bearer ${await peers.token(rekisterinpitaja)}`, 'content-type': 'application/json' };
});
afterEach(async () => {
  for (const service of services) service.kill('SIGKILL');
  await Promise.all(services.map(({ exited }) => exited));
  services = [];
  await Promise.all([pair.stop(), peers.stop()]);
});

/** Asks for the person with this hetu, who is stored if nobody has it. @returns status, 0 for none, and the OID */
async function store(
  service: ServiceProcess,
  hetu: string,
): Promise<{ status: number; oid: string | null; text: string }> {
  const body = { hetu, etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', yksiloityVTJ: false };
  try {
    const response = await fetch(`${service.base}/s2s/findOrCreateHenkiloPerustieto`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await response.text();
    const oid = response.ok ? (JSON.parse(text) as { oidHenkilo: string }).oidHenkilo : null;
    return { status: response.status, oid, text };
  } catch {
    return { status: 0, oid: null, text: '' };
  }
}

describe('a primary that dies under load, with a standby that is promoted', () => {
  it('loses no acknowledged write, stores none twice, and writes go on within 10 s of the promotion', async () => {
    await pair.replicateSynchronously();
    services = await Promise.all([1, 2].map(() => ServiceProcess.start(pair.url, peers, { ONR_POOL_SIZE: '10' })));
    const acknowledged = new Map<string, string>();
    const statuses = new Map<number, number>();
    let firstAfter = 0;
    let promotedAt = Infinity;
    let ends = false;
    const writer = async (service: ServiceProcess) => {
      while (!ends) {
        const hetu = newHetu();
        for (;;) {
          const began = performance.now();
          const { status, oid } = await store(service, hetu);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (oid !== null) {
            acknowledged.set(hetu, oid);
            if (began > promotedAt) firstAfter ||= performance.now();
            break;
          }
          if (ends) return;
          await sleep(50);
        }
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, i) => writer(services[i % services.length]!));
    await pair.until(async () => acknowledged.size > 200);
    await pair.primary.crash();
    await sleep(1_500);
    await pair.standby.query('select pg_promote(true, 60)');
    promotedAt = performance.now();
    const before = acknowledged.size;
    await pair.until(async () => acknowledged.size > before + 200);
    ends = true;
    await Promise.all(writers);

    const backMs = firstAfter - promotedAt;
    console.log(
      `${before} acknowledged before the promotion, ${acknowledged.size - before} after; ` +
        `answers ${JSON.stringify([...statuses])}; first write ${backMs.toFixed(0)} ms after the promotion`,
    );
    expect(backMs).toBeLessThan(10_000);
    expect([...statuses.keys()].filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    const rows = await pair.standby.query<{ hetu: string; oid: string }>(
      'select hetu, oidhenkilo as oid from henkilo where hetu is not null',
    );
    const stored = new Map(rows.map(({ hetu, oid }) => [hetu, oid]));
    expect(rows.length).toBe(stored.size);
    expect([...acknowledged].filter(([hetu, oid]) => stored.get(hetu) !== oid)).toEqual([]);
    const [{ unfinished } = { unfinished: -1 }] = await pair.standby.query<{ unfinished: number }>(
      `select count(*)::int as unfinished from henkilo h
        where not exists (select from henkilo_aud a where a.id = h.id and a.revtype = 0)`,
    );
    expect(unfinished).toBe(0);
    for (const service of services) expect(await service.status('/actuator/health/readiness')).toBe(200);
  });

  it('without its standby a primary that has to replicate confirms nothing: 503', async () => {
    await pair.replicateSynchronously();
    services = [await ServiceProcess.start(pair.url, peers, { ONR_STATEMENT_TIMEOUT_MS: '1500' })];
    expect((await store(services[0]!, newHetu())).status).toBe(201);
    await pair.standby.crash();
    expect(await store(services[0]!, newHetu())).toMatchObject({ status: 503, oid: null });
  });
});

it('connections to a server that takes no writes are dropped at once: of 20 writes at most one a connection pool fails', async () => {
  const proxy = await SwitchProxy.start(pair.primary.port);
  const url = `postgres://oph@127.0.0.1:${proxy.port}/onr`;
  services = [await ServiceProcess.start(url, peers, { ONR_POOL_SIZE: '10' })];
  const [service] = services;
  expect((await store(service!, newHetu())).status).toBe(201);
  proxy.lead(pair.standby.port, { cut: true }); // a name or a balancer that leads to the wrong server
  await pair.until(async () => (await store(service!, newHetu())).status === 503);
  await Promise.all(Array.from({ length: 20 }, () => service!.get('/henkilo/1.2.246.562.24.71000000001', bearer)));
  proxy.lead(pair.primary.port, { cut: false }); // connections to the standby stay
  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push((await store(service!, newHetu())).status);
  console.log(`20 writes in turn: ${statuses.join(' ')}`);
  expect(statuses.filter((status) => status !== 201).length).toBeLessThanOrEqual(2);
  await proxy.stop();
});
