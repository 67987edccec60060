import { register } from 'prom-client';
import { systemClock } from '../../src/common/clock.js';
import { HETUHAKU } from '../../src/audit/hetuhaku.decorator.js';
import { declaredRoutes } from '../support/declared-routes.js';
import { createHenkilo, newHetu } from '../support/persons.js';
import { useTestApp, type TestAnswer, type TestCaller } from '../support/test-app.js';
import { kaikkiOikeudet, rekisterinpitaja, userWith, YLIOPISTO, type TestUser } from '../support/users.js';

const MISSES = 20;
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const HOUR_MS = 60 * 60_000;

let made = 0;
/** Somebody with every right whom no other test counts. */
const newCaller = (): TestUser => ({ ...kaikkiOikeudet, sub: `1.2.246.562.24.${99_500_000_000 + made++}` });

type Lookup = (caller: TestCaller, hetu: string) => Promise<TestAnswer>;

/** Every way to look for somebody by hetu, with what it answers when nobody has it. */
const LOOKUPS: readonly [operation: string, status: number, lookup: Lookup][] = [
  ['GET /henkilo', 200, (caller, hetu) => caller.get(`/henkilo?hetu=${hetu}`)],
  ['GET /henkilo/hakutermi=:hakutermi', 404, (caller, hetu) => caller.get(`/henkilo/hakutermi=${hetu}`)],
  ['GET /henkilo/hetu=:hetu', 404, (caller, hetu) => caller.get(`/henkilo/hetu=${hetu}`)],
  ['GET /henkilo/henkiloPerusByHetu/:hetu', 404, (caller, hetu) => caller.get(`/henkilo/henkiloPerusByHetu/${hetu}`)],
  ['POST /henkilo/henkiloPerustietosByHenkiloHetuList', 200, (caller, hetu) => caller.post('/henkilo/henkiloPerustietosByHenkiloHetuList', [hetu])],
  ['POST /henkilo/yhteystiedot', 200, (caller, hetu) => caller.post('/henkilo/yhteystiedot', { hetu, henkiloOids: ['1.2.246.562.24.1'] })],
  ['POST /henkilo/exists', 404, (caller, hetu) => caller.post('/henkilo/exists', { ...NIMET, hetu })],
  ['GET /s2s/oidByHetu/:hetu', 404, (caller, hetu) => caller.get(`/s2s/oidByHetu/${hetu}`)],
  ['POST /s2s/changedSince/:at', 200, (caller, hetu) => caller.post('/s2s/changedSince/2020-01-01', { hetu })],
  ['POST /s2s/findOrCreateHenkiloPerustieto', 201, (caller, hetu) => caller.post('/s2s/findOrCreateHenkiloPerustieto', { ...NIMET, hetu })],
  ['POST /internal/oppijahaku', 200, (caller, hetu) => caller.post('/internal/oppijahaku', { query: hetu, passive: false, page: 0 })],
  ['GET /oppija/yhteenveto', 200, (caller, hetu) => caller.get(`/oppija/yhteenveto?nimiHaku=${hetu}`)],
  ['GET /oppija/muuttuneet', 200, (caller, hetu) => caller.get(`/oppija/muuttuneet?nimiHaku=${hetu}`)],
  ['GET /internal/oppijoidentuonti/virheet', 200, (caller, hetu) => caller.get(`/internal/oppijoidentuonti/virheet?nimiHaku=${hetu}`)],
  ['POST /yleistunniste/hae', 404, (caller, hetu) => caller.post('/yleistunniste/hae', { ...NIMET, hetu })],
]; // prettier-ignore

const entries = (audit: Record<string, unknown>[], sub: string) =>
  audit.filter(({ operation, user }) => operation === 'HETUHAKUJEN_RAJA' && (user as { oid: string }).oid === sub);

describe('where callers that try hetut are refused', () => {
  const app = useTestApp({ ONR_HETU_LOOKUP_MISSES: String(MISSES), ONR_HETU_LOOKUP_REFUSE: 'true' });
  const get = (caller: TestUser, hetu: string) => app.as(caller).get(`/s2s/oidByHetu/${hetu}`);
  const tryAll = async (caller: TestUser) => {
    for (let n = 0; n <= MISSES; n++) await get(caller, newHetu());
  };

  beforeAll(() => app.peers.state({ kayttooikeudet: { [kaikkiOikeudet.sub]: { admin: true, oids: null } } }));

  it('every operation that looks for persons by hetu is among these', () => {
    const counted = declaredRoutes(app.nest).filter(({ handler }) => Reflect.getMetadata(HETUHAKU, handler) === true);
    const routes = counted.map(({ method, path }) => `${method} ${path}`).filter((route) => !route.endsWith('='));
    expect(routes.sort()).toEqual(LOOKUPS.map(([operation]) => operation).sort());
    const named = declaredRoutes(app.nest).filter(({ path }) => /hetu[=/]?:|:hetu/i.test(path));
    for (const { handler } of named) expect(Reflect.getMetadata(HETUHAKU, handler)).toBe(true);
  });

  it.each(LOOKUPS)('%s: 429 after hetut that nobody has', async (_, status, lookup) => {
    const caller = newCaller();
    await app.peers.state({ kayttooikeudet: { [caller.sub]: { admin: true, oids: null } } });
    for (let n = 0; n <= MISSES; n++) expect((await lookup(app.as(caller), newHetu())).status).toBe(status);
    const refused = await lookup(app.as(caller), newHetu());
    expect(refused.status).toBe(429);
    expect(Object.keys(refused.body as object)).toEqual(['timestamp', 'status', 'error', 'path']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(3600);
    expect(entries(app.audit, caller.sub)).toMatchObject([
      { target: { haettuja: '21', tuloksettomia: '21', estetty: 'true' }, changes: [] },
    ]);
  });

  it('a list counts as many as it has', async () => {
    const caller = newCaller();
    const list = (hetut: string[]) => app.as(caller).post('/henkilo/henkiloPerustietosByHenkiloHetuList', hetut);
    expect((await list(Array.from({ length: MISSES + 1 }, newHetu))).status).toBe(200);
    expect((await list([newHetu()])).status).toBe(429);
  });

  it('names that do not fit, and persons whom the caller may not see, lead to nobody', async () => {
    const hetu = newHetu();
    await createHenkilo(app, { ...NIMET, hetu });
    const guesser = newCaller();
    const guess = (n: number) =>
      app.as(guesser).post('/henkilo/exists', { ...NIMET, sukunimi: `Arvaus${'ab'.repeat(n + 1)}`, hetu });
    for (let n = 0; n <= MISSES; n++) expect((await guess(n)).status).toBe(409);
    expect((await guess(0)).status).toBe(429);
    const reader = userWith(newCaller().sub, YLIOPISTO, 'READ');
    const read = () => app.as(reader).get(`/henkilo/hetu=${hetu}`);
    for (let n = 0; n <= MISSES; n++) expect((await read()).status).toBe(401);
    expect((await read()).status).toBe(429);
  });

  it('everything else goes on, for that caller and for others', async () => {
    const [caller, hetu] = [newCaller(), newHetu()];
    const oid = await createHenkilo(app, { hetu });
    await tryAll(caller);
    expect((await get(caller, hetu)).status).toBe(429);
    expect((await app.as(caller).get(`/henkilo/${oid}`)).status).toBe(200);
    expect((await app.as(caller).get('/henkilo/hakutermi=Uusi')).status).toBe(200);
    expect(await get(rekisterinpitaja, hetu)).toMatchObject({ status: 200, text: oid });
  });

  it('a caller that gets somebody by nine of ten hetut never meets it', async () => {
    const [caller, hetu] = [newCaller(), newHetu()];
    await createHenkilo(app, { hetu });
    const statuses = new Set<number>();
    for (let n = 0; n < 500; n++) statuses.add((await get(caller, n % 10 === 0 ? newHetu() : hetu)).status);
    expect([...statuses].sort()).toEqual([200, 404]);
    expect(entries(app.audit, caller.sub)).toEqual([]);
  });

  it('names and OIDs are no hetut', async () => {
    const caller = newCaller();
    for (let n = 0; n <= MISSES; n++) {
      await app.as(caller).get(`/henkilo/hakutermi=Olematon${'x'.repeat(n)}`);
      await app.as(caller).get(`/oppija/yhteenveto?nimiHaku=Olematon${'x'.repeat(n)}`);
    }
    expect((await get(caller, newHetu())).status).toBe(404);
  });

  it('is over after an hour', async () => {
    const [caller, hetu] = [newCaller(), newHetu()];
    await createHenkilo(app, { hetu });
    await tryAll(caller);
    expect((await get(caller, hetu)).status).toBe(429);
    const later = Date.now() + HOUR_MS + 1000;
    const clock = jest.spyOn(systemClock, 'millis').mockImplementation(() => later);
    try {
      expect((await get(caller, hetu)).status).toBe(200);
    } finally {
      clock.mockRestore();
    }
  });

  it('shows in the metrics, without anybody’s hetu or OID', async () => {
    const text = await register.metrics();
    const of = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    expect(of('hetu_lookups_total{result="missed"}')).toBeGreaterThan(200);
    expect(of('hetu_lookups_total{result="found"}')).toBeGreaterThan(400);
    expect(of('hetu_lookups_total{result="refused"}')).toBeGreaterThan(10);
    expect(of('hetu_lookup_suspects_total')).toBeGreaterThan(10);
    expect(text).not.toMatch(/1\.2\.246\.562|\d{6}[-A]\d{3}/);
  });
});

describe('where they are watched only, as nothing else is set', () => {
  const app = useTestApp({ ONR_HETU_LOOKUP_MISSES: String(MISSES) });

  it('nobody is refused; the audit log and the log tell once', async () => {
    const caller = newCaller();
    for (let n = 0; n < 3 * MISSES; n++)
      expect((await app.as(caller).get(`/s2s/oidByHetu/${newHetu()}`)).status).toBe(404);
    expect(entries(app.audit, caller.sub)).toMatchObject([{ target: { tuloksettomia: '21', estetty: 'false' } }]);
    expect(app.lines.filter((line) => line.includes(`${caller.sub} looks for persons by hetut`))).toHaveLength(1);
  });
});
