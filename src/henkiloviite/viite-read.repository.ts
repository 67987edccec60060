import { Injectable } from '@nestjs/common';
import { arrayParameter } from '../database/array-parameter.js';
import { Database } from '../database/database.js';
import type { HenkiloViiteDto } from './henkilo-viite.dto.js';

/** Reads the links between persons (docs/spec/henkilo.md#8.10). */
@Injectable()
export class ViiteReadRepository {
  constructor(private readonly db: Database) {}

  /** Every link, by master and slave. As large as the register has links: clients rely on it (docs/spec/henkilo.md#O24). */
  listAll(): Promise<HenkiloViiteDto[]> {
    return this.db.query(
      `select distinct slave_oid as "henkiloOid", master_oid as "masterOid" from henkiloviite order by 2, 1`,
    );
  }

  /** Every link of the masters that the persons are or belong to, each once, by master and slave. */
  listGroups(henkiloOids: readonly (string | null)[]): Promise<HenkiloViiteDto[]> {
    // Joins, since only these go through the hash indexes (migration henkiloviite-hash); the values stay hidden from
    // the planner in a sub-select, see OsatRepository.
    return this.db.prepared(
      'viitteet-of-groups',
      `with pyydetyt (oid) as (select unnest($1::text[])),
            masterit (oid) as (
              select oid from pyydetyt
              union
              select s.master_oid from pyydetyt p join henkiloviite s on s.slave_oid = p.oid)
       select distinct v.slave_oid as "henkiloOid", v.master_oid as "masterOid"
         from masterit m join henkiloviite v on v.master_oid = m.oid
        order by 2, 1`,
      [arrayParameter(henkiloOids)],
    );
  }
}
