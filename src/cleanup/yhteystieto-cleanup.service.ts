import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { JobSummary } from '../jobs/job.js';

const BATCH_SIZE = 1000;

/**
 * Deletes contact groups that belong to nobody. The reference only detaches the VTJ addresses of persons under
 * turvakielto, so an adopted database holds protected addresses that nobody reads (docs/spec/yksilointi-vtj.md#6.4); while
 * instances of it share the database, more come.
 */
@Injectable()
export class YhteystietoCleanupService {
  constructor(private readonly db: Database) {}

  /** In batches, each a transaction of its own. A group that is being given an owner is left alone. */
  async run(signal: AbortSignal): Promise<JobSummary> {
    let changed = 0;
    for (let count = BATCH_SIZE; count === BATCH_SIZE && !signal.aborted; changed += count) {
      count = await this.db.execute(
        `with orvot as (
           select id from yhteystiedotryhma where henkilo_id is null and yksilointitieto_id is null
            order by id limit $1 for update skip locked),
         arvot as (delete from yhteystiedot where yhteystiedotryhma_id in (select id from orvot))
         delete from yhteystiedotryhma where id in (select id from orvot)`,
        [BATCH_SIZE],
      );
    }
    return { seen: changed, changed, failed: 0 };
  }
}
