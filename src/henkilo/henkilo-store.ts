import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { History, type HistorySet } from '../database/history.js';
import { NotFoundError, OptimisticLockError } from '../common/errors.js';
import { Henkilo } from './entities/henkilo.entity.js';
import { ALKUPERA_VTJ } from './henkilo-koodit.js';
import {
  LoadedHenkilo,
  type LoadedEidasTunniste,
  type LoadedIdentification,
  type LoadedYhteystiedotRyhma,
} from './loaded-henkilo.js';

/** The state that the database is known to hold; what differs from it is written by the next save. */
interface Stored {
  readonly columns: readonly unknown[];
  readonly kaikkiHetut: ReadonlySet<string>;
  readonly passinumerot: ReadonlySet<string>;
  readonly kansalaisuusIds: ReadonlySet<number>;
  readonly organisaatioIds: ReadonlySet<number>;
  /** Content of each stored group by id. */
  readonly ryhmat: ReadonlyMap<number, string>;
  readonly identificationIds: ReadonlySet<number>;
  readonly eidasIds: ReadonlySet<number>;
}

interface CollectionsRow {
  kaikkiHetut: string[] | null;
  passinumerot: string[] | null;
  kansalaisuusIds: number[] | null;
  organisaatioIds: number[] | null;
  yhteystiedotRyhma: LoadedYhteystiedotRyhma[] | null;
  identifications: LoadedIdentification[] | null;
  eidasTunnisteet: LoadedEidasTunniste[] | null;
}

/** Plain sets of a person: property, table, element column and its type, and whether the set has a history. */
const SETS = [
  { property: 'kaikkiHetut', table: 'henkilo_hetu', column: 'hetu', type: 'text', history: null },
  { property: 'passinumerot', table: 'henkilo_passinumero', column: 'passinumero', type: 'text', history: 'henkilo_passinumero' },
  { property: 'kansalaisuusIds', table: 'henkilo_kansalaisuus', column: 'kansalaisuus_id', type: 'bigint', history: 'henkilo_kansalaisuus' },
  { property: 'organisaatioIds', table: 'henkilo_organisaatio', column: 'organisaatio_id', type: 'bigint', history: 'henkilo_organisaatio' },
] as const satisfies readonly { property: keyof LoadedHenkilo; table: string; column: string; type: string; history: HistorySet | null }[]; // prettier-ignore

const COLLECTIONS_SQL = `
  (select array_agg(x.hetu order by x.hetu) from henkilo_hetu x where x.henkilo_id = h.id) as "kaikkiHetut",
  (select array_agg(x.passinumero order by x.passinumero) from henkilo_passinumero x where x.henkilo_id = h.id) as "passinumerot",
  (select array_agg(x.kansalaisuus_id::int8 order by x.kansalaisuus_id) from henkilo_kansalaisuus x where x.henkilo_id = h.id) as "kansalaisuusIds",
  (select array_agg(x.organisaatio_id order by x.organisaatio_id) from henkilo_organisaatio x where x.henkilo_id = h.id) as "organisaatioIds",
  (select json_agg(json_build_object('id', g.id, 'ryhmaKuvaus', g.ryhmakuvaus, 'ryhmaAlkuperaTieto', g.ryhma_alkuperatieto, 'readOnly', g.read_only,
      'yhteystieto', coalesce((select json_agg(json_build_object('yhteystietoTyyppi', y.yhteystieto_tyyppi, 'yhteystietoArvo', y.yhteystieto_arvo) order by y.id)
                                 from yhteystiedot y where y.yhteystiedotryhma_id = g.id), '[]')) order by g.id)
     from yhteystiedotryhma g where g.henkilo_id = h.id) as "yhteystiedotRyhma",
  (select json_agg(json_build_object('id', i.id, 'idpEntityId', i.idpentityid, 'identifier', i.identifier) order by i.id)
     from identification i where i.henkilo_id = h.id) as "identifications",
  (select json_agg(json_build_object('id', e.id, 'tunniste', e.tunniste, 'createdBy', e.createdby) order by e.id)
     from eidastunniste e where e.henkilo_id = h.id) as "eidasTunnisteet"`;

/**
 * Loads persons with all they own under lock and saves what changed: only the rows that differ, the version counted
 * up and compared, history noted. Within one transaction a person is one object, whoever asks for it.
 */
@Injectable()
export class HenkiloStore {
  private readonly stored = new WeakMap<LoadedHenkilo, Stored>();
  private readonly properties: readonly (keyof Henkilo & string)[];
  private readonly loadSql: string;
  private readonly insertSql: string;
  private readonly updateSql: string;

  constructor(
    private readonly db: Database,
    private readonly history: History,
  ) {
    const columns = db.columnsOf(Henkilo).filter((c) => !['id', 'version'].includes(c.column));
    this.properties = columns.map((c) => c.property as keyof Henkilo & string);
    const names = columns.map((c) => c.column);
    this.loadSql = `select h.id, h.version, ${columns.map((c) => `h.${c.column} as "${c.property}"`).join(', ')}, ${COLLECTIONS_SQL}
      from henkilo h where h.oidhenkilo = any($1) order by h.id`;
    this.insertSql = `insert into henkilo (id, version, ${names.join(', ')})
      values (nextval('hibernate_sequence'), 0, ${names.map((_, i) => `$${i + 1}`).join(', ')})
      on conflict (oidhenkilo) do nothing returning id`;
    this.updateSql = `update henkilo set version = version + 1, ${names.map((name, i) => `${name} = $${i + 3}`).join(', ')}
      where id = $1 and version = $2`;
  }

  /**
   * Locks the persons and every slave of theirs until the end of the transaction, in id order so that two callers
   * never wait for each other, and loads the persons. An unknown OID is absent from the answer. At most 5 000.
   */
  async lock(henkiloOids: readonly string[]): Promise<Map<string, LoadedHenkilo>> {
    const known = this.loadedByOid();
    const missing = henkiloOids.filter((oid) => !known.has(oid));
    if (missing.length > 0) {
      await this.lockRows(missing);
      for (const henkilo of await this.load(missing)) known.set(henkilo.oidHenkilo, henkilo);
    }
    return new Map(henkiloOids.flatMap((oid) => (known.has(oid) ? [[oid, known.get(oid)!]] : [])));
  }

  /** @throws NotFoundError there is no such person */
  async lockOne(henkiloOid: string | null | undefined): Promise<LoadedHenkilo> {
    const henkilo = henkiloOid ? (await this.lock([henkiloOid])).get(henkiloOid) : undefined;
    if (!henkilo) throw new NotFoundError(`Henkilö ${henkiloOid} not found`);
    return henkilo;
  }

  /**
   * Inserts a new person with all it owns; sets its id.
   * @returns false when the OID is taken: nothing is written
   */
  async insert(henkilo: LoadedHenkilo): Promise<boolean> {
    this.removeVtjYhteystiedotUnderTurvakielto(henkilo);
    const [row] = await this.db.prepared<{ id: number }>('henkilo-insert', this.insertSql, this.columnValues(henkilo));
    if (!row) return false;
    henkilo.id = row.id;
    henkilo.version = 0;
    this.stored.set(henkilo, NOTHING_STORED);
    this.loadedByOid().set(henkilo.oidHenkilo, henkilo);
    this.history.inserted('henkilo', henkilo.id);
    await this.saveCollections(henkilo, NOTHING_STORED);
    this.remember(henkilo);
    return true;
  }

  /**
   * Writes what differs from the database: the row if a column or an owned collection changed (then its version counts
   * up), and of the collections only the elements that came or went; an unchanged contact group keeps its id.
   * @param touch write the row and its history even when nothing differs
   * @throws OptimisticLockError another process wrote the row meanwhile without taking the lock
   */
  async save(henkilo: LoadedHenkilo, { touch = false } = {}): Promise<void> {
    const stored = this.stored.get(henkilo);
    if (!stored) throw new Error(`Henkilö ${henkilo.oidHenkilo} was not loaded by this store`);
    const values = this.columnValues(henkilo);
    const columnsChanged = touch || values.some((value, i) => !same(value, stored.columns[i]));
    if (columnsChanged) this.removeVtjYhteystiedotUnderTurvakielto(henkilo);
    const collectionsChanged = await this.saveCollections(henkilo, stored);
    if (columnsChanged || collectionsChanged) {
      const count = await this.db.prepared<{ id: number }>('henkilo-update', `${this.updateSql} returning id`, [
        henkilo.id,
        henkilo.version,
        ...values,
      ]);
      if (count.length === 0)
        throw new OptimisticLockError(`Henkilö ${henkilo.oidHenkilo} was changed by another transaction`);
      henkilo.version++;
      if (columnsChanged) this.history.updated('henkilo', henkilo.id);
    }
    this.remember(henkilo);
  }

  /**
   * Marks the slaves of a person as modified at the same instant (spec henkilo 0.5 step 5).
   * @param kasittelijaOid who changes them; null: keep
   * @returns their OIDs, in id order
   */
  async touchSlaves(master: LoadedHenkilo, kasittelijaOid: string | null): Promise<string[]> {
    const slaves = await this.db.prepared<{ id: number; oid: string }>(
      'henkilo-touch-slaves',
      `with touched as (
         update henkilo set modified = $2, kasittelija = coalesce($3, kasittelija), version = version + 1
          where oidhenkilo in (select slave_oid from henkiloviite where master_oid = $1) returning id, oidhenkilo)
       select id, oidhenkilo as oid from touched order by id`,
      [master.oidHenkilo, master.modified, kasittelijaOid],
    );
    for (const { id, oid } of slaves) {
      this.history.updated('henkilo', id);
      const loaded = this.loadedByOid().get(oid);
      if (!loaded) continue;
      loaded.modified = master.modified;
      loaded.kasittelijaOid = kasittelijaOid ?? loaded.kasittelijaOid;
      loaded.version++;
      this.remember(loaded, { columnsOnly: true });
    }
    return slaves.map((slave) => slave.oid);
  }

  private loadedByOid(): Map<string, LoadedHenkilo> {
    return this.db.transactionState(HenkiloStore, () => new Map<string, LoadedHenkilo>());
  }

  private async lockRows(henkiloOids: readonly string[]): Promise<void> {
    await this.db.prepared(
      'henkilo-lock',
      `select id from henkilo where oidhenkilo = any (array(
          select unnest($1::text[]) union select slave_oid from henkiloviite where master_oid = any ($1::text[])))
        order by id for no key update`,
      [henkiloOids],
    );
  }

  private async load(henkiloOids: readonly string[]): Promise<LoadedHenkilo[]> {
    const rows = await this.db.prepared<Henkilo & CollectionsRow>('henkilo-load', this.loadSql, [henkiloOids]);
    return rows.map((row) => {
      const henkilo = Object.assign(new LoadedHenkilo(), row, {
        kaikkiHetut: new Set(row.kaikkiHetut),
        passinumerot: new Set(row.passinumerot),
        kansalaisuusIds: new Set(row.kansalaisuusIds),
        organisaatioIds: new Set(row.organisaatioIds),
        yhteystiedotRyhma: row.yhteystiedotRyhma ?? [],
        identifications: row.identifications ?? [],
        eidasTunnisteet: row.eidasTunnisteet ?? [],
      });
      this.remember(henkilo);
      return henkilo;
    });
  }

  private columnValues(henkilo: LoadedHenkilo): unknown[] {
    return this.properties.map((property) => henkilo[property]);
  }

  private remember(henkilo: LoadedHenkilo, { columnsOnly = false } = {}): void {
    const columns = this.columnValues(henkilo);
    const before = this.stored.get(henkilo);
    if (columnsOnly && before) {
      this.stored.set(henkilo, { ...before, columns });
      return;
    }
    this.stored.set(henkilo, {
      columns,
      kaikkiHetut: new Set(henkilo.kaikkiHetut),
      passinumerot: new Set(henkilo.passinumerot),
      kansalaisuusIds: new Set(henkilo.kansalaisuusIds),
      organisaatioIds: new Set(henkilo.organisaatioIds),
      ryhmat: new Map(henkilo.yhteystiedotRyhma.map((ryhma) => [ryhma.id!, contentOf(ryhma)])),
      identificationIds: new Set(henkilo.identifications.map((i) => i.id!)),
      eidasIds: new Set(henkilo.eidasTunnisteet.map((e) => e.id!)),
    });
  }

  /** VTJ contact details of a person under turvakielto are deleted, not only hidden (spec schema 12.8). */
  private removeVtjYhteystiedotUnderTurvakielto(henkilo: LoadedHenkilo): void {
    if (!henkilo.turvakielto) return;
    henkilo.yhteystiedotRyhma = henkilo.yhteystiedotRyhma.filter((ryhma) => ryhma.ryhmaAlkuperaTieto !== ALKUPERA_VTJ);
  }

  private async saveCollections(henkilo: LoadedHenkilo, stored: Stored): Promise<boolean> {
    let changed = false;
    for (const set of SETS) changed = (await this.saveSet(henkilo, stored, set)) || changed;
    changed = (await this.saveYhteystiedot(henkilo, stored)) || changed;
    changed = (await this.saveIdentifications(henkilo, stored)) || changed;
    return (await this.saveEidasTunnisteet(henkilo, stored)) || changed;
  }

  private async saveSet(henkilo: LoadedHenkilo, stored: Stored, set: (typeof SETS)[number]): Promise<boolean> {
    const now = henkilo[set.property] as ReadonlySet<string | number>;
    const before = stored[set.property] as ReadonlySet<string | number>;
    const removed = [...before].filter((element) => !now.has(element));
    const added = [...now].filter((element) => !before.has(element));
    if (removed.length > 0) {
      await this.db.execute(
        `delete from ${set.table} where henkilo_id = $1 and ${set.column} = any ($2::${set.type}[])`,
        [henkilo.id, removed],
      );
    }
    if (added.length > 0) {
      await this.db.execute(
        `insert into ${set.table} (henkilo_id, ${set.column}) select $1, unnest($2::${set.type}[])`,
        [henkilo.id, added],
      );
    }
    if (set.history) {
      for (const element of removed) this.history.element(set.history, henkilo.id, element, 'removed');
      for (const element of added) this.history.element(set.history, henkilo.id, element, 'added');
    }
    return removed.length + added.length > 0;
  }

  /** A group whose content is stored already is that group, whatever id it was given; the rest is written anew. */
  private async saveYhteystiedot(henkilo: LoadedHenkilo, stored: Stored): Promise<boolean> {
    const unmatched = new Map<string, number[]>();
    for (const [id, content] of stored.ryhmat) unmatched.set(content, [...(unmatched.get(content) ?? []), id]);
    const kept: LoadedYhteystiedotRyhma[] = [];
    const added: LoadedYhteystiedotRyhma[] = [];
    for (const ryhma of henkilo.yhteystiedotRyhma) {
      const id = unmatched.get(contentOf(ryhma))?.shift();
      if (id === undefined) added.push(ryhma);
      else kept.push({ ...ryhma, id });
    }
    const removed = [...unmatched.values()].flat();
    if (removed.length > 0) {
      await this.db.execute(
        `with arvot as (delete from yhteystiedot where yhteystiedotryhma_id = any ($1))
         delete from yhteystiedotryhma where id = any ($1)`,
        [removed],
      );
    }
    if (added.length > 0) {
      const ids = await this.db.nextIds(added.length);
      const arvot = added.flatMap((ryhma, i) => ryhma.yhteystieto.map((arvo) => ({ ...arvo, ryhmaId: ids[i] })));
      await this.db.execute(
        `with ryhmat as (
           insert into yhteystiedotryhma (id, version, henkilo_id, ryhmakuvaus, ryhma_alkuperatieto, read_only)
           select g.id, 0, $1, g.kuvaus, g.alkupera, g.read_only
             from unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[]) g (id, kuvaus, alkupera, read_only))
         insert into yhteystiedot (id, version, yhteystiedotryhma_id, yhteystieto_tyyppi, yhteystieto_arvo)
         select nextval('hibernate_sequence'), 0, y.ryhma_id, y.tyyppi, y.arvo
           from unnest($6::bigint[], $7::text[], $8::text[]) y (ryhma_id, tyyppi, arvo)`,
        [
          henkilo.id, ids, added.map((g) => g.ryhmaKuvaus), added.map((g) => g.ryhmaAlkuperaTieto), added.map((g) => g.readOnly),
          arvot.map((y) => y.ryhmaId), arvot.map((y) => y.yhteystietoTyyppi), arvot.map((y) => y.yhteystietoArvo),
        ], // prettier-ignore
      );
      kept.push(...added.map((ryhma, i) => ({ ...ryhma, id: ids[i]! })));
    }
    henkilo.yhteystiedotRyhma = kept;
    return removed.length + added.length > 0;
  }

  private async saveIdentifications(henkilo: LoadedHenkilo, stored: Stored): Promise<boolean> {
    const kept = new Set(henkilo.identifications.map((i) => i.id));
    const removed = [...stored.identificationIds].filter((id) => !kept.has(id));
    const added = henkilo.identifications.filter((i) => i.id === null);
    if (removed.length > 0) await this.db.execute('delete from identification where id = any ($1)', [removed]);
    if (added.length > 0) {
      const ids = await this.db.nextIds(added.length);
      await this.db.execute(
        `insert into identification (id, version, henkilo_id, idpentityid, identifier)
         select i.id, 0, $1, i.idp, i.identifier from unnest($2::bigint[], $3::text[], $4::text[]) i (id, idp, identifier)`,
        [henkilo.id, ids, added.map((i) => i.idpEntityId), added.map((i) => i.identifier)],
      );
      let next = 0;
      henkilo.identifications = henkilo.identifications.map((i) => (i.id === null ? { ...i, id: ids[next++]! } : i));
    }
    return removed.length + added.length > 0;
  }

  private async saveEidasTunnisteet(henkilo: LoadedHenkilo, stored: Stored): Promise<boolean> {
    const kept = new Set(henkilo.eidasTunnisteet.map((e) => e.id));
    const removed = [...stored.eidasIds].filter((id) => !kept.has(id));
    const added = henkilo.eidasTunnisteet.filter((e) => e.id === null);
    if (removed.length > 0) await this.db.execute('delete from eidastunniste where id = any ($1)', [removed]);
    if (added.length > 0) {
      const ids = await this.db.nextIds(added.length);
      await this.db.execute(
        `insert into eidastunniste (id, version, henkilo_id, tunniste, createdby)
         select e.id, 0, $1, e.tunniste, e.createdby from unnest($2::bigint[], $3::text[], $4::text[]) e (id, tunniste, createdby)`,
        [henkilo.id, ids, added.map((e) => e.tunniste), added.map((e) => e.createdBy)],
      );
      let next = 0;
      henkilo.eidasTunnisteet = henkilo.eidasTunnisteet.map((e) => (e.id === null ? { ...e, id: ids[next++]! } : e));
    }
    return removed.length + added.length > 0;
  }
}

const NOTHING_STORED: Stored = {
  columns: [],
  kaikkiHetut: new Set(),
  passinumerot: new Set(),
  kansalaisuusIds: new Set(),
  organisaatioIds: new Set(),
  ryhmat: new Map(),
  identificationIds: new Set(),
  eidasIds: new Set(),
};

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

/** Two groups with equal content are alike for everyone who reads them; the order of values means nothing. */
function contentOf({ ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly, yhteystieto }: LoadedYhteystiedotRyhma): string {
  const arvot = yhteystieto.map((y) => JSON.stringify([y.yhteystietoTyyppi, y.yhteystietoArvo])).sort();
  return JSON.stringify([ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly, arvot]);
}
