import { OptimisticLockError } from '../../src/common/errors.js';
import { createDataSource, type OnrDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { History } from '../../src/history/history.js';
import { YhteystiedotRepository } from '../../src/yhteystiedot/yhteystiedot.repository.js';
import { ENTITIES } from '../../src/entities.js';
import { HenkiloStore } from '../../src/henkilo/muutos/henkilo.store.js';
import { KoodiriviRepository } from '../../src/koodit/koodirivi.repository.js';
import { LoadedHenkilo } from '../../src/henkilo/muutos/loaded-henkilo.model.js';
import { HuoltajaSuhdeRepository } from '../../src/huoltajat/huoltaja-suhde.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const EVERYTHING_BUT_DATE = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout',
  'clearImmediate', 'clearInterval', 'clearTimeout',
] as const; // prettier-ignore

let database: TestDatabase;
let dataSource: OnrDataSource;
let db: Database;
let store: HenkiloStore;
let koodirivit: KoodiriviRepository;
let huoltajat: HuoltajaSuhdeRepository;
let nextOid = 1;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, poolSize: 10 }, ENTITIES).initialize();
  db = new Database(dataSource);
  const history = new History(db);
  store = new HenkiloStore(db, history, new YhteystiedotRepository(db));
  koodirivit = new KoodiriviRepository(db);
  huoltajat = new HuoltajaSuhdeRepository(db, history);
});
afterAll(async () => {
  await db.onApplicationShutdown();
  await database.drop();
});

/** @returns false when the OID is taken */
const insertRow = async (henkilo: LoadedHenkilo) => (await store.insertAll([henkilo])).length === 0;
const insert = (values: Partial<LoadedHenkilo> = {}): Promise<LoadedHenkilo> =>
  db.transaction(async () => {
    const now = new Date();
    const henkilo = LoadedHenkilo.create({
      etunimet: 'Aino Maria', kutsumanimi: 'Aino', sukunimi: 'Kokeilu', oidHenkilo: `1.2.246.562.24.9${String(nextOid++).padStart(10, '0')}`,
      created: now, modified: now, ...values,
    }); // prettier-ignore
    expect(await insertRow(henkilo)).toBe(true);
    return henkilo;
  });
const change = (oid: string, work: (henkilo: LoadedHenkilo) => void | Promise<void>): Promise<void> =>
  db.transaction(async () => {
    const henkilo = await store.lockOne(oid);
    await work(henkilo);
    await store.save(henkilo);
  });
const read = (oid: string): Promise<LoadedHenkilo> => db.transaction(() => store.lockOne(oid));
const historyOf = (table: string, key: string, id: number) =>
  db.query<Record<string, unknown>>(`select * from ${table} where ${key} = $1 order by rev`, [id]);
const ryhma = (arvo: string, alkupera = 'alkupera2') => ({
  id: null, ryhmaKuvaus: 'yhteystietotyyppi1', ryhmaAlkuperaTieto: alkupera, readOnly: false,
  yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI' as const, yhteystietoArvo: arvo }],
}); // prettier-ignore

describe('person store', () => {
  it('stores a person with all it owns and reads the same back', async () => {
    const made = await insert({
      syntymaaika: '1990-02-28',
      aidinkieliId: await koodirivit.kieliId('fi'),
      kaikkiHetut: new Set(['010190-900P']),
      passinumerot: new Set(['P1', 'P2']),
      kansalaisuusIds: await koodirivit.kansalaisuusIds(['246', '752']),
      organisaatioIds: await koodirivit.organisaatioIds(['1.2.246.562.10.1']),
      yhteystiedotRyhma: [ryhma('a@example.com'), ryhma('b@example.com')],
      identifications: [{ id: null, idpEntityId: 'email', identifier: 'a@example.com' }],
    });
    const loaded = await read(made.oidHenkilo);
    expect(loaded).toEqual(made);
    expect(loaded).not.toBe(made);
    expect(loaded.syntymaaika).toBe('1990-02-28');
    expect(loaded.yhteystiedotRyhma.map((g) => g.id)).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('writes one revision for a new person, its sets included', async () => {
    const henkilo = await insert({
      passinumerot: new Set(['P-rev']),
      kansalaisuusIds: await koodirivit.kansalaisuusIds(['246']),
      organisaatioIds: await koodirivit.organisaatioIds(['1.2.246.562.10.2']),
    });
    const [row, ...more] = await historyOf('henkilo_aud', 'id', henkilo.id);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ revtype: 0, etunimet: 'Aino Maria', created: henkilo.created, yksiloityeidas: false });
    for (const table of ['henkilo_passinumero_aud', 'henkilo_kansalaisuus_aud', 'henkilo_organisaatio_aud']) {
      expect(await historyOf(table, 'henkilo_id', henkilo.id)).toMatchObject([{ revtype: 0, rev: row!.rev }]);
    }
    const [revision] = await db.query<{ revtstmp: number }>('select revtstmp from revinfo where rev = $1', [row!.rev]);
    expect(Math.abs(revision!.revtstmp - Date.now())).toBeLessThan(60_000);
  });

  it('notes only the elements that differ when a set is replaced', async () => {
    const { oidHenkilo, id } = await insert({ passinumerot: new Set(['A1', 'A2']) });
    await change(oidHenkilo, (h) => void (h.passinumerot = new Set(['A2', 'A3'])));
    const rows = await historyOf('henkilo_passinumero_aud', 'henkilo_id', id);
    expect(rows.slice(2).map((r) => [r.passinumero, r.revtype])).toEqual(expect.arrayContaining([['A1', 2], ['A3', 0]])); // prettier-ignore
    expect(rows).toHaveLength(4);
    expect((await historyOf('henkilo_aud', 'id', id)).map((r) => r.revtype)).toEqual([0, 1]);
  });

  it('writes no history when nothing changed, and none for contact details alone', async () => {
    const { oidHenkilo, id, version } = await insert({ yhteystiedotRyhma: [ryhma('a@example.com')] });
    await change(oidHenkilo, () => undefined);
    expect((await read(oidHenkilo)).version).toBe(version);
    await change(oidHenkilo, (h) => void (h.yhteystiedotRyhma = []));
    expect((await read(oidHenkilo)).version).toBe(version + 1);
    expect(await historyOf('henkilo_aud', 'id', id)).toHaveLength(1);
  });

  it('keeps the id of an unchanged contact group and removes the values of a dropped one', async () => {
    const { oidHenkilo, yhteystiedotRyhma } = await insert({
      yhteystiedotRyhma: [ryhma('keep@example.com'), ryhma('drop@example.com')],
    });
    await change(oidHenkilo, (h) => void (h.yhteystiedotRyhma = [ryhma('new@example.com'), ryhma('keep@example.com')]));
    const after = (await read(oidHenkilo)).yhteystiedotRyhma;
    expect(after[0]).toEqual(yhteystiedotRyhma[0]);
    expect(after[1]).toMatchObject({ yhteystieto: [{ yhteystietoArvo: 'new@example.com' }] });
    const left = await db.query('select 1 from yhteystiedot where yhteystiedotryhma_id = $1', [
      yhteystiedotRyhma[1]!.id,
    ]);
    expect(left).toEqual([]);
  });

  it('deletes VTJ contact details for good when turvakielto begins', async () => {
    const { oidHenkilo } = await insert({
      yhteystiedotRyhma: [ryhma('vtj@example.com', 'alkupera1'), ryhma('own@example.com')],
    });
    await change(oidHenkilo, (h) => void (h.turvakielto = true));
    expect((await read(oidHenkilo)).yhteystiedotRyhma).toMatchObject([{ ryhmaAlkuperaTieto: 'alkupera2' }]);
    expect(await db.query(`select 1 from yhteystiedot where yhteystieto_arvo = 'vtj@example.com'`)).toEqual([]);
  });

  it('leaves nothing behind when the transaction fails', async () => {
    const { oidHenkilo, id } = await insert();
    await expect(
      db.transaction(async () => {
        const henkilo = await store.lockOne(oidHenkilo);
        henkilo.sukunimi = 'Peruttu';
        await store.save(henkilo);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await read(oidHenkilo)).sukunimi).toBe('Kokeilu');
    expect(await historyOf('henkilo_aud', 'id', id)).toHaveLength(1);
  });

  it('lets fifty writers of one person through one after another', async () => {
    const { oidHenkilo, id } = await insert({ sukunimi: '0' });
    const increment = () => change(oidHenkilo, (h) => void (h.sukunimi = String(Number(h.sukunimi) + 1)));
    await Promise.all(Array.from({ length: 50 }, increment));
    expect((await read(oidHenkilo)).sukunimi).toBe('50');
    expect(await historyOf('henkilo_aud', 'id', id)).toHaveLength(51);
  });

  it('refuses to overwrite a row that was changed behind its back', async () => {
    const { oidHenkilo } = await insert();
    await expect(
      change(oidHenkilo, async (h) => {
        await db.execute('update henkilo set version = version + 1 where id = $1', [h.id]);
        h.sukunimi = 'Toinen';
      }),
    ).rejects.toThrow(OptimisticLockError);
  });

  it('touches slaves with the instant of their master', async () => {
    const master = await insert();
    const slave = await insert({ kasittelijaOid: 'ennen' });
    await db.execute(`insert into henkiloviite (id, version, master_oid, slave_oid) values (-1, 0, $1, $2)`, [
      master.oidHenkilo,
      slave.oidHenkilo,
    ]);
    await db.transaction(async () => {
      const henkilo = await store.lockOne(master.oidHenkilo);
      henkilo.modified = new Date('2030-01-01T00:00:00.123Z');
      await store.save(henkilo);
      expect(await store.touchSlavesOf([henkilo], henkilo.modified, null)).toEqual(
        new Map([[master.oidHenkilo, [slave.oidHenkilo]]]),
      );
    });
    expect(await read(slave.oidHenkilo)).toMatchObject({
      modified: new Date('2030-01-01T00:00:00.123Z'),
      kasittelijaOid: 'ennen',
      version: 1,
    });
    expect((await historyOf('henkilo_aud', 'id', slave.id)).map((r) => r.revtype)).toEqual([0, 1]);
  });

  it('stamps changes, relations and revisions by the clock of the database, whatever the process’s says', async () => {
    const { oidHenkilo, id } = await insert();
    const { id: huoltajaId } = await insert();
    let modified: Date | null = null;
    jest.useFakeTimers({ now: new Date('2100-01-01T00:00:00Z'), doNotFake: [...EVERYTHING_BUT_DATE] });
    try {
      await db.transaction(async () => {
        const henkilo = await store.lockOne(oidHenkilo);
        henkilo.sukunimi = 'Toinen';
        await store.save(henkilo, { stamp: true });
        modified = henkilo.modified;
        await huoltajat.replace(id, [{ huoltajaId, alkupvm: null, loppupvm: null }]);
      });
    } finally {
      jest.useRealTimers();
    }
    const instants = await db.query<Record<string, number>>(
      `select h.version, h.modified >= h.created and h.modified <= now() at time zone 'UTC' as modified,
              s.created = s.updated and s.updated between h.modified and (now() at time zone 'UTC') as updated,
              to_timestamp(r.revtstmp / 1000.0) between (h.modified at time zone 'UTC') and now() as revision
         from henkilo h join henkilo_huoltaja_suhde s on s.lapsi_id = h.id
         join henkilo_aud a on a.id = h.id and a.revtype = 1 join revinfo r on r.rev = a.rev where h.id = $1`,
      [id],
    );
    expect((await read(oidHenkilo)).modified).toEqual(modified);
    expect(instants).toEqual([{ version: 1, modified: true, updated: true, revision: true }]);
  });

  it('says when an OID is taken', async () => {
    const { oidHenkilo } = await insert();
    const taken = LoadedHenkilo.create({
      etunimet: 'A',
      kutsumanimi: 'A',
      sukunimi: 'B',
      oidHenkilo,
      created: new Date(),
      modified: new Date(),
    });
    expect(await db.transaction(() => insertRow(taken))).toBe(false);
  });
});

describe('guardian relations', () => {
  it('keep what is unchanged, update dates, and leave their full last state when removed', async () => {
    const lapsi = await insert();
    const [a, b] = [await insert(), await insert()];
    const suhde = (h: LoadedHenkilo, loppupvm: string | null = null) => ({
      huoltajaId: h.id,
      alkupvm: '2015-01-01',
      loppupvm,
    });
    await db.transaction(() => huoltajat.replace(lapsi.id, [suhde(a), suhde(b)]));
    const [first] = await huoltajat.listByLapsi(lapsi.id);
    expect(await db.transaction(() => huoltajat.replace(lapsi.id, [suhde(b), suhde(a)]))).toBe(false);
    await db.transaction(() => huoltajat.replace(lapsi.id, [suhde(a, '2020-01-01')]));
    expect(await huoltajat.listByLapsi(lapsi.id)).toEqual([
      { ...first, loppupvm: '2020-01-01', version: 1, updated: expect.any(Date) },
    ]);
    const rows = await historyOf('henkilo_huoltaja_suhde_aud', 'lapsi_id', lapsi.id);
    expect(rows.map((r) => [r.huoltaja_id, r.revtype, r.alkupvm, r.loppupvm])).toEqual(
      expect.arrayContaining([
        [a.id, 0, '2015-01-01', null], [b.id, 0, '2015-01-01', null],
        [a.id, 1, '2015-01-01', '2020-01-01'], [b.id, 2, '2015-01-01', null],
      ]),
    ); // prettier-ignore
    expect(rows).toHaveLength(4);
  });
});

describe('statements of the history', () => {
  it('are the same whatever was changed first', async () => {
    const [lapsi, huoltaja] = [await insert(), await insert()];
    const suhde = (alkupvm: string) => ({ huoltajaId: huoltaja.id, alkupvm, loppupvm: null });
    await db.transaction(() => huoltajat.replace(lapsi.id, [suhde('2015-01-01')]));
    const addPassi = (passinumero: string) =>
      change(lapsi.oidHenkilo, (henkilo) => void henkilo.passinumerot.add(passinumero));
    const writes = jest.spyOn(db, 'prepared');
    await db.transaction(async () => {
      await addPassi('P-1');
      await huoltajat.replace(lapsi.id, [suhde('2016-01-01')]);
    });
    await db.transaction(async () => {
      await huoltajat.replace(lapsi.id, [suhde('2017-01-01')]);
      await addPassi('P-2');
    });
    const statements = writes.mock.calls
      .filter(([name]) => name.startsWith('history'))
      .map(([name, sql]) => [name, sql]);
    writes.mockRestore();
    expect(statements).toHaveLength(2);
    expect(statements[0]).toEqual(statements[1]);
    const rows = await historyOf('henkilo_huoltaja_suhde_aud', 'lapsi_id', lapsi.id);
    expect(rows.map((r) => [r.revtype, r.alkupvm])).toEqual([[0, '2015-01-01'], [1, '2016-01-01'], [1, '2017-01-01']]); // prettier-ignore
    const passit = await historyOf('henkilo_passinumero_aud', 'henkilo_id', lapsi.id);
    expect(passit.map((r) => [r.revtype, r.passinumero, r.rev])).toEqual([
      [0, 'P-1', rows[1]!.rev], [0, 'P-2', rows[2]!.rev],
    ]); // prettier-ignore
  });
});

describe('code rows', () => {
  it('make one row for one code, however many ask at once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => koodirivit.kansalaisuusIds(['998', '999'])));
    expect(new Set(ids.map((set) => [...set].join())).size).toBe(1);
    expect(await db.query(`select 1 from kansalaisuus where kansalaisuuskoodi in ('998', '999')`)).toHaveLength(2);
    const kielet = await Promise.all(Array.from({ length: 30 }, () => koodirivit.kieliId('se')));
    expect(new Set(kielet).size).toBe(1);
  });
});
