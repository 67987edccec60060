import { ANNOUNCING, announced, createHenkilo, newHetu, passivations, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, ROOT, userWith, virkailija } from '../support/users.js';

/* The scenarios of docs/spec/henkilo.md#11 that no other file has. */

const app = useTestApp(ANNOUNCING);
const keeper = () => app.as(rekisterinpitaja);
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const set = (columns: string, oid: string) => app.query(`update henkilo set ${columns} where oidhenkilo = $1`, [oid]);
const codes = (answer: { body: { fieldErrors?: { field: string; code: string }[] } }) =>
  (answer.body.fieldErrors ?? []).map(({ field, code }) => `${field} ${code}`);
const persons = (count: number, values: object = {}) =>
  Promise.all(Array.from({ length: count }, () => createHenkilo(app, { ...NIMET, ...values }))) as Promise<
    [string, string, string]
  >;

beforeEach(() => app.peers.reset());

describe('PUT /henkilo', () => {
  const put = (oidHenkilo: string, values: object, user = rekisterinpitaja) =>
    app.as(user).put('/henkilo', { oidHenkilo, ...values });

  it('of a master announces it and its slaves, all changed at one instant by the caller', async () => {
    const [master, ...slaves] = await persons(3);
    await keeper().post(`/henkilo/${master}/link`, slaves);
    await app.peers.reset();
    const caller = userWith('1.2.246.562.24.99000000601', ROOT, 'REKISTERINPITAJA');
    expect((await put(master, { sukunimi: 'Muu' }, caller)).status).toBe(200);
    const rows = await Promise.all([master, ...slaves].map((oid) => rowOf(app, oid)));
    expect(new Set(rows.map(({ modified }) => Number(modified))).size).toBe(1);
    expect(rows.map(({ kasittelija }) => kasittelija)).toEqual(Array(3).fill(caller.sub));
    const [first, ...rest] = await announced(app);
    expect([first, rest.sort()]).toEqual([master, [...slaves].sort()]);
  });

  it('refuses a calling name that is none of the stored first names, and announces nothing', async () => {
    const [oid] = await persons(1);
    await app.peers.reset();
    expect(codes(await put(oid, { kutsumanimi: 'Matti' }))).toEqual(['kutsumanimi kutsumanimi.must.exist.in.etunimet']);
    expect(await announced(app)).toEqual([]);
    expect(await rowOf(app, oid)).toMatchObject({ kutsumanimi: 'Uuno', version: 0 });
  });

  it('leaves a read-only group as it is, stores a new one, drops what is omitted and what is empty', async () => {
    const oid = await createHenkilo(app, { ...NIMET, yhteystiedotRyhma: [sahkoposti('a@example.fi', { readOnly: true }), sahkoposti('b@example.fi')] }); // prettier-ignore
    const { body } = await keeper().get(`/henkilo/${oid}`);
    const [readOnly] = (body as { yhteystiedotRyhma: { id: number; readOnly: boolean }[] }).yhteystiedotRyhma.filter((r) => r.readOnly); // prettier-ignore
    const answer = await put(oid, {
      yhteystiedotRyhma: [sahkoposti('muu@example.fi', { id: readOnly!.id, readOnly: true }), sahkoposti('c@example.fi'), sahkoposti('')],
    }); // prettier-ignore
    expect(answer.status).toBe(200);
    const arvot = await app.query<{ arvo: string }>(
      'select yhteystieto_arvo as arvo from yhteystiedotryhma g join yhteystiedot y on y.yhteystiedotryhma_id = g.id where henkilo_id = $1 order by 1',
      [(await rowOf(app, oid)).id],
    );
    expect(arvot.map(({ arvo }) => arvo)).toEqual(['a@example.fi', 'c@example.fi']);
  });

  it('answers 404 for an unknown person', async () => {
    expect((await put('1.2.246.562.24.404', { sukunimi: 'Muu' })).status).toBe(404);
    expect((await put('', { sukunimi: 'Muu' })).status).toBe(404);
  });
});

describe('POST /s2s/findOrCreateHenkiloPerustieto', () => {
  const eidas = userWith('1.2.246.562.24.99000000602', ROOT, 'REKISTERINPITAJA', 'EIDAS_HENKILON_LUONTI');
  const find = (values: object, user = rekisterinpitaja) =>
    app.as(user).post('/s2s/findOrCreateHenkiloPerustieto', { ...NIMET, ...values });

  it('finds by OID, login identifier, hetu, former hetu and eIDAS, and writes nothing', async () => {
    const [hetu, vanha, identifier] = [newHetu(), newHetu(), newHetu()];
    const oid = await createHenkilo(app, { ...NIMET, hetu });
    const { id } = await rowOf(app, oid);
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [id, vanha]);
    await keeper().post(`/henkilo/${oid}/identification`, { idpEntityId: 'email', identifier });
    const made = await find({ eidasTunniste: `XY/${identifier}` }, eidas);
    expect(made.status).toBe(201);
    const eidasOid = (made.body as { oidHenkilo: string }).oidHenkilo;
    expect(await rowOf(app, eidasOid)).toMatchObject({ yksiloityeidas: true });
    await app.peers.reset();
    const before = [await rowOf(app, oid), await rowOf(app, eidasOid)];

    const other = { etunimet: 'Toinen', kutsumanimi: 'Toinen', sukunimi: 'Toinen' };
    for (const [values, expected] of [
      [{ oidHenkilo: oid }, oid],
      [{ identifications: [{ idpEntityId: 'email', identifier }] }, oid],
      [{ hetu }, oid],
      [{ hetu: vanha }, oid],
      [{ eidasTunniste: `XY/${identifier}` }, eidasOid],
    ] as const) {
      const answer = await find({ ...other, ...values });
      expect([answer.status, (answer.body as { oidHenkilo: string }).oidHenkilo]).toEqual([200, expected]);
    }
    expect([await rowOf(app, oid), await rowOf(app, eidasOid)]).toEqual(before);
    expect(await announced(app)).toEqual([]);
  });

  it('refuses what leads nowhere or to several', async () => {
    const [one, two] = await persons(2);
    const identifications = [one, two].map((oid) => ({ idpEntityId: 'google', identifier: `several-${oid}` }));
    for (const [n, oid] of [one, two].entries()) await keeper().post(`/henkilo/${oid}/identification`, identifications[n]); // prettier-ignore
    expect((await find({ identifications })).status).toBe(400);
    expect((await find({ oidHenkilo: '1.2.246.562.24.404' })).status).toBe(404);
    expect((await find({ hetu: newHetu(), eidasTunniste: 'XY/both' }, eidas)).status).toBe(400);
    expect((await find({ eidasTunniste: 'XY/unknown' })).status).toBe(401);
    expect((await find({ identifications: [{ idpEntityId: 'eidas', identifier: 'x' }] })).status).toBe(400);
    expect((await app.as(virkailija).post('/s2s/findOrCreateHenkiloPerustieto', NIMET)).status).toBe(401);
  });
});

describe('links', () => {
  it.each([['yksiloityvtj = true'], ['yksiloityeidas = true'], [`hetu = '${newHetu()}'`]])(
    'forced, refuse a slave with %s',
    async (columns) => {
      const [master, slave] = await persons(2);
      await set(columns, slave);
      expect((await keeper().post(`/henkilo/${master}/forcelink`, [slave])).status).toBe(400);
      expect(await rowOf(app, slave)).toMatchObject({ duplicate: false, passivoitu: false });
    },
  );

  it('make the identified candidate the master, who is active then, and the given person its slave', async () => {
    const [given, candidate] = await persons(2);
    await set('yksiloity = true, passivoitu = true', candidate);
    await app.peers.reset();
    expect((await keeper().post(`/henkilo/${given}/link`, [candidate])).body).toEqual([given]);
    expect(await rowOf(app, candidate)).toMatchObject({ passivoitu: false, duplicate: false });
    expect(await rowOf(app, given)).toMatchObject({ passivoitu: true, duplicate: true });
    expect(await passivations(app)).toEqual([`/kayttooikeus-service/henkilo/${given}/passivoi?kasittelijaOid=${rekisterinpitaja.sub}`]); // prettier-ignore
  });

  it('that are there already ask nobody to take rights away, and unlinking a stranger changes no link', async () => {
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

  it('announce master, slave and a former master once each', async () => {
    const [former, slave, master] = await persons(3);
    await keeper().post(`/henkilo/${former}/link`, [slave]);
    await app.peers.reset();
    await keeper().post(`/henkilo/${master}/link`, [slave]);
    expect((await announced(app)).sort()).toEqual([former, master, slave].sort());
  });
});

describe('login identifiers', () => {
  it('refuse kind eidas, one’s own and another’s again; the same text of another kind is fine', async () => {
    const [one, two] = await persons(2);
    const add = async (oid: string, idpEntityId: string, identifier: string) =>
      (await keeper().post(`/henkilo/${oid}/identification`, { idpEntityId, identifier })).status;
    const identifier = `id-${one}`;
    expect(await add(one, 'google', identifier)).toBe(200);
    expect(await add(one, 'eidas', identifier)).toBe(400);
    expect(await add(one, 'google', identifier)).toBe(400);
    expect(await add(two, 'google', identifier)).toBe(400);
    expect(await add(two, 'email', identifier)).toBe(200);
    expect(await add(one, 'nobody', identifier)).toBe(400);
    expect(await add('1.2.3', 'google', `${identifier}x`)).toBe(404);
  });

  it('are removed by their exact text only, and for a known person', async () => {
    const [one] = await persons(1);
    await keeper().post(`/henkilo/${one}/identification`, { idpEntityId: 'google', identifier: `ID-${one}` });
    const remove = (oid: string, text: string) => keeper().delete(`/henkilo/${oid}/identification/google/${text}`);
    expect((await remove(one, `id-${one}`)).body).toHaveLength(1);
    expect((await remove('1.2.3', `ID-${one}`)).status).toBe(404);
    expect((await remove(one, `ID-${one}`)).body).toEqual([]);
  });
});
