import { createHenkilo, newHetu, sahkoposti } from '../support/persons.js';
import { storeHuoltaja } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
/** Tables that hold a person, and how to get from its id to their rows. */
const TABLES: Readonly<Record<string, string>> = {
  henkilo: 'id = $1',
  yhteystiedotryhma: 'henkilo_id = $1',
  yhteystiedot: 'yhteystiedotryhma_id in (select id from yhteystiedotryhma where henkilo_id = $1)',
  henkilo_passinumero: 'henkilo_id = $1',
  henkilo_kansalaisuus: 'henkilo_id = $1',
  henkilo_organisaatio: 'henkilo_id = $1',
  henkilo_hetu: 'henkilo_id = $1',
  identification: 'henkilo_id = $1',
  henkilo_huoltaja_suhde: 'lapsi_id = $1 or huoltaja_id = $1',
  kielisyys: 'id in (select aidinkieli_id from henkilo where id = $1)',
  kansalaisuus: 'id in (select kansalaisuus_id from henkilo_kansalaisuus where henkilo_id = $1)',
  henkilo_aud: 'id = $1',
  henkilo_kansalaisuus_aud: 'henkilo_id = $1',
  henkilo_passinumero_aud: 'henkilo_id = $1',
};

/** Every row by table, with the transaction that wrote it. */
async function written(id: number): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const [table, condition] of Object.entries(TABLES)) {
    const found = await app.query<{ key: string }>(`select ctid || ' ' || xmin as key from ${table} where ${condition} order by 1`, [id]); // prettier-ignore
    rows[table] = found.map(({ key }) => key);
  }
  return rows;
}
/** Tables in which a row was written or removed by the change. */
async function touched(id: number, change: () => Promise<{ status: number }>): Promise<string[]> {
  const before = await written(id);
  expect((await change()).status).toBe(200);
  const after = await written(id);
  return Object.keys(TABLES).filter((table) => JSON.stringify(before[table]) !== JSON.stringify(after[table]));
}

let oid: string;
let id: number;
let whole: Record<string, unknown>;
beforeEach(async () => {
  const lapsi = await createHenkilo(app);
  oid = await createHenkilo(app, {
    hetu: newHetu(),
    aidinkieli: { kieliKoodi: 'fi' },
    asiointiKieli: { kieliKoodi: 'sv' },
    kansalaisuus: [{ kansalaisuusKoodi: '246' }, { kansalaisuusKoodi: '752' }],
    passinumerot: [`T-${lapsi}`, `U-${lapsi}`],
    yhteystiedotRyhma: [sahkoposti('a@example.fi'), sahkoposti('b@example.fi', { readOnly: true })],
    kotikunta: '091',
  });
  await keeper().post(`/henkilo/${oid}/identification`, { idpEntityId: 'google', identifier: `touch-${oid}` });
  id = Number((await app.query('select id from henkilo where oidhenkilo = $1', [oid]))[0]!.id);
  const lapsiId = Number((await app.query('select id from henkilo where oidhenkilo = $1', [lapsi]))[0]!.id);
  await storeHuoltaja(app, { id: lapsiId, oid: lapsi }, { id, oid });
  whole = (await keeper().get(`/henkilo/${oid}`)).body as Record<string, unknown>;
});

const put = (values: object) => () => keeper().put('/henkilo', { oidHenkilo: oid, ...values });

it.each<[string, object]>([
  ['nothing', {}],
  ['a surname', { sukunimi: 'Muu' }],
])('an update of %s writes the person and its history, and nothing else', async (_, values) => {
  expect(await touched(id, put(values))).toEqual(['henkilo', 'henkilo_aud']);
});

it('a whole person that is sent back with one change writes the person and its history only', async () => {
  expect(await touched(id, put({ ...whole, sukunimi: 'Takaisin' }))).toEqual(['henkilo', 'henkilo_aud']);
});

it('an update of one contact value writes that value', async () => {
  const before = await app.query('select id from yhteystiedotryhma where henkilo_id = $1 order by 1', [id]);
  const tables = await touched(id, put({ yhteystiedotRyhma: [sahkoposti('c@example.fi'), ...(whole.yhteystiedotRyhma as object[])] })); // prettier-ignore
  expect(tables).toEqual(['henkilo', 'yhteystiedotryhma', 'yhteystiedot', 'henkilo_aud']);
  const after = await app.query('select id from yhteystiedotryhma where henkilo_id = $1 order by 1', [id]);
  expect(after.slice(0, 2)).toEqual(before);
  expect(after).toHaveLength(3);
});

it('an update of one nationality keeps the row of the other', async () => {
  const row = async () => (await app.query<{ key: string }>(`select x.ctid || ' ' || x.xmin as key from henkilo_kansalaisuus x join kansalaisuus k on k.id = x.kansalaisuus_id where henkilo_id = $1 and kansalaisuuskoodi = '246'`, [id]))[0]!.key; // prettier-ignore
  const before = await row();
  const change = put({ kansalaisuus: [{ kansalaisuusKoodi: '246' }, { kansalaisuusKoodi: '233' }] });
  const tables = await touched(id, change);
  expect(tables.filter((table) => table !== 'kansalaisuus')).toEqual(['henkilo', 'henkilo_kansalaisuus', 'henkilo_aud', 'henkilo_kansalaisuus_aud']); // prettier-ignore
  expect(await row()).toBe(before);
});

it('one more passport number keeps the rows of the others', async () => {
  const numbers = (whole.passinumerot as string[] | undefined) ?? (await app.query<{ p: string }>('select passinumero as p from henkilo_passinumero where henkilo_id = $1', [id])).map(({ p }) => p); // prettier-ignore
  const rows = () => app.query(`select ctid || ' ' || xmin as key from henkilo_passinumero where henkilo_id = $1 and passinumero = any ($2) order by 1`, [id, numbers]); // prettier-ignore
  const before = await rows();
  const change = () => keeper().post(`/henkilo/${oid}/passinumerot`, [...numbers, `V-${oid}`]);
  expect(await touched(id, change)).toEqual(['henkilo', 'henkilo_passinumero', 'henkilo_aud', 'henkilo_passinumero_aud']); // prettier-ignore
  expect(await rows()).toEqual(before);
});

it('one more login identifier writes it and the person', async () => {
  const change = () => keeper().post(`/henkilo/${oid}/identification`, { idpEntityId: 'email', identifier: `touch-${oid}` }); // prettier-ignore
  expect(await touched(id, change)).toEqual(['henkilo', 'identification', 'henkilo_aud']);
});
