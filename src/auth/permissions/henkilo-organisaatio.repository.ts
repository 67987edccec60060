import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

/** To which organisations persons belong, as permissions ask it. */
@Injectable()
export class HenkiloOrganisaatioRepository {
  constructor(private readonly db: Database) {}

  /** OIDs of the person's organisations, ascending; none of an unknown person. */
  async listOids(henkiloOid: string): Promise<string[]> {
    const rows = await this.db.prepared<{ oid: string }>(
      'organisations-of-person',
      `select o.oid from henkilo_organisaatio ho
         join organisaatio o on o.id = ho.organisaatio_id
         join henkilo h on h.id = ho.henkilo_id
        where h.oidhenkilo = $1
        order by o.oid`,
      [henkiloOid],
    );
    return rows.map(({ oid }) => oid);
  }
}
