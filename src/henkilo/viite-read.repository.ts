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
    return this.db.prepared(
      'viitteet-of-groups',
      `with pyydetyt as materialized (select distinct oid from unnest($1::text[]) p (oid)),
            masterit as materialized (
              select oid from pyydetyt
               union select v.master_oid from pyydetyt p join henkiloviite v on v.slave_oid = p.oid)
       select distinct v.slave_oid as "henkiloOid", v.master_oid as "masterOid"
         from masterit m join henkiloviite v on v.master_oid = m.oid
        order by 2, 1`,
      [henkiloOids],
    );
  }
}
