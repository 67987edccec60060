import { createHenkilo, newHetu, newVtjHetu, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { lukija, rekisterinpitaja, userWith, YLIOPISTO, yleistunniste } from '../support/users.js';

const app = useTestApp();
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const exists = (body: unknown) => app.as(rekisterinpitaja).post('/henkilo/exists', body);
const hae = (body: unknown) => app.as(yleistunniste).post('/yleistunniste/hae', body);
const vtjQueries = async () => (await app.peers.traffic()).filter(({ peer }) => peer === 'vtjkysely').length;
const organisaatiotOf = async (henkiloOid: string) =>
  (
    await app.query<{ oid: string }>(
      'select o.oid from henkilo_organisaatio x join organisaatio o on o.id = x.organisaatio_id join henkilo h on h.id = x.henkilo_id where h.oidhenkilo = $1',
      [henkiloOid],
    )
  ).map(({ oid }) => oid);

beforeEach(() => app.peers.reset());

/** The outcomes of docs/spec/yksilointi-vtj.md#3.3, row by row; the same check precedes `hae`. */
describe.each([
  ['POST /henkilo/exists', exists],
  ['POST /yleistunniste/hae', hae],
])('%s', (_, check) => {
  it.each([
    ['unknown to VTJ', null, 404],
    ['known to VTJ by other names', { ...NIMET, sukunimi: 'Toinen' }, 409],
    ['known to VTJ by the names in each other’s field', { etunimet: 'Uusi', sukunimi: 'Uuno Kalervo' }, 409],
    ['of a former surname in VTJ', { ...NIMET, sukunimi: 'Toinen', entisetNimet: [{ nimi: 'Uusi', laji: '05' }] }, 409],
    ['passivated by VTJ', { paluukoodi: '0002' }, 409],
    ['of a dead person', { ...NIMET, paluukoodi: '0007' }, 500],
  ])('answers for a hetu %s', async (_kind, vtj, status) => {
    const hetu = newVtjHetu();
    await app.peers.state({ vtj: { [hetu]: vtj } });
    expect(await check({ hetu, ...NIMET })).toMatchObject({ status });
    expect(await app.query('select 1 from henkilo where hetu = $1', [hetu])).toEqual([]);
  });

  it('takes the new hetu’s names when VTJ has changed it', async () => {
    const [hetu, uusi] = [newVtjHetu(), newVtjHetu()];
    await app.peers.state({ vtj: { [hetu]: { paluukoodi: '0002', uusiHetu: uusi }, [uusi]: NIMET } });
    expect((await check({ hetu, ...NIMET })).status).toBeLessThan(300);
    expect(await vtjQueries()).toBe(2);
  });

  it('does not ask VTJ about a hetu of the register: 200 for the names, 409 for others', async () => {
    const hetu = newHetu();
    const oid = await createHenkilo(app, { hetu, ...NIMET, passivoitu: true });
    expect(await check({ hetu, ...NIMET, etunimet: 'UUNO', kutsumanimi: 'uuno' })).toMatchObject({ status: 200, body: { oid } }); // prettier-ignore
    expect(await check({ hetu, ...NIMET, sukunimi: 'Toinen' })).toMatchObject({ status: 409 });
    expect(await vtjQueries()).toBe(0);
  });

  it.each([
    ['no hetu', { hetu: undefined }],
    ['a malformed hetu', { hetu: '010180A000X' }],
    ['two spaces', { etunimet: 'Uuno  Kalervo' }],
    ['a space at the end', { sukunimi: 'Uusi ' }],
    ['a no-break space', { sukunimi: 'Uusi\u00a0Nimi' }],
    ['a zero-width space', { sukunimi: 'Uusi\u200b' }],
    ['a soft hyphen', { etunimet: 'Uuno Ka\u00adlervo' }],
    ['a Hangul filler', { etunimet: 'Uuno \u3164' }],
    ['a replaced character', { sukunimi: 'Uus\ufffd' }],
    ['two words for the calling name', { kutsumanimi: 'Uuno Kalervo' }],
    ['a calling name that is no first name', { kutsumanimi: 'Matti' }],
    ['no names', { etunimet: '', kutsumanimi: '', sukunimi: '' }],
  ])('refuses %s: 400', async (_kind, values) => {
    const hetu = newHetu();
    expect(await check({ hetu, ...NIMET, ...values })).toMatchObject({ status: 400 });
    expect(await vtjQueries()).toBe(0);
  });

  it('takes a part of a hyphenated name for the calling name', async () => {
    const hetu = newHetu();
    const nimet = { etunimet: 'X Æ A-12', kutsumanimi: '12', sukunimi: 'Muu' };
    await createHenkilo(app, { hetu, ...nimet, kutsumanimi: 'X' });
    expect(await check({ hetu, ...nimet })).toMatchObject({ status: 200 });
  });

  it('needs its role', async () => {
    const path = check === exists ? '/henkilo/exists' : '/yleistunniste/hae';
    expect(await app.as(lukija).post(path, { hetu: newHetu(), ...NIMET })).toMatchObject({ status: 401 });
  });
});

describe('POST /henkilo/exists', () => {
  it('answers 204 with nothing when only VTJ has the person, and stores nothing', async () => {
    const hetu = newVtjHetu();
    await app.peers.state({ vtj: { [hetu]: NIMET } });
    expect(await exists({ hetu, ...NIMET })).toMatchObject({ status: 204, text: '' });
    expect(await app.query('select 1 from henkilo where hetu = $1', [hetu])).toEqual([]);
  });
});

describe('POST /yleistunniste/hae', () => {
  it('stores the person with the given names for the caller’s organisation', async () => {
    const hetu = newVtjHetu();
    await app.peers.state({ vtj: { [hetu]: { ...NIMET, etunimet: 'Uuno Kalervo Juhani', kansalaisuus: ['246'] } } });
    const answer = await hae({ hetu, ...NIMET });
    const oid = (answer.body as { oid: string }).oid;
    expect(answer).toMatchObject({ status: 200, body: { oid, oppijanumero: oid } });
    expect(await rowOf(app, oid)).toMatchObject({
      etunimet: 'Uuno Kalervo',
      hetu,
      kasittelija: yleistunniste.sub,
      yksiloityvtj: false,
      yksilointi_yritetty: false,
    });
    expect(await organisaatiotOf(oid)).toEqual([YLIOPISTO]);
    expect(await app.query('select revtype from henkilo_aud where oidhenkilo = $1', [oid])).toEqual([{ revtype: 0 }]);
  });

  it('stores one person for ten callers at once', async () => {
    const hetu = newVtjHetu();
    await app.peers.state({ vtj: { [hetu]: NIMET } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => hae({ hetu, ...NIMET })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => (body as { oid: string }).oid)).size).toBe(1);
    expect(await app.query('select 1 from henkilo where hetu = $1', [hetu])).toHaveLength(1);
  });

  it('adds the caller’s organisation to a person found, without announcing it, and answers the master’s number', async () => {
    const hetu = newHetu();
    const slave = await createHenkilo(app, { hetu, ...NIMET });
    const master = await createHenkilo(app, { yksiloity: true });
    await app.query('insert into henkiloviite (id, version, master_oid, slave_oid) values (nextval(\'hibernate_sequence\'), 0, $1, $2)', [master, slave]); // prettier-ignore
    const { modified } = await rowOf(app, slave);
    expect(await hae({ hetu, ...NIMET })).toMatchObject({ status: 200, body: { oid: slave, oppijanumero: master } });
    expect(await organisaatiotOf(slave)).toEqual([YLIOPISTO]);
    expect((await rowOf(app, slave)).modified).toEqual(modified);
  });

  it('has no learner number for a person that is not identified', async () => {
    const hetu = newHetu();
    const oid = await createHenkilo(app, { hetu, ...NIMET });
    const caller = userWith('1.2.246.562.24.99000000097', YLIOPISTO, 'YLEISTUNNISTE_LUONTI');
    expect((await app.as(caller).post('/yleistunniste/hae', { hetu, ...NIMET })).body).toEqual({ oid, oppijanumero: null }); // prettier-ignore
  });

  it('refuses a former hetu of somebody: 400 with the field', async () => {
    const hetu = newVtjHetu();
    const owner = await createHenkilo(app);
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [(await rowOf(app, owner)).id, hetu]); // prettier-ignore
    await app.peers.state({ vtj: { [hetu]: NIMET } });
    expect(await hae({ hetu, ...NIMET })).toMatchObject({
      status: 400,
      body: { fieldErrors: [{ field: 'hetu', code: 'socialsecuritynr.already.exists' }] },
    });
  });
});
