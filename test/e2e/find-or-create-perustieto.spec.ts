import { ANNOUNCING, announced, createHenkilo, newHetu, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, ROOT, userWith, virkailija } from '../support/users.js';

const app = useTestApp(ANNOUNCING);
const keeper = () => app.as(rekisterinpitaja);
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };

beforeEach(() => app.peers.reset());

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
    const [one, two] = [await createHenkilo(app, NIMET), await createHenkilo(app, NIMET)];
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
