import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { HenkiloViiteDto } from './dto/henkilo-viite.dto.js';

/** Reads the links between persons (spec henkilo 8.10). */
@Injectable()
export class ViiteReadRepository {
  constructor(private readonly db: Database) {}

  /** Every link, by master and slave. As large as the register has links: clients rely on it (spec henkilo O24). */
  listAll(): Promise<HenkiloViiteDto[]> {
    return this.db.query(
      `select distinct slave_oid as "henkiloOid", master_oid as "masterOid" from henkiloviite order by 2, 1`,
    );
  }

  /** Every link of the masters that the persons are or belong to, each once, by master and slave. */
  listGroups(henkiloOids: readonly (string | null)[]): Promise<HenkiloViiteDto[]> {
    // In order, since PostgreSQL sorts the keys before it goes through an index: sorted ones cost it next to nothing.
    const oids = [...new Set(henkiloOids)].sort();
    return this.db.prepared(
      'viitteet-of-groups',
      `select distinct v.slave_oid as "henkiloOid", v.master_oid as "masterOid" from henkiloviite v
        where v.master_oid = any (array(
          select unnest($1::text[])
          union all
          select s.master_oid from henkiloviite s where s.slave_oid = any (array(select unnest($1::text[])))))
        order by 2, 1`,
      [oids],
    );
  }
}
