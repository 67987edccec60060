import { createHenkilo, newHetu, newVtjHetu } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { lukija, rekisterinpitaja, yleistunniste } from '../support/users.js';

const app = useTestApp();
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const exists = (body: unknown) => app.as(rekisterinpitaja).post('/henkilo/exists', body);
const hae = (body: unknown) => app.as(yleistunniste).post('/yleistunniste/hae', body);
const vtjQueries = async () => (await app.peers.traffic()).filter(({ peer }) => peer === 'vtjkysely').length;

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
