import { Injectable } from '@nestjs/common';
import { arrayParameter } from '../../database/array-parameter.js';
import { Database } from '../../database/database.js';
import { masterOf } from '../../henkiloviite/henkiloviite.sql.js';
import { ownerOf } from '../luku/henkilo-avain.sql.js';
import { SUOJATTU } from '../../auth/permissions/suojattu.sql.js';
import { MUOTO, type Arvot } from './dokumentti.mapper.js';

/** Of a document that counts in the snapshot of its statement. */
interface Dokumentti {
  readonly oidHenkilo: string;
  readonly id: number;
  /** See `SUOJATTU`. */
  readonly suojattu: boolean;
}
export type PerustietoDokumentti = Dokumentti & Pick<Arvot, 'perustieto'>;
export type HenkiloDokumentti = Dokumentti & Arvot;

/** Basic data of several persons, ready to be sent. */
export interface PerustietoLista {
  /** A JSON list, by id of the person. */
  readonly json: string;
  /** In the same order. */
  readonly henkiloOids: readonly string[];
}

/** What is found for one of the keys that are asked for. */
export interface Haettu<Dokumentti> {
  /** The key: an OID or a hetu. */
  readonly avain: string;
  /** Null: none that counts. */
  readonly dokumentti: Dokumentti | null;
}

/** As read. Without the values: a change that the document may not know, or a document of another generation or form. */
type Luettu<Dokumentti> = {
  readonly [Name in keyof Dokumentti]: Name extends keyof Arvot ? string | null : Dokumentti[Name];
};

/** A row of a person in the table of documents. */
interface Nahty {
  readonly oid: string;
  /** 0: the document. */
  readonly muutos: number;
  readonly leima: number | null;
  readonly id: number;
  readonly turvakielto: boolean | null;
  readonly duplicate: boolean | null;
  /** Null: no document of this generation and form. */
  readonly perustieto: string | null;
  readonly muut: string | null;
}

/** The rows of some persons in the table of documents, in one snapshot. */
export interface Nakyma {
  readonly polvi: number;
  readonly rivit: readonly Nahty[];
}

/** How far all persons have been gone through. */
interface Kohta {
  readonly polvi: number;
  /** Of the last person; null: to the end. */
  readonly id: number | null;
}

/** A document to be stored. */
export interface Uusi extends Arvot {
  readonly oid: string;
  readonly id: number;
  readonly turvakielto: boolean;
  readonly duplicate: boolean;
}

const COUNTS = `h.muutos = 0 and h.muoto = ${MUOTO} and h.polvi = (select polvi from onr_dokumentti_polvi)`;
const PERUSTIETO = `case when ${COUNTS} then h.perustieto end as perustieto`;
const MUUT = `case when ${COUNTS} then h.muut end as muut`;
const COLUMNS = `h.oidhenkilo as "oidHenkilo", h.id, ${SUOJATTU} as suojattu, ${PERUSTIETO}`;
const HENKILO_COLUMNS = `${COLUMNS}, ${MUUT}`;
const DOKUMENTIT = 'onr_henkilo_dokumentti h';
/** The values stay hidden from the planner, see OsatRepository. */
const IN_LIST = `= any (array(select unnest($1::text[])))`;
/** Documents of the OIDs of `$1`, each of which must stand there once: only a join goes through the hash index. */
const OF_LIST = `(select unnest($1::text[]) as oid) p join ${DOKUMENTIT} on h.oidhenkilo = p.oid`;
/** A list as the value of `$1`, each key once. */
const distinct = (keys: readonly (string | null)[]) => arrayParameter([...new Set(keys)]);

/** Some 20 kB of basic data. */
const PERSONS_OF_ROW = 40;

/**
 * The table of documents (ADR 120). A document counts only where no change of its person stands beside it in the same snapshot:
 * every method that gives one has looked.
 */
@Injectable()
export class DokumenttiRepository {
  constructor(private readonly db: Database) {}

  findByOid(henkiloOid: string): Promise<HenkiloDokumentti | null> {
    const sql = `select ${HENKILO_COLUMNS} from ${DOKUMENTIT} where h.oidhenkilo = $1`;
    return this.one('dokumentti-by-oid', sql, henkiloOid);
  }

  findPerustietoByOid(henkiloOid: string): Promise<PerustietoDokumentti | null> {
    const sql = `select ${COLUMNS} from ${DOKUMENTIT} where h.oidhenkilo = $1`;
    return this.one('dokumentti-perustieto-by-oid', sql, henkiloOid);
  }

  /** By current hetu, else a former one. */
  findPerustietoByHetu(hetu: string): Promise<PerustietoDokumentti | null> {
    const sql = `select ${COLUMNS} from ${DOKUMENTIT}
      where h.oidhenkilo = (select h.oidhenkilo from henkilo h where ${ownerOf('$1')})`;
    return this.one('dokumentti-perustieto-by-hetu', sql, hetu);
  }

  /** Of the person's master, or of the person itself when it has none. */
  findMaster(henkiloOid: string): Promise<HenkiloDokumentti | null> {
    const sql = `select ${HENKILO_COLUMNS} from ${DOKUMENTIT} where h.oidhenkilo = coalesce(${masterOf('$1')}, $1)`;
    return this.one('dokumentti-master', sql, henkiloOid);
  }

  /** By current hetu, else a former one. */
  findByHetu(hetu: string): Promise<HenkiloDokumentti | null> {
    const sql = `select ${HENKILO_COLUMNS} from ${DOKUMENTIT}
      where h.oidhenkilo = (select h.oidhenkilo from henkilo h where ${ownerOf('$1')})`;
    return this.one('dokumentti-by-hetu', sql, hetu);
  }

  /** By id of the person. */
  listByOids(henkiloOids: readonly (string | null)[]): Promise<HenkiloDokumentti[]> {
    return this.list('dokumentti-by-oids', HENKILO_COLUMNS, henkiloOids);
  }

  /** By id of the person. */
  listPerustiedotByOids(henkiloOids: readonly (string | null)[]): Promise<PerustietoDokumentti[]> {
    return this.list('dokumentti-perustieto-by-oids', COLUMNS, henkiloOids);
  }

  /** Basic data of these persons as one text. Null: not all that there is of them counts. */
  findPerustietoLista(henkiloOids: readonly (string | null)[]): Promise<PerustietoLista | null> {
    return this.lista(
      'dokumentti-perustieto-lista',
      `select h.oidhenkilo, ${PERUSTIETO} from ${OF_LIST} order by h.id`,
      henkiloOids,
    );
  }

  /** As `findPerustietoLista`, of those who have these hetut now. */
  findPerustietoListaByHetut(hetut: readonly (string | null)[]): Promise<PerustietoLista | null> {
    return this.lista(
      'dokumentti-perustieto-lista-by-hetut',
      `select p.oidhenkilo, ${PERUSTIETO} from henkilo p left join ${DOKUMENTIT} on h.oidhenkilo = p.oidhenkilo
        where p.hetu ${IN_LIST} order by p.id`,
      hetut,
    );
  }

  /**
   * For each OID the document of its master, or of the person itself when it has none; null also where the OID is no person's. By
   * requested OID.
   */
  listMasters(henkiloOids: readonly (string | null)[]): Promise<Haettu<HenkiloDokumentti>[]> {
    return this.listByKey(
      'dokumentti-masters',
      `select p.oid as avain, ${HENKILO_COLUMNS}
         from unnest($1::text[]) p (oid) left join ${DOKUMENTIT} on h.oidhenkilo = coalesce(${masterOf('p.oid')}, p.oid)
        order by p.oid`,
      [arrayParameter(henkiloOids)],
    );
  }

  /** For each of the hetut that somebody has now. By id of the person. */
  listPerustiedotByHetut(hetut: readonly (string | null)[]): Promise<Haettu<PerustietoDokumentti>[]> {
    return this.listByKey(
      'dokumentti-perustieto-by-hetut',
      `select p.hetu as avain, ${COLUMNS} from henkilo p left join ${DOKUMENTIT} on h.oidhenkilo = p.oidhenkilo
        where p.hetu ${IN_LIST} order by p.id`,
      [arrayParameter(hetut)],
    );
  }

  /** For the OID of each person linked under this one. By id of the person. */
  listSlaves(masterOid: string): Promise<Haettu<HenkiloDokumentti>[]> {
    return this.listByKey(
      'dokumentti-slaves',
      `select p.oid as avain, ${HENKILO_COLUMNS}
         from (select distinct slave_oid as oid from henkiloviite where master_oid = $1) p left join ${DOKUMENTIT} on h.oidhenkilo = p.oid
        order by h.id`,
      [masterOid],
    );
  }

  /** For the OIDs of at most two persons with exactly this identifier, by id. */
  listByIdentification(idpEntityId: string, identifier: string): Promise<Haettu<HenkiloDokumentti>[]> {
    return this.listByKey(
      'dokumentti-by-identification',
      `select p.oidhenkilo as avain, ${HENKILO_COLUMNS}
         from (select oidhenkilo, id from henkilo
                where id in (select i.henkilo_id from identification i where i.identifier = $2 and i.idpentityid = $1)
                order by id limit 2) p left join ${DOKUMENTIT} on h.oidhenkilo = p.oidhenkilo
        order by p.id`,
      [idpEntityId, identifier],
    );
  }

  /** What the snapshot of the running transaction holds of these persons. */
  async lookAt(henkiloOids: readonly string[]): Promise<Nakyma> {
    const rivit = await this.db.prepared<Nahty>(
      'dokumentti-rivit',
      `select h.oidhenkilo as oid, h.muutos, h.leima, h.id, h.turvakielto, h.duplicate, ${PERUSTIETO}, ${MUUT}
         from ${DOKUMENTIT} where h.oidhenkilo ${IN_LIST}`,
      [henkiloOids],
    );
    const [row] = await this.db.prepared<{ polvi: number }>(
      'dokumentti-polvi',
      'select polvi from onr_dokumentti_polvi',
      [],
    );
    return { polvi: row!.polvi, rivit };
  }

  /**
   * Stores documents built from the snapshot of `nakyma` and takes away the changes that it knows: of each person only if these
   * are all still there and nobody else has stored a document meanwhile. Waits for no writer.
   * @returns how many were stored
   */
  async store(uudet: readonly Uusi[], { polvi, rivit }: Nakyma): Promise<number> {
    if (uudet.length === 0) return 0;
    const changes = rivit.filter(({ muutos }) => muutos !== 0);
    const leimat = new Map(rivit.filter(({ muutos }) => muutos === 0).map(({ oid, leima }) => [oid, leima!]));
    const [row] = await this.db.prepared<{ stored: number }>(
      'dokumentti-store',
      `with nahty as materialized (
         select * from unnest($1::text[], $2::bigint[]) n (oid, muutos)
       ), lukittu as materialized (
         select d.oidhenkilo, d.muutos from nahty n join onr_henkilo_dokumentti d on d.oidhenkilo = n.oid and d.muutos = n.muutos
          order by 1, 2 for update of d skip locked
       ), uusi as materialized (
         select u.* from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bool[], $7::bool[], $8::text[], $9::text[])
             u (oid, id, leima, turvakielto, duplicate, perustieto, muut)
          where exists (select from henkilo h where h.oidhenkilo = u.oid)
            and not exists (select from nahty n where n.oid = u.oid
              and not exists (select from lukittu l where l.oidhenkilo = n.oid and l.muutos = n.muutos))
       ), talletettu as (
         insert into onr_henkilo_dokumentti as d (oidhenkilo, muutos, id, leima, polvi, muoto, turvakielto, duplicate, perustieto, muut)
         select oid, 0, id, leima + 1, $10, $11, turvakielto, duplicate, perustieto, muut from uusi order by oid
         on conflict (oidhenkilo, muutos) do update
           set id = excluded.id, leima = excluded.leima, polvi = excluded.polvi, muoto = excluded.muoto,
               turvakielto = excluded.turvakielto, duplicate = excluded.duplicate, perustieto = excluded.perustieto,
               muut = excluded.muut
         where d.leima = excluded.leima - 1
         returning oidhenkilo
       ), poistettu as (
         delete from onr_henkilo_dokumentti d using lukittu l, talletettu t
          where d.oidhenkilo = l.oidhenkilo and d.muutos = l.muutos and t.oidhenkilo = d.oidhenkilo
       )
       select count(*)::int as stored from talletettu`,
      [
        changes.map(({ oid }) => oid),
        changes.map(({ muutos }) => muutos),
        uudet.map(({ oid }) => oid),
        uudet.map(({ id }) => id),
        uudet.map(({ oid }) => leimat.get(oid) ?? 0),
        uudet.map(({ turvakielto }) => turvakielto),
        uudet.map(({ duplicate }) => duplicate),
        uudet.map(({ perustieto }) => perustieto),
        uudet.map(({ muut }) => muut),
        polvi,
        MUOTO,
      ],
    );
    return row!.stored;
  }

  /** Are there documents at all? An operator may have dropped the table. */
  async exists(): Promise<boolean> {
    const sql = `select to_regclass('public.onr_henkilo_dokumentti') is not null as found`;
    return (await this.db.query<{ found: boolean }>(sql))[0]!.found;
  }

  /** Persons with changes that their documents do not know, those of the lowest transaction first, in order. */
  listChanged(after: { muutos: number; oid: string }, limit: number): Promise<{ muutos: number; oid: string }[]> {
    return this.db.query(
      `select muutos, oidhenkilo as oid from onr_henkilo_dokumentti
        where muutos > 0 and (muutos, oidhenkilo) > ($1, $2) order by muutos, oidhenkilo limit $3`,
      [after.muutos, after.oid, limit],
    );
  }

  /** The next persons, by id, of those who have not been gone through yet for this generation and form. */
  async nextOfAll(limit: number): Promise<{ missing: string[]; kohta: Kohta } | null> {
    const [taytto] = await this.db.query<{ polvi: number; kohta: number | null }>(
      `select p.polvi, case when t.polvi is null then $2::bigint else t.kohta end as kohta
         from onr_dokumentti_polvi p left join onr_dokumentti_taytto t on t.polvi = p.polvi and t.muoto = $1`,
      [MUOTO, Number.MIN_SAFE_INTEGER],
    );
    const { polvi, kohta } = taytto!;
    if (kohta === null) return null;
    const henkilot = await this.db.query<{ oid: string; id: number; ready: boolean }>(
      `select h.oidhenkilo as oid, h.id, exists (select from onr_henkilo_dokumentti d
                where d.oidhenkilo = h.oidhenkilo and d.muutos = 0 and d.polvi = $1 and d.muoto = $2) as ready
         from henkilo h where h.id > $3 order by h.id limit $4`,
      [polvi, MUOTO, kohta, limit],
    );
    const missing = henkilot.filter(({ ready }) => !ready).map(({ oid }) => oid);
    return { missing, kohta: { polvi, id: henkilot.at(-1)?.id ?? null } };
  }

  /** Everybody up to there has been gone through. */
  async movedTo({ polvi, id }: Kohta): Promise<void> {
    await this.db.execute(
      `with vanha as (delete from onr_dokumentti_taytto)
       insert into onr_dokumentti_taytto (polvi, muoto, kohta) values ($1, $2, $3)`,
      [polvi, MUOTO, id],
    );
  }

  /** Begins a new generation when somebody has written a whole table anew (ALTER TABLE … USING), which no trigger sees. */
  async noticeRewrites(): Promise<void> {
    await this.db.execute(
      `update onr_dokumentti_polvi set polvi = polvi + 1, taulut = onr_dokumentti_taulut()
        where taulut is distinct from onr_dokumentti_taulut()`,
    );
  }

  /** Persons with documents, drawn by pages of the table: about `count`. */
  async listSample(count: number): Promise<string[]> {
    const rows = await this.db.query<{ oid: string }>(
      `select oidhenkilo as oid from onr_henkilo_dokumentti tablesample system (
          (select least(100, 100.0 * $1 / greatest(1, reltuples)) from pg_class where oid = 'onr_henkilo_dokumentti'::regclass))
        where muutos = 0 limit 2 * $1::int`,
      [count],
    );
    return rows.map(({ oid }) => oid);
  }

  /** Deletes rows whose person is gone. @returns how many were deleted */
  deleteOfNobody(limit: number): Promise<number> {
    return this.db.execute(
      `delete from onr_henkilo_dokumentti where (oidhenkilo, muutos) in (
         select d.oidhenkilo, d.muutos from onr_henkilo_dokumentti d
          where not exists (select from henkilo h where h.oidhenkilo = d.oidhenkilo) order by 1, 2 limit $1)`,
      [limit],
    );
  }

  /** Any rows. What another process is building of them will not count. @returns how many were deleted */
  deleteAll(limit: number): Promise<number> {
    return this.db.execute(
      `with uusi as (
         update onr_dokumentti_polvi set polvi = polvi + 1 where exists (select from onr_henkilo_dokumentti)
       )
       delete from onr_henkilo_dokumentti where (oidhenkilo, muutos) in (
         select oidhenkilo, muutos from onr_henkilo_dokumentti limit $1)`,
      [limit],
    );
  }

  /**
   * A row has the text of several persons: a thousand rows cost Node more than to find them, and the driver copies one long row
   * again and again while it arrives (docs/performance.md).
   * @param sql the persons in order, with `perustieto` of what counts
   */
  private async lista(name: string, sql: string, keys: readonly (string | null)[]): Promise<PerustietoLista | null> {
    const rows = await this.db.prepared<PerustietoLista & { readonly counts: boolean }>(
      name,
      `select string_agg('{"oidHenkilo":' || to_json(oidhenkilo)::text || ',' || perustieto, ',') as json,
              json_agg(oidhenkilo) as "henkiloOids", bool_and(perustieto is not null) as counts
         from (select d.*, (row_number() over () - 1) / ${PERSONS_OF_ROW} as nro from (${sql}) d) d group by nro order by nro`,
      [distinct(keys)],
    );
    if (!rows.every(({ counts }) => counts)) return null;
    return {
      json: `[${rows.map(({ json }) => json).join(',')}]`,
      henkiloOids: rows.flatMap(({ henkiloOids }) => henkiloOids),
    };
  }

  /** Each key once, in the order of the rows. @param sql with a left join: a key without a row has nulls */
  private async listByKey<Dokumentti extends PerustietoDokumentti>(
    name: string,
    sql: string,
    values: readonly unknown[],
  ): Promise<Haettu<Dokumentti>[]> {
    const rows = await this.db.prepared<Luettu<PerustietoDokumentti> & { readonly avain: string | null }>(
      name,
      sql,
      values,
    );
    const void_ = new Set(rows.filter((row) => row.perustieto === null).map((row) => row.avain));
    const seen = new Set<string>();
    return rows.flatMap((row) => {
      const { avain } = row;
      if (avain === null || (void_.has(avain) && seen.has(avain))) return [];
      seen.add(avain);
      return [{ avain, dokumentti: void_.has(avain) ? null : (row as unknown as Dokumentti) }];
    });
  }

  private async one<Row extends PerustietoDokumentti>(name: string, sql: string, key: string): Promise<Row | null> {
    const rows = await this.db.prepared<Luettu<PerustietoDokumentti>>(name, sql, [key]);
    return rows.length === 1 && rows[0]!.perustieto !== null ? (rows[0] as Row) : null;
  }

  /** Only the persons whose every row is a valid document. */
  private async list<Row extends PerustietoDokumentti>(
    name: string,
    columns: string,
    henkiloOids: readonly (string | null)[],
  ): Promise<Row[]> {
    const sql = `select ${columns} from ${OF_LIST} order by h.id`;
    const rows = await this.db.prepared<Luettu<PerustietoDokumentti>>(name, sql, [distinct(henkiloOids)]);
    if (!rows.some((row) => row.perustieto === null)) return rows as Row[];
    const changed = new Set(rows.filter((row) => row.perustieto === null).map((row) => row.oidHenkilo));
    return rows.filter((row) => !changed.has(row.oidHenkilo)) as Row[];
  }
}
