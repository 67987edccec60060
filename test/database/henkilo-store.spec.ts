import type { Database } from '../../src/database/database.js';
import { History } from '../../src/history/history.js';
import { YhteystiedotRepository } from '../../src/yhteystiedot/yhteystiedot.repository.js';
import { ENTITIES } from '../../src/entities.js';
import { HenkiloStore } from '../../src/henkilo/muutos/henkilo.store.js';
import { LoadedHenkilo } from '../../src/henkilo/muutos/loaded-henkilo.model.js';
import { useDatabase } from '../support/use-database.js';

const CREATED = new Date('2026-01-02T03:04:05.678Z');
const CHANGED = new Date('2026-02-03T04:05:06.789Z');

describe('many persons at once', () => {
  let db: Database;
  let store: HenkiloStore;

  useDatabase((opened) => (db = opened), { poolSize: 2, entities: ENTITIES });
  beforeAll(async () => {
    store = new HenkiloStore(db, new History(db), new YhteystiedotRepository(db));
    await db.execute(`insert into organisaatio (id, version, oid) values (1, 0, '1.2.246.562.10.1')`);
    await db.execute(`insert into kansalaisuus (id, version, kansalaisuuskoodi) values (1, 0, '246'), (2, 0, '999')`);
  });

  const newHenkilo = (n: number) =>
    LoadedHenkilo.create({
      etunimet: 'Aino',
      kutsumanimi: 'Aino',
      sukunimi: `Testi ${n}`,
      oidHenkilo: `1.2.246.562.24.${n}`,
      syntymaaika: '2000-02-29',
      created: CREATED,
      modified: CREATED,
      vtjsynced: CREATED,
      kansalaisuusIds: new Set([1]),
      organisaatioIds: new Set([1]),
      passinumerot: new Set([`P${n}`]),
      identifications: [{ id: null, idpEntityId: 'email', identifier: `aino${n}@example.fi` }],
      yhteystiedotRyhma: [
        {
          id: null,
          ryhmaKuvaus: 'yhteystietotyyppi1',
          ryhmaAlkuperaTieto: 'alkupera2',
          readOnly: false,
          yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_KUNTA', yhteystietoArvo: 'Utsjoki' }],
        },
      ],
    });

  it('are inserted whole, save the one whose OID is taken', async () => {
    const taken = newHenkilo(1);
    const second = newHenkilo(2);
    const refused = await db.transaction(() => store.insertAll([newHenkilo(1), second, newHenkilo(3), taken]));
    expect(refused).toEqual([taken]);

    const loaded = await db.transaction(() => store.lockOne('1.2.246.562.24.2'));
    expect(loaded).toMatchObject({
      ...newHenkilo(2),
      id: second.id,
      created: second.created,
      modified: second.created,
      identifications: [{ identifier: 'aino2@example.fi' }],
      yhteystiedotRyhma: [{ readOnly: false }],
    });
    const aud = await db.query('select id, revtype, sukunimi from henkilo_aud order by id');
    expect(aud).toMatchObject([1, 2, 3].map((n) => ({ revtype: 0, sukunimi: `Testi ${n}` })));
    expect(await db.query('select distinct rev from henkilo_passinumero_aud')).toHaveLength(1);
  });

  it('are saved with only what differs, and slaves are touched once', async () => {
    await db.execute(
      `insert into henkiloviite (id, version, master_oid, slave_oid) values (1, 0, '1.2.246.562.24.1', '1.2.246.562.24.3')`,
    );
    const slaves = await db.transaction(async () => {
      const loaded = [...(await store.lock(['1.2.246.562.24.1', '1.2.246.562.24.2'])).values()];
      for (const henkilo of loaded) henkilo.modified = CHANGED;
      loaded[0]!.kansalaisuusIds.add(2);
      loaded[1]!.passinumerot.clear();
      await store.saveAll(loaded);
      return store.touchSlavesOf(loaded, CHANGED, null);
    });
    expect(slaves).toEqual(new Map([['1.2.246.562.24.1', ['1.2.246.562.24.3']]]));
    const rows = await db.query(
      `select oidhenkilo as oid, version, modified,
              (select array_agg(kansalaisuus_id::int8 order by 1) from henkilo_kansalaisuus where henkilo_id = h.id) as kansalaisuus,
              (select array_agg(passinumero) from henkilo_passinumero where henkilo_id = h.id) as passit
         from henkilo h order by 1`,
    );
    expect(rows).toEqual([
      { oid: '1.2.246.562.24.1', version: 1, modified: CHANGED, kansalaisuus: [1, 2], passit: ['P1'] },
      { oid: '1.2.246.562.24.2', version: 1, modified: CHANGED, kansalaisuus: [1], passit: null },
      { oid: '1.2.246.562.24.3', version: 1, modified: CHANGED, kansalaisuus: [1], passit: ['P3'] },
    ]);
    expect(
      await db.query(
        'select kansalaisuus_id::int8 as id, revtype from henkilo_kansalaisuus_aud where rev = (select max(rev) from revinfo)',
      ),
    ).toEqual([{ id: 2, revtype: 0 }]);
    expect(await db.query('select revtype from henkilo_aud where rev = (select max(rev) from revinfo)')).toHaveLength(
      3,
    );
  });

  it('are not overwritten when one was changed meanwhile', async () => {
    const save = db.transaction(async () => {
      const loaded = [...(await store.lock(['1.2.246.562.24.1', '1.2.246.562.24.2'])).values()];
      for (const henkilo of loaded) henkilo.sukunimi = 'Uusi';
      loaded[1]!.version--;
      await store.saveAll(loaded);
    });
    await expect(save).rejects.toThrow('Henkilö 1.2.246.562.24.2 was changed by another transaction');
    expect(await db.query(`select 1 from henkilo where sukunimi = 'Uusi'`)).toEqual([]);
  });
});
