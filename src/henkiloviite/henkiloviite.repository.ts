import { Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { arrayParameter } from '../database/array-parameter.js';
import { Database } from '../database/database.js';
import { newId, nextVersion } from '../database/versioned-entity.js';
import type { HenkiloViiteDto } from './henkilo-viite.dto.js';
import { Henkiloviite } from './henkiloviite.entity.js';

/** One link: `slaveOid` is a duplicate of `masterOid`. */
export type Viite = Readonly<Pick<Henkiloviite, 'masterOid' | 'slaveOid'>>;

/** The links of one person. */
export interface Linkitys {
  /** Every other OID of the same person, in order. */
  readonly linked: readonly string[];
  /** OID of the master; the person's own when it has slaves only; null without links and when there are several masters. */
  readonly masterOid: string | null;
}

const EI_LINKKEJA: Linkitys = { linked: [], masterOid: null };

/** OIDs of persons known to have no slaves for the rest of the transaction: they are locked, and linking takes them out. */
export const mastersOfNobody = (db: Database): Set<string> =>
  db.transactionState(mastersOfNobody, () => new Set<string>());

/** The links between duplicates: two levels by OID, no keys in the database (docs/spec/schema.md#6.6). */
@Injectable()
export class HenkiloviiteRepository {
  constructor(private readonly db: Database) {}

  /** Links that have one of the persons on either side, oldest first. */
  listByOids(henkiloOids: readonly string[]): Promise<Viite[]> {
    return this.db.prepared<Viite>(
      'viite-by-oids',
      `select master_oid as "masterOid", slave_oid as "slaveOid" from henkiloviite
        where master_oid = any ($1) or slave_oid = any ($1) order by id`,
      [henkiloOids],
    );
  }

  /** Every link, by master and slave. As large as the register has links: clients rely on it (docs/spec/henkilo.md#O24). */
  listAll(): Promise<HenkiloViiteDto[]> {
    return this.db.query(
      `select distinct slave_oid as "henkiloOid", master_oid as "masterOid" from henkiloviite order by 2, 1`,
    );
  }

  /** Every link of the masters that the persons are or belong to, each once, by master and slave. */
  listGroups(henkiloOids: readonly (string | null)[]): Promise<HenkiloViiteDto[]> {
    // Joins, since only these go through the hash indexes (migration henkiloviite-hash); the values are unnested twice, which is
    // cheaper than keeping them. Each master stands once or twice here, whatever was asked for.
    return this.db.prepared(
      'viitteet-of-groups',
      `select distinct v.slave_oid as "henkiloOid", v.master_oid as "masterOid"
         from (select p.oid from unnest($1::text[]) p (oid)
                union all
               select * from (select distinct s.master_oid
                                from unnest($1::text[]) p (oid) join henkiloviite s on s.slave_oid = p.oid) masterit) m
         join henkiloviite v on v.master_oid = m.oid
        order by 2, 1`,
      [arrayParameter([...new Set(henkiloOids)])],
    );
  }

  /**
   * The links of persons, one statement whatever their number (docs/spec/duplicates-tuonti-yleistunniste.md#3.2,
   * docs/spec/duplicates-tuonti-yleistunniste.md#7.2).
   */
  async findLinkitykset(henkiloOids: readonly string[]): Promise<(henkiloOid: string) => Linkitys> {
    const rows = await this.db.prepared<{ oid: string; linked: string[] | null; masterOid: string }>(
      'linkitetyt',
      `with henkilo as materialized (select distinct unnest($1::text[]) as oid), master as materialized (
         select h.oid, v.master_oid from henkilo h join henkiloviite v on v.slave_oid = h.oid
       ), slave as materialized (
         select h.oid, v.slave_oid from henkilo h join henkiloviite v on v.master_oid = h.oid
       ), kaikki as (
         select oid, master_oid as muu, master_oid from master
         union select m.oid, v.slave_oid, m.master_oid from master m join henkiloviite v on v.master_oid = m.master_oid
         union select oid, slave_oid, null from slave
       )
       select oid, array_agg(distinct muu::text order by muu::text) filter (where muu <> oid) as linked,
              case count(distinct master_oid) when 0 then oid when 1 then min(master_oid) end as "masterOid"
         from kaikki group by oid order by oid`,
      [henkiloOids],
    );
    const byOid = new Map(rows.map(({ oid, linked, masterOid }) => [oid, { linked: linked ?? [], masterOid }]));
    return (henkiloOid) => byOid.get(henkiloOid) ?? EI_LINKKEJA;
  }

  /** Adds the link unless it is there. Inside a transaction that has locked the master. */
  async add({ masterOid, slaveOid }: Viite): Promise<void> {
    mastersOfNobody(this.db).delete(masterOid);
    if (await this.viitteet.existsBy({ masterOid, slaveOid })) return;
    await this.viitteet.insert({ id: newId, version: 0, masterOid, slaveOid });
  }

  /** Doubles of the link go with it. */
  async remove({ masterOid, slaveOid }: Viite): Promise<void> {
    await this.viitteet.delete({ masterOid, slaveOid });
  }

  /** Puts the slave under another master. Inside a transaction. */
  async move({ masterOid, slaveOid }: Viite, newMasterOid: string): Promise<void> {
    mastersOfNobody(this.db).delete(newMasterOid);
    await this.viitteet.update({ masterOid, slaveOid }, { masterOid: newMasterOid, version: nextVersion });
  }

  private get viitteet(): Repository<Henkiloviite> {
    return this.db.repository(Henkiloviite);
  }
}
