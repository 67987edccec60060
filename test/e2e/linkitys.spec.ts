import { ANNOUNCING, announced, createHenkilo, newHetu, passivations, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const app = useTestApp(ANNOUNCING);
const keeper = () => app.as(rekisterinpitaja);
const link = (henkiloOid: string, ...oids: string[]) => keeper().post(`/henkilo/${henkiloOid}/link`, oids);
const forceLink = (henkiloOid: string, ...oids: string[]) => keeper().post(`/henkilo/${henkiloOid}/forcelink`, oids);
const slavesOf = async (henkiloOid: string) =>
  (
    await app.query<{ oid: string }>('select slave_oid as oid from henkiloviite where master_oid = $1 order by id', [
      henkiloOid,
    ])
  ).map(({ oid }) => oid);
const auditOf = (henkiloOid: string) =>
  app.audit.filter(({ target }) => (target as { henkiloOid?: string } | undefined)?.henkiloOid === henkiloOid);
const addTunniste = (henkiloOid: string, idpEntityId: string) =>
  keeper().post(`/henkilo/${henkiloOid}/identification`, { idpEntityId, identifier: `${henkiloOid}@example.fi` });

const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const set = (columns: string, oid: string) => app.query(`update henkilo set ${columns} where oidhenkilo = $1`, [oid]);
const persons = (count: number) =>
  Promise.all(Array.from({ length: count }, () => createHenkilo(app, NIMET))) as Promise<[string, string, string]>;

beforeEach(() => app.peers.reset());

describe('POST /henkilo/{oid}/link', () => {
  it.each(['link', 'forcelink'])('%s: asks nobody and changes nothing when an OID is null or unknown', async (way) => {
    const [master, slave] = [await createHenkilo(app), await createHenkilo(app)];
    await app.peers.reset();
    for (const [oids, status] of [
      [[null], 400],
      [[slave, null], 400],
      [[slave, '1.2.246.562.24.99999999999'], 404],
    ] as const)
      expect((await keeper().post(`/henkilo/${master}/${way}`, oids)).status).toBe(status);
    expect(await passivations(app)).toEqual([]);
    expect(await rowOf(app, slave)).toMatchObject({ passivoitu: false, duplicate: false, version: 0 });
  });

  it('makes the identified one the master, passivates the other, moves what a hetuton pair has', async () => {
    const asked = await createHenkilo(app, {
      kansalaisuus: [{ kansalaisuusKoodi: '752' }],
      aidinkieli: { kieliKoodi: 'sv' },
    });
    const identified = await createHenkilo(app, { yksiloity: true, kansalaisuus: [{ kansalaisuusKoodi: '246' }] });
    await addTunniste(asked, 'email');
    await app.peers.reset();

    expect(await link(asked, identified)).toMatchObject({ status: 200, body: [asked] });

    expect(await rowOf(app, asked)).toMatchObject({ duplicate: true, passivoitu: true });
    expect(await rowOf(app, identified)).toMatchObject({
      duplicate: false,
      passivoitu: false,
      aidinkieli_id: (await rowOf(app, asked)).aidinkieli_id,
    });
    expect(await slavesOf(identified)).toEqual([asked]);
    const owner = await app.query(
      'select h.oidhenkilo as oid from identification i join henkilo h on h.id = i.henkilo_id where identifier = $1',
      [`${asked}@example.fi`],
    );
    expect(owner).toEqual([{ oid: identified }]);
    const koodit = (oid: string) =>
      app.query(
        'select k.kansalaisuuskoodi as koodi from henkilo_kansalaisuus x join kansalaisuus k on k.id = x.kansalaisuus_id join henkilo h on h.id = x.henkilo_id where h.oidhenkilo = $1 order by 1',
        [oid],
      );
    expect([await koodit(identified), await koodit(asked)]).toEqual([
      [{ koodi: '246' }, { koodi: '752' }],
      [{ koodi: '752' }],
    ]);
    expect(await passivations(app)).toEqual([
      `/kayttooikeus-service/henkilo/${asked}/passivoi?kasittelijaOid=${rekisterinpitaja.sub}`,
    ]);
    expect(await announced(app)).toEqual([identified, asked]);
    expect(auditOf(identified).at(-1)).toMatchObject({
      operation: 'LINKITYS',
      target: { lisatieto: `Henkilöön linkitetty duplikaatit: ${asked}` },
      changes: [],
    });
    expect(auditOf(asked).at(-1)).toMatchObject({
      operation: 'LINKITYS',
      target: { lisatieto: `Henkilö merkitty duplikaatiksi ja linkitetty henkilöön ${identified}` },
    });
  });

  it('moves the slaves of a slave along and announces a master that loses one', async () => {
    const [a, b, c, d] = [
      await createHenkilo(app),
      await createHenkilo(app),
      await createHenkilo(app),
      await createHenkilo(app),
    ];
    await link(a, b, c);
    await link(d, a);
    expect(await slavesOf(d)).toEqual(expect.arrayContaining([a, b, c]));
    expect(await slavesOf(a)).toEqual([]);
    await app.peers.reset();
    const e = await createHenkilo(app);
    await app.peers.reset();
    expect(await link(e, b)).toMatchObject({ status: 200, body: [b] });
    expect(await slavesOf(e)).toEqual([b]);
    expect(await announced(app)).toEqual([d, ...[a, c], e, b]);
  });

  it('refuses two identified persons, a duplicate and an unknown slave, and changes nothing', async () => {
    const [first, second] = [
      await createHenkilo(app, { hetu: newHetu() }),
      await createHenkilo(app, { yksiloity: true }),
    ];
    const [plain, slave] = [await createHenkilo(app), await createHenkilo(app)];
    await link(plain, slave);
    await app.peers.reset();
    expect((await link(first, second)).status).toBe(403);
    expect((await link(slave, plain)).status).toBe(400);
    expect((await link(first, plain, '1.2.246.562.24.99999999999')).status).toBe(404);
    expect((await link('1.2.246.562.24.99999999999', plain)).status).toBe(404);
    expect((await keeper().post(`/henkilo/${first}/link`, [null])).status).toBe(400);
    expect(await slavesOf(plain)).toEqual([slave]);
    expect(await rowOf(app, first)).toMatchObject({ version: 0 });
    expect([await passivations(app), await announced(app)]).toEqual([[], []]);
  });

  it('refuses to make an identified former master a slave', async () => {
    const [former, candidate, asked] = [
      await createHenkilo(app, { hetu: newHetu() }),
      await createHenkilo(app),
      await createHenkilo(app),
    ];
    await link(former, candidate);
    await app.query('update henkilo set yksiloity = true where oidhenkilo = $1', [candidate]);
    expect((await link(asked, candidate)).status).toBe(403);
    expect(await slavesOf(former)).toEqual([candidate]);
  });

  it('does nothing when there is nobody to link', async () => {
    const henkiloOid = await createHenkilo(app, { passivoitu: true });
    await app.peers.reset();
    expect(await link(henkiloOid)).toMatchObject({ status: 200, body: [] });
    expect(await link(henkiloOid, henkiloOid)).toMatchObject({ status: 200, body: [] });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ passivoitu: true, version: 0 });
    expect(await announced(app)).toEqual([]);
  });

  it('changes nothing while käyttöoikeuspalvelu fails, and takes a user without rights for done', async () => {
    const [master, slave] = [await createHenkilo(app), await createHenkilo(app)];
    await app.peers.reset();
    await app.peers.state({ fail: { kayttooikeus: 500 } });
    expect((await link(master, slave)).status).toBe(500);
    expect(await slavesOf(master)).toEqual([]);
    expect(await rowOf(app, slave)).toMatchObject({ duplicate: false, passivoitu: false, version: 0 });
    expect(await announced(app)).toEqual([]);
    expect(auditOf(slave).map(({ operation }) => operation)).toEqual(['CREATE_HENKILO']);

    await app.peers.state({ fail: { kayttooikeus: 404 } });
    expect((await link(master, slave)).status).toBe(200);
    expect(await slavesOf(master)).toEqual([slave]);
  });

  it('makes the identified candidate the master, who is active then, and the given person its slave', async () => {
    const [given, candidate] = await persons(2);
    await set('yksiloity = true, passivoitu = true', candidate);
    await app.peers.reset();
    expect((await keeper().post(`/henkilo/${given}/link`, [candidate])).body).toEqual([given]);
    expect(await rowOf(app, candidate)).toMatchObject({ passivoitu: false, duplicate: false });
    expect(await rowOf(app, given)).toMatchObject({ passivoitu: true, duplicate: true });
    expect(await passivations(app)).toEqual([`/kayttooikeus-service/henkilo/${given}/passivoi?kasittelijaOid=${rekisterinpitaja.sub}`]); // prettier-ignore
  });

  it('asks nobody to take rights away for a link that is there, and unlinking a stranger changes no link', async () => {
    const [master, slave, stranger] = await persons(3);
    await keeper().post(`/henkilo/${master}/link`, [slave]);
    await app.peers.reset();
    expect((await keeper().post(`/henkilo/${master}/link`, [slave, slave, master])).body).toEqual([slave]);
    expect(await passivations(app)).toEqual([]);
    expect((await keeper().delete(`/henkilo/${stranger}/unlink/${slave}`)).status).toBe(200);
    expect(await app.query('select master_oid from henkiloviite where slave_oid = $1', [slave])).toEqual([{ master_oid: master }]); // prettier-ignore
    for (const path of [`1.2.3/unlink/${slave}`, `${master}/unlink/1.2.3`])
      expect((await keeper().delete(`/henkilo/${path}`)).status).toBe(404);
  });

  it('announces master, slave and a former master once each', async () => {
    const [former, slave, master] = await persons(3);
    await keeper().post(`/henkilo/${former}/link`, [slave]);
    await app.peers.reset();
    await keeper().post(`/henkilo/${master}/link`, [slave]);
    expect((await announced(app)).sort()).toEqual([former, master, slave].sort());
  });
});

describe('forcelink and unlink', () => {
  it('strips an identification by hand from the candidates only', async () => {
    const [master, slave] = [
      await createHenkilo(app, { yksiloity: true }),
      await createHenkilo(app, { yksiloity: true }),
    ];
    expect(await forceLink(master, slave, master)).toMatchObject({ status: 200, body: [slave] });
    expect(await rowOf(app, slave)).toMatchObject({ yksiloity: false, duplicate: true });
    expect(await rowOf(app, master)).toMatchObject({ yksiloity: true, duplicate: false });
  });

  it('refuses a candidate with a hetu', async () => {
    const [master, slave] = [await createHenkilo(app), await createHenkilo(app, { hetu: newHetu() })];
    expect(await forceLink(master, slave)).toMatchObject({ status: 400, body: { message: null } });
  });

  it('makes the slave active, but not one that is still another one’s', async () => {
    const [master, slave, stranger] = [await createHenkilo(app), await createHenkilo(app), await createHenkilo(app)];
    await link(master, slave);
    await app.peers.reset();
    const unlink = (a: string, b: string) => keeper().delete(`/henkilo/${a}/unlink/${b}`);
    expect(await unlink(stranger, slave)).toMatchObject({ status: 200, text: '' });
    expect(await rowOf(app, slave)).toMatchObject({ duplicate: true, passivoitu: true });
    expect(await unlink(master, slave)).toMatchObject({ status: 200, text: '' });
    expect(await rowOf(app, slave)).toMatchObject({ duplicate: false, passivoitu: false });
    expect(await slavesOf(master)).toEqual([]);
    expect(auditOf(slave).at(-1)).toMatchObject({
      operation: 'PURA_LINKITYS',
      target: { lisatieto: `Linkitys henkilöön ${master} purettu` },
    });
    expect((await unlink(master, 'foo')).status).toBe(404);
  });

  it.each([['yksiloityvtj = true'], ['yksiloityeidas = true'], [`hetu = '${newHetu()}'`]])(
    'refuse a slave with %s',
    async (columns) => {
      const [master, slave] = await persons(2);
      await set(columns, slave);
      expect((await keeper().post(`/henkilo/${master}/forcelink`, [slave])).status).toBe(400);
      expect(await rowOf(app, slave)).toMatchObject({ duplicate: false, passivoitu: false });
    },
  );
});
