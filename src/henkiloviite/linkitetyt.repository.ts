import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** The links of one person. */
export interface Linkitys {
  /** Every other OID of the same person, in order. */
  readonly linked: readonly string[];
  /** OID of the master; the person's own when it has slaves only; null without links and when there are several masters. */
  readonly masterOid: string | null;
}

const EI_LINKKEJA: Linkitys = { linked: [], masterOid: null };

/** Who is the same person as whom (docs/spec/duplicates-tuonti-yleistunniste.md#3.2, docs/spec/duplicates-tuonti-yleistunniste.md#7.2). */
@Injectable()
export class LinkitetytRepository {
  constructor(private readonly db: Database) {}

  /** Links of persons. One statement whatever their number. */
  async findByOids(henkiloOids: readonly string[]): Promise<(henkiloOid: string) => Linkitys> {
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
}
