import { createHenkilo, passivations, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { organisaatiorekisteri, rekisterinpitaja, userWith, YLIOPISTO, type TestUser } from '../support/users.js';

const app = useTestApp();

beforeEach(() => app.peers.reset());

describe.each(['', '/access'])('DELETE /henkilo/{oid}%s', (path) => {
  const passivate = (caller: TestUser, oid: string) => app.as(caller).delete(`/henkilo/${oid}${path}`);
  const virkailija = userWith('1.2.246.562.24.99300000004', YLIOPISTO, 'HENKILON_RU');

  it('takes a right over the person from who is no registrar', async () => {
    const [oid, own] = [await createHenkilo(app), await createHenkilo(app)];
    await app.peers.reset();
    expect((await passivate(virkailija, oid)).status).toBe(401);
    expect((await passivate({ ...virkailija, sub: own }, own)).status).toBe(401);
    expect(await rowOf(app, oid)).toMatchObject({ passivoitu: false });
    expect(await passivations(app)).toEqual([]);
    await app.peers.state({ canAccess: [`${virkailija.sub}>${oid}`] });
    expect((await passivate(virkailija, oid)).status).toBe(200);
    expect(await passivations(app)).toHaveLength(1);
    expect((await passivate(organisaatiorekisteri, oid)).status).toBe(200);
  });

  it('lets an importer with that right passivate the learners of its organisation, no official among them', async () => {
    const caller = userWith('1.2.246.562.24.99300000005', YLIOPISTO, 'HENKILON_RU', 'OPPIJOIDENTUONTI');
    const [oppija, virkailijaOid] = [await createHenkilo(app), await createHenkilo(app)];
    for (const oid of [oppija, virkailijaOid])
      await app.as(rekisterinpitaja).put(`/oppija/${oid}/organisaatio/${YLIOPISTO}`);
    await app.peers.reset();
    await app.peers.state({ kayttajat: { [virkailijaOid]: { kayttajaTyyppi: 'VIRKAILIJA' } } });
    expect((await passivate(caller, virkailijaOid)).status).toBe(401);
    expect(await passivations(app)).toEqual([]);
    expect((await passivate(caller, oppija)).status).toBe(200);
  });
});
