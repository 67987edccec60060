import { Injectable } from '@nestjs/common';
import { NOW_IN_UTC } from '../../database/columns.js';
import { Database } from '../../database/database.js';
import { OvertakenError } from '../../database/unavailable.js';
import { columnsOf, selectOf, tableOf, type EntityOf } from '../../database/entity-columns.js';
import { History } from '../../history/history.js';
import { OptimisticLockError, henkiloNotFound } from '../../common/errors.js';
import { HenkiloHetu } from '../entities/henkilo-hetu.entity.js';
import { HenkiloKansalaisuus } from '../entities/henkilo-kansalaisuus.entity.js';
import { HenkiloOrganisaatio } from '../entities/henkilo-organisaatio.entity.js';
import { HenkiloPassinumero } from '../entities/henkilo-passinumero.entity.js';
import { Henkilo } from '../entities/henkilo.entity.js';
import { ALKUPERA_VTJ } from '../../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { YhteystiedotRepository, type UusiRyhma } from '../../yhteystiedot/yhteystiedot.repository.js';
import { mastersOfNobody } from '../../henkiloviite/henkiloviite.repository.js';
import { LoadedHenkilo, type LoadedEidasTunniste, type LoadedIdentification } from './loaded-henkilo.model.js';
import { type LoadedYhteystiedotRyhma } from '../../yhteystiedot/loaded-yhteystiedot.model.js';

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

/** What `load` reads of a person. */
type LoadedRow = Henkilo & CollectionsRow & { hasSlaves: boolean };

/** A slave that `touchSlavesOf` marks. */
interface TouchedRow {
  id: number;
  oid: string;
  masterOids: string[];
  isLockedByAnother: boolean;
}

interface InsertedRow {
  id: number;
  oid: string;
  created: Date;
}

/** Plain sets of a person: property, entity, and whether the set has a history. */
const SETS = [
  { property: 'kaikkiHetut', ...setOf(HenkiloHetu), hasHistory: false },
  { property: 'passinumerot', ...setOf(HenkiloPassinumero), hasHistory: true },
  { property: 'kansalaisuusIds', ...setOf(HenkiloKansalaisuus), hasHistory: true },
  { property: 'organisaatioIds', ...setOf(HenkiloOrganisaatio), hasHistory: true },
] as const satisfies readonly { property: keyof LoadedHenkilo; entity: EntityOf<object>; hasHistory: boolean }[];

/** A table of two columns: the person, and the element with its type. */
function setOf<Entity extends { henkiloId: number }>(entity: EntityOf<Entity>) {
  const { column, type } = columnsOf(entity).find(({ property }) => property !== 'henkiloId')!;
  return { entity, table: tableOf(entity), column, type };
}

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

/** What a save compares and writes of the row; `version` is counted up by itself. */
const COLUMNS = columnsOf(Henkilo).filter(({ property }) => property !== 'id' && property !== 'version');
const COLUMN_NAMES = COLUMNS.map(({ column }) => column).join(', ');

const LOAD_SQL = `select ${selectOf(
  Henkilo,
  'h',
  columnsOf(Henkilo).map(({ property }) => property),
)}, ${COLLECTIONS_SQL},
    exists (select from henkiloviite v where v.master_oid = h.oidhenkilo) as "hasSlaves"
  from henkilo h where h.oidhenkilo = any (array(select unnest($1::text[]))) order by h.id`;

const INSERT_SQL = `insert into henkilo (id, version, ${COLUMN_NAMES})
  select nextval('hibernate_sequence'), 0,
         ${COLUMNS.map(({ column }) => (column === 'created' || column === 'modified' ? NOW_IN_UTC : `r.${column}`)).join(', ')}
    from jsonb_populate_recordset(null::henkilo, $1::jsonb) r
  on conflict (oidhenkilo) do nothing returning id, oidhenkilo as oid, created`;

/**
 * Loads persons with all they own under lock and saves what changed: only the rows that differ, the version counted
 * up and compared, history noted. Within one transaction a person is one object, whoever asks for it.
 *
 * The statements hide their lists from the planner in sub-selects: then one plan per connection serves. Planning them anew
 * for each list costs more than running them.
 */
@Injectable()
export class HenkiloStore {
  private readonly stored = new WeakMap<LoadedHenkilo, Stored>();

  constructor(
    private readonly db: Database,
    private readonly history: History,
    private readonly yhteystiedot: YhteystiedotRepository,
  ) {}

  /**
   * Locks the persons and every slave of theirs until the end of the transaction, in id order so that two callers
   * never wait for each other, and loads the persons. An unknown OID is absent from the answer. At most 5 000.
   * @param wait whether to wait for whoever has locked one of them; otherwise that is an error of the database
   */
  async lock(henkiloOids: readonly string[], { wait = true } = {}): Promise<Map<string, LoadedHenkilo>> {
    const known = this.loadedByOid();
    const missing = henkiloOids.filter((oid) => !known.has(oid));
    if (missing.length > 0) {
      const [, loaded] = await this.db.together(() => Promise.all([this.lockRows(missing, wait), this.load(missing)]));
      for (const henkilo of loaded) known.set(henkilo.oidHenkilo, henkilo);
    }
    return new Map(henkiloOids.flatMap((oid) => (known.has(oid) ? [[oid, known.get(oid)!]] : [])));
  }

  /** @throws NotFoundError there is no such person */
  async lockOne(henkiloOid: string | null | undefined): Promise<LoadedHenkilo> {
    const henkilo = henkiloOid ? (await this.lock([henkiloOid])).get(henkiloOid) : undefined;
    if (!henkilo) throw henkiloNotFound(henkiloOid);
    return henkilo;
  }

  /**
   * Inserts new persons with all they own, in a fixed number of statements; sets their ids and when they were created and
   * modified: now, by the database's clock.
   * @returns those whose OID is taken: nothing of them is written
   */
  async insertAll(henkilot: readonly LoadedHenkilo[]): Promise<LoadedHenkilo[]> {
    if (henkilot.length === 0) return [];
    for (const henkilo of henkilot) this.removeVtjYhteystiedotUnderTurvakielto(henkilo);
    const rows = JSON.stringify(henkilot.map((henkilo) => this.toRow(henkilo)));
    const made = await this.db.prepared<InsertedRow>('henkilo-insert', INSERT_SQL, [rows]);
    const byOid = new Map(made.map((row) => [row.oid, row]));
    const inserted = henkilot.filter((henkilo) => {
      const row = byOid.get(henkilo.oidHenkilo);
      if (!row) return false;
      byOid.delete(henkilo.oidHenkilo);
      henkilo.id = row.id;
      henkilo.version = 0;
      henkilo.created = henkilo.modified = row.created;
      this.stored.set(henkilo, NOTHING_STORED);
      this.loadedByOid().set(henkilo.oidHenkilo, henkilo);
      this.history.inserted(Henkilo, row.id);
      return true;
    });
    await this.saveCollections(inserted);
    for (const henkilo of inserted) this.remember(henkilo);
    return henkilot.filter((henkilo) => !inserted.includes(henkilo));
  }

  /**
   * Writes what differs from the database: the row if a column or an owned collection changed (then its version counts
   * up), and of the collections only the elements that came or went; an unchanged contact group keeps its id.
   * @param touch write the row and its history even when nothing differs
   * @param stamp as `touch`, and the persons are modified now, all at one instant of the database's clock, which they have then
   * @throws OptimisticLockError another process wrote the row meanwhile without taking the lock
   */
  save(henkilo: LoadedHenkilo, options: { touch?: boolean; stamp?: boolean } = {}): Promise<void> {
    return this.saveAll([henkilo], options);
  }

  /** As `save` for many persons, each at most once in the list; a fixed number of statements. */
  async saveAll(henkilot: readonly LoadedHenkilo[], { touch = false, stamp = false } = {}): Promise<void> {
    const columnsChanged = new Set<LoadedHenkilo>();
    const columns = new Set<number>();
    for (const henkilo of henkilot) {
      const before = this.storedOf(henkilo).columns;
      this.columnValues(henkilo).forEach((value, i) => {
        if (same(value, before[i]) || (stamp && COLUMNS[i]!.property === 'modified')) return;
        columnsChanged.add(henkilo);
        columns.add(i);
      });
      if (touch || stamp) columnsChanged.add(henkilo);
    }
    for (const henkilo of columnsChanged) this.removeVtjYhteystiedotUnderTurvakielto(henkilo);
    const collectionsChanged = await this.saveCollections(henkilot);
    const changed = henkilot.filter((henkilo) => columnsChanged.has(henkilo) || collectionsChanged.has(henkilo));
    if (changed.length > 0) await this.updateRows(changed, [...columns].sort(byNumber), stamp);
    for (const henkilo of changed) {
      henkilo.version++;
      if (columnsChanged.has(henkilo)) this.history.updated(Henkilo, henkilo.id);
    }
    for (const henkilo of henkilot) this.remember(henkilo);
  }

  /**
   * Marks the slaves of the persons as modified at the same instant (docs/spec/henkilo.md#0.5 step 5).
   * @param kasittelijaOid who changes them; null: keep
   * @returns OIDs of the slaves in id order, by OID of the master; a master without any is absent
   */
  async touchSlavesOf(
    masters: readonly LoadedHenkilo[],
    modified: Date,
    kasittelijaOid: string | null,
  ): Promise<Map<string, string[]>> {
    const none = mastersOfNobody(this.db);
    const masterOids = masters.map((master) => master.oidHenkilo).filter((oid) => !none.has(oid));
    if (masterOids.length === 0) return new Map();
    const slaves = await this.db.prepared<TouchedRow>(
      'henkilo-touch-slaves',
      `with viite as (
         select slave_oid, array_agg(distinct master_oid::text) as master_oids from henkiloviite
          where master_oid = any (array(select unnest($1::text[]))) group by slave_oid
       ), lukittu as materialized (
         select h.id from henkilo h join viite v on h.oidhenkilo = v.slave_oid order by h.id for no key update of h skip locked
       ), touched as (
         update henkilo h set modified = $2, kasittelija = coalesce($3, h.kasittelija), version = h.version + 1
           from lukittu l where h.id = l.id returning h.id)
       select h.id, h.oidhenkilo as oid, v.master_oids as "masterOids", t.id is null as "isLockedByAnother"
         from viite v join henkilo h on h.oidhenkilo = v.slave_oid left join touched t on t.id = h.id order by h.id`,
      [masterOids, modified, kasittelijaOid],
    );
    if (slaves.some(({ isLockedByAnother }) => isLockedByAnother)) {
      throw new OvertakenError('A person was linked while this transaction waited for the master');
    }
    const byMaster = new Map<string, string[]>();
    for (const { id, oid, masterOids } of slaves) {
      this.history.updated(Henkilo, id);
      for (const masterOid of masterOids) byMaster.set(masterOid, [...(byMaster.get(masterOid) ?? []), oid]);
      const loaded = this.loadedByOid().get(oid);
      if (!loaded) continue;
      loaded.modified = modified;
      loaded.kasittelijaOid = kasittelijaOid ?? loaded.kasittelijaOid;
      loaded.version++;
      this.remember(loaded, { columnsOnly: true });
    }
    return byMaster;
  }

  /**
   * Writes these columns of the rows, and only these: `duplicate_search_str` is computed anew when a name is written.
   * @param columns indexes of `COLUMNS`, ascending
   * @param stamp `modified` becomes now, in the row and in the object
   */
  private async updateRows(
    henkilot: readonly LoadedHenkilo[],
    columns: readonly number[],
    stamp: boolean,
  ): Promise<void> {
    const names = columns.map((i) => COLUMNS[i]!.column);
    const set = names.map((name) => `, ${name} = r.${name}`).join('');
    const rows = henkilot.map((henkilo) => {
      const values = columns.map((i) => [COLUMNS[i]!.column, henkilo[COLUMNS[i]!.property]]);
      return { id: henkilo.id, version: henkilo.version, ...(Object.fromEntries(values) as Record<string, unknown>) };
    });
    const written = await this.db.prepared<{ id: number; modified: Date }>(
      `henkilo-${stamp ? 'stamp' : 'update'}-${columns.reduce((mask, i) => mask + 2 ** i, 0)}`,
      `update henkilo h set version = h.version + 1 ${set} ${stamp ? `, modified = ${NOW_IN_UTC}` : ''}
        from jsonb_populate_recordset(null::henkilo, $1::jsonb) r where h.id = r.id and h.version = r.version
        returning h.id, h.modified`,
      [JSON.stringify(rows)],
    );
    if (stamp && written[0]) for (const henkilo of henkilot) henkilo.modified = written[0].modified;
    if (written.length === henkilot.length) return;
    const ids = new Set(written.map(({ id }) => id));
    const stale = henkilot.filter((henkilo) => !ids.has(henkilo.id)).map((henkilo) => henkilo.oidHenkilo);
    throw new OptimisticLockError(`Henkilö ${stale.join(', ')} was changed by another transaction`);
  }

  private loadedByOid(): Map<string, LoadedHenkilo> {
    return this.db.transactionState(HenkiloStore, () => new Map<string, LoadedHenkilo>());
  }

  private async lockRows(henkiloOids: readonly string[], wait: boolean): Promise<void> {
    await this.db.prepared(
      wait ? 'henkilo-lock' : 'henkilo-lock-nowait',
      `select id from henkilo where oidhenkilo = any (array(
          select unnest($1::text[]) union
          select slave_oid from henkiloviite where master_oid = any (array(select unnest($1::text[])))))
        order by id for no key update ${wait ? '' : 'nowait'}`,
      [henkiloOids],
    );
  }

  /** Persons whose rows are locked. */
  private async load(henkiloOids: readonly string[]): Promise<LoadedHenkilo[]> {
    const rows = await this.db.prepared<LoadedRow>('henkilo-load', LOAD_SQL, [henkiloOids]);
    return rows.map(({ hasSlaves, ...row }) => {
      if (!hasSlaves) mastersOfNobody(this.db).add(row.oidHenkilo);
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
    return COLUMNS.map(({ property }) => henkilo[property]);
  }

  /** The row by column name. An instant goes as ISO text in UTC, of which `timestamp` takes the wall clock. */
  private toRow(henkilo: LoadedHenkilo): Record<string, unknown> {
    return Object.fromEntries(COLUMNS.map(({ column, property }) => [column, henkilo[property]]));
  }

  private storedOf(henkilo: LoadedHenkilo): Stored {
    const stored = this.stored.get(henkilo);
    if (!stored) throw new Error(`Henkilö ${henkilo.oidHenkilo} was not loaded by this store`);
    return stored;
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

  /** VTJ contact details of a person under turvakielto are deleted, not only hidden (docs/spec/schema.md#12.8). */
  private removeVtjYhteystiedotUnderTurvakielto(henkilo: LoadedHenkilo): void {
    if (!henkilo.turvakielto) return;
    henkilo.yhteystiedotRyhma = henkilo.yhteystiedotRyhma.filter((ryhma) => ryhma.ryhmaAlkuperaTieto !== ALKUPERA_VTJ);
  }

  /** @returns those of the persons whose collections differed */
  private async saveCollections(henkilot: readonly LoadedHenkilo[]): Promise<Set<LoadedHenkilo>> {
    const changed = new Set<LoadedHenkilo>();
    for (const set of SETS) await this.saveSet(henkilot, set, changed);
    await this.saveYhteystiedot(henkilot, changed);
    await this.saveIdentifications(henkilot, changed);
    await this.saveEidasTunnisteet(henkilot, changed);
    return changed;
  }

  private async saveSet(
    henkilot: readonly LoadedHenkilo[],
    set: (typeof SETS)[number],
    changed: Set<LoadedHenkilo>,
  ): Promise<void> {
    const { property, entity, table, column, type, hasHistory } = set;
    const removed: [henkiloId: number, element: string | number][] = [];
    const added: [henkiloId: number, element: string | number][] = [];
    for (const henkilo of henkilot) {
      const now = henkilo[property] as ReadonlySet<string | number>;
      const before = this.storedOf(henkilo)[property] as ReadonlySet<string | number>;
      const gone = [...before].filter((element) => !now.has(element));
      const come = [...now].filter((element) => !before.has(element));
      for (const element of gone) removed.push([henkilo.id, element]);
      for (const element of come) added.push([henkilo.id, element]);
      if (gone.length + come.length > 0) changed.add(henkilo);
    }
    if (removed.length > 0) {
      await this.db.execute(
        `delete from ${table} t using unnest($1::bigint[], $2::${type}[]) e (henkilo_id, element)
          where t.henkilo_id = e.henkilo_id and t.${column} = e.element`,
        [removed.map(([id]) => id), removed.map(([, element]) => element)],
      );
    }
    if (added.length > 0) {
      await this.db.execute(
        `insert into ${table} (henkilo_id, ${column}) select * from unnest($1::bigint[], $2::${type}[])`,
        [added.map(([id]) => id), added.map(([, element]) => element)],
      );
    }
    if (!hasHistory) return;
    for (const [id, element] of removed) this.history.element(entity, id, element, 'removed');
    for (const [id, element] of added) this.history.element(entity, id, element, 'added');
    for (const [id] of [...removed, ...added]) this.history.updated(Henkilo, id);
  }

  /** A group whose content is stored already is that group, whatever id it was given; the rest is written anew. */
  private async saveYhteystiedot(henkilot: readonly LoadedHenkilo[], changed: Set<LoadedHenkilo>): Promise<void> {
    const removed: number[] = [];
    const added: (UusiRyhma & { put: (id: number) => void })[] = [];
    for (const henkilo of henkilot) {
      const unmatched = new Map<string, number[]>();
      for (const [id, content] of this.storedOf(henkilo).ryhmat)
        unmatched.set(content, [...(unmatched.get(content) ?? []), id]);
      const kept: LoadedYhteystiedotRyhma[] = [];
      const news: LoadedYhteystiedotRyhma[] = [];
      for (const ryhma of henkilo.yhteystiedotRyhma) {
        const id = unmatched.get(contentOf(ryhma))?.shift();
        if (id === undefined) news.push(ryhma);
        else kept.push({ ...ryhma, id });
      }
      const gone = [...unmatched.values()].flat();
      if (gone.length + news.length > 0) changed.add(henkilo);
      removed.push(...gone);
      for (const ryhma of news)
        added.push({ omistaja: { henkiloId: henkilo.id }, ryhma, put: (id) => kept.push({ ...ryhma, id }) });
      henkilo.yhteystiedotRyhma = kept;
    }
    await this.yhteystiedot.remove(removed);
    const ids = await this.yhteystiedot.insert(added);
    added.forEach(({ put }, i) => put(ids[i]!));
  }

  private async saveIdentifications(henkilot: readonly LoadedHenkilo[], changed: Set<LoadedHenkilo>): Promise<void> {
    const { removed, added } = changesById(henkilot, (h) => h.identifications, (h) => this.storedOf(h).identificationIds, changed); // prettier-ignore
    if (removed.length > 0) await this.db.execute('delete from identification where id = any ($1)', [removed]);
    if (added.length === 0) return;
    const ids = await this.db.nextIds(added.length);
    await this.db.execute(
      `insert into identification (id, version, henkilo_id, idpentityid, identifier)
       select i.id, 0, i.henkilo_id, i.idp, i.identifier
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) i (id, henkilo_id, idp, identifier)`,
      [
        ids,
        added.map((i) => i.henkilo.id),
        added.map((i) => i.element.idpEntityId),
        added.map((i) => i.element.identifier),
      ],
    );
    const withId = new Map(added.map(({ element }, i) => [element, { ...element, id: ids[i]! }]));
    for (const henkilo of new Set(added.map((a) => a.henkilo)))
      henkilo.identifications = henkilo.identifications.map((e) => withId.get(e) ?? e);
  }

  private async saveEidasTunnisteet(henkilot: readonly LoadedHenkilo[], changed: Set<LoadedHenkilo>): Promise<void> {
    const { removed, added } = changesById(henkilot, (h) => h.eidasTunnisteet, (h) => this.storedOf(h).eidasIds, changed); // prettier-ignore
    if (removed.length > 0) await this.db.execute('delete from eidastunniste where id = any ($1)', [removed]);
    if (added.length === 0) return;
    const ids = await this.db.nextIds(added.length);
    await this.db.execute(
      `insert into eidastunniste (id, version, henkilo_id, tunniste, createdby)
       select e.id, 0, e.henkilo_id, e.tunniste, e.createdby
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) e (id, henkilo_id, tunniste, createdby)`,
      [
        ids,
        added.map((e) => e.henkilo.id),
        added.map((e) => e.element.tunniste),
        added.map((e) => e.element.createdBy),
      ],
    );
    const withId = new Map(added.map(({ element }, i) => [element, { ...element, id: ids[i]! }]));
    for (const henkilo of new Set(added.map((a) => a.henkilo)))
      henkilo.eidasTunnisteet = henkilo.eidasTunnisteet.map((e) => withId.get(e) ?? e);
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

/** What of a collection with ids came and went: elements without an id are new, stored ids that are missing are gone. */
function changesById<E extends { readonly id: number | null }>(
  henkilot: readonly LoadedHenkilo[],
  elementsOf: (henkilo: LoadedHenkilo) => readonly E[],
  storedIdsOf: (henkilo: LoadedHenkilo) => ReadonlySet<number>,
  changed: Set<LoadedHenkilo>,
): { removed: number[]; added: { henkilo: LoadedHenkilo; element: E }[] } {
  const removed: number[] = [];
  const added: { henkilo: LoadedHenkilo; element: E }[] = [];
  for (const henkilo of henkilot) {
    const kept = new Set(elementsOf(henkilo).map((e) => e.id));
    const gone = [...storedIdsOf(henkilo)].filter((id) => !kept.has(id));
    const news = elementsOf(henkilo).filter((e) => e.id === null);
    removed.push(...gone);
    for (const element of news) added.push({ henkilo, element });
    if (gone.length + news.length > 0) changed.add(henkilo);
  }
  return { removed, added };
}

const byNumber = (a: number, b: number): number => a - b;

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

/** Two groups with equal content are alike for everyone who reads them; the order of values means nothing. */
function contentOf({ ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly, yhteystieto }: LoadedYhteystiedotRyhma): string {
  const arvot = yhteystieto.map((y) => JSON.stringify([y.yhteystietoTyyppi, y.yhteystietoArvo])).sort();
  return JSON.stringify([ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly, arvot]);
}
