import { createHenkilo, newHetu, passivations, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { organisaatiorekisteri, rekisterinpitaja, ROOT, userWith, YLIOPISTO, type TestUser } from '../support/users.js';

const app = useTestApp();
const ROLES = [[], ['READ'], ['HENKILON_RU'], ['OPPIJOIDENTUONTI'], ['REKISTERINPITAJA_READ'], ['REKISTERINPITAJA']];
const links = () => app.query('select master_oid, slave_oid from henkiloviite order by id');
const stored = async (...oids: string[]) => [await links(), await Promise.all(oids.map((oid) => rowOf(app, oid)))];
const asked = async (path: RegExp) => (await app.peers.traffic()).filter((call) => path.test(call.path));
/** Lets the caller do everything with these persons, as käyttöoikeuspalvelu sees it. */
const mayAccess = (caller: TestUser, ...oids: string[]) =>
  app.peers.state({ canAccess: oids.map((oid) => `${caller.sub}>${oid}`) });
const official = (kayttajaTyyppi: string | null, ...oids: string[]) =>
  app.peers.state({ kayttajat: Object.fromEntries(oids.map((oid) => [oid, { kayttajaTyyppi }])) });
const importTo = (organisaatioOid: string, oid: string) =>
  app.as(rekisterinpitaja).put(`/oppija/${oid}/organisaatio/${organisaatioOid}`);
const duplikaatti = userWith('1.2.246.562.24.99300000001', YLIOPISTO, 'DUPLIKAATTINAKYMA', 'YKSILOINNIN_PURKU');
const tuoja = userWith('1.2.246.562.24.99300000002', YLIOPISTO, 'OPPIJOIDENTUONTI');

beforeEach(() => app.peers.reset());

describe.each(['link', 'forcelink'])('POST /henkilo/{oid}/%s', (operation) => {
  const join = (caller: TestUser, henkiloOid: string, ...oids: (string | null)[]) =>
    app.as(caller).post(`/henkilo/${henkiloOid}/${operation}`, oids);

  it.each(ROLES)('is closed to who is one of the persons, with the rights %p of a school', async (...rights) => {
    const own = await createHenkilo(app, { yksiloity: true });
    const [other, third] = [await createHenkilo(app), await createHenkilo(app)];
    const caller = userWith(own, YLIOPISTO, ...rights);
    await app.peers.reset();
    await mayAccess(caller, '*');
    const before = await stored(own, other, third);

    expect((await join(caller, own, other)).status).toBe(401);
    expect((await join(caller, own, other, third)).status).toBe(401);
    expect((await join(caller, other, own)).status).toBe(401);
    expect((await join(caller, other, third, own)).status).toBe(401);
    expect((await join(caller, own)).status).toBe(401);
    expect((await join(caller, own, null)).status).toBe(401);
    expect((await join(caller, own, own)).status).toBe(401);

    expect(await stored(own, other, third)).toEqual(before);
    expect(await passivations(app)).toEqual([]);
  });

  it.each([[], ['READ'], ['DUPLIKAATTINAKYMA', 'YKSILOINNIN_PURKU']])(
    'does not open the record of somebody else to the caller (rights %p)',
    async (...rights) => {
      const [own, other] = [await createHenkilo(app), await createHenkilo(app, { hetu: newHetu(), turvakielto: true })];
      const caller = userWith(own, YLIOPISTO, ...rights);
      await mayAccess(caller, own);
      expect((await join(caller, own, other)).status).toBe(401);
      expect((await app.as(caller).get(`/henkilo/${own}/master`)).body.oidHenkilo).toBe(own);
      expect((await app.as(caller).get(`/henkilo/${own}/slaves`)).body).toEqual([]);
      expect((await app.as(caller).get(`/henkilo/${other}`)).status).toBe(401);
    },
  );

  it('lets the right over one of two persons do, of more over the first, as the duplicates screen needs', async () => {
    const [a, b, c] = [await createHenkilo(app), await createHenkilo(app), await createHenkilo(app)];
    await mayAccess(duplikaatti, b);
    expect((await join(duplikaatti, a, b, c)).status).toBe(401);
    expect(await join(duplikaatti, a, b)).toMatchObject({ status: 200, body: [b] });
    await mayAccess(duplikaatti, a);
    expect(await join(duplikaatti, a, b, c)).toMatchObject({ status: 200, body: [b, c] });
    await official('OPPIJA', a, b);
    expect(await join(duplikaatti, a, c)).toMatchObject({ status: 200, body: [c] });
  });

  it.each(['VIRKAILIJA', 'PALVELU'])(
    'refuses a user of type %s on either side, and takes no rights away',
    async (type) => {
      const [oppija, virkailija] = [await createHenkilo(app), await createHenkilo(app)];
      await app.peers.reset();
      await mayAccess(duplikaatti, '*');
      await official(type, virkailija);
      const before = await stored(oppija, virkailija);

      expect((await join(duplikaatti, oppija, virkailija)).status).toBe(401);
      expect((await join(duplikaatti, virkailija, oppija)).status).toBe(401);

      expect(await stored(oppija, virkailija)).toEqual(before);
      expect(await passivations(app)).toEqual([]);
      expect(await join(rekisterinpitaja, oppija, virkailija)).toMatchObject({ status: 200, body: [virkailija] });
      expect(await passivations(app)).toHaveLength(1);
    },
  );

  it('refuses when the former master, or a slave that would move along, is an official or the caller', async () => {
    const [a, b, master, slave] = await Promise.all([1, 2, 3, 4].map(() => createHenkilo(app)));
    await app.as(rekisterinpitaja).post(`/henkilo/${master}/link`, [b]);
    await app.peers.reset();
    await mayAccess(duplikaatti, '*');
    await official('VIRKAILIJA', master!);
    expect((await join(duplikaatti, a!, b!)).status).toBe(401);
    await app.as(rekisterinpitaja).delete(`/henkilo/${master}/unlink/${b}`);
    await app.as(rekisterinpitaja).post(`/henkilo/${b}/link`, [slave]);
    await app.peers.reset();
    await official('VIRKAILIJA', slave!);
    await mayAccess(duplikaatti, '*');
    expect((await join(duplikaatti, a!, b!)).status).toBe(401);
    await app.peers.reset();
    const self = { ...duplikaatti, sub: slave! };
    await mayAccess(self, '*');
    expect((await join(self, a!, b!)).status).toBe(401);
    expect(await passivations(app)).toEqual([]);
    expect(await app.query('select slave_oid from henkiloviite where master_oid = $1', [a])).toEqual([]);
  });

  it('ends in 500 and changes nothing when käyttöoikeuspalvelu cannot say who is an official', async () => {
    const [a, b] = [await createHenkilo(app), await createHenkilo(app)];
    const before = await stored(a, b);
    await importTo(YLIOPISTO, a);
    await importTo(YLIOPISTO, b);
    await app.peers.state({ fail: { kayttooikeus: 500 } });
    expect((await join(tuoja, a, b)).status).toBe(500);
    await app.peers.reset();
    expect((await stored(a, b))[0]).toEqual(before[0]);
    expect(await rowOf(app, b)).toMatchObject({ duplicate: false, passivoitu: false });
  });

  it('takes an importer to have the right only over persons that are all in its organisations', async () => {
    const [mine, other, third] = [await createHenkilo(app), await createHenkilo(app), await createHenkilo(app)];
    await importTo(YLIOPISTO, mine);
    expect((await join(tuoja, mine, other)).status).toBe(401);
    expect((await join(tuoja, other, mine)).status).toBe(401);
    expect((await join(tuoja, mine, third, other)).status).toBe(401);
    await importTo(YLIOPISTO, third);
    expect((await join(tuoja, mine, third, other)).status).toBe(401);
    expect((await join(tuoja, mine, null)).status).toBe(401);
    expect(await join(tuoja, mine, third)).toMatchObject({ status: 200, body: [third] });
  });

  it('asks an external service about nobody whose caller holds the right nowhere', async () => {
    const [a, b] = [await createHenkilo(app), await createHenkilo(app)];
    const katselija = userWith('1.2.246.562.24.99300000003', YLIOPISTO, 'READ');
    const header = { 'External-Permission-Service': 'KOSKI' };
    const services = async () =>
      (await asked(/canUserAccessUser$/)).map(
        ({ body }) => (body as Record<string, unknown>).externalPermissionService,
      );
    await app.peers.reset();
    await app.as(katselija).post(`/henkilo/${a}/${operation}`, [b], header);
    expect(await services()).toEqual([null, null]);
    await app.peers.reset();
    await app.as(duplikaatti).post(`/henkilo/${a}/${operation}`, [b], header);
    expect(await services()).toEqual(['KOSKI', 'KOSKI']);
  });
});

it('POST /henkilo/{oid}/forcelink takes no identification from an official, or from who is linked already', async () => {
  const [master, slave] = [await createHenkilo(app), await createHenkilo(app)];
  await app.as(rekisterinpitaja).post(`/henkilo/${master}/link`, [slave]);
  await app.query('update henkilo set yksiloity = true where oidhenkilo = $1', [slave]);
  await mayAccess(duplikaatti, '*');
  await official('VIRKAILIJA', slave);
  expect((await app.as(duplikaatti).post(`/henkilo/${master}/forcelink`, [slave])).status).toBe(401);
  expect(await rowOf(app, slave)).toMatchObject({ yksiloity: true });
});

it('DELETE /henkilo/{oid}/unlink/{slaveOid} is closed to who is one of the two, but for the superuser', async () => {
  const [own, other] = [await createHenkilo(app), await createHenkilo(app)];
  await app.as(rekisterinpitaja).post(`/henkilo/${other}/link`, [own]);
  for (const caller of [
    { ...organisaatiorekisteri, sub: own },
    { ...organisaatiorekisteri, sub: other },
    { sub: own, roles: {} },
  ])
    expect((await app.as(caller).delete(`/henkilo/${other}/unlink/${own}`)).status).toBe(401);
  expect(await rowOf(app, own)).toMatchObject({ duplicate: true, passivoitu: true });
  expect((await app.as(organisaatiorekisteri).delete(`/henkilo/${other}/unlink/${own}`)).status).toBe(200);
  await app.as(rekisterinpitaja).post(`/henkilo/${other}/link`, [own]);
  const superuser = userWith(own, ROOT, 'REKISTERINPITAJA');
  expect((await app.as(superuser).delete(`/henkilo/${other}/unlink/${own}`)).status).toBe(200);
});
