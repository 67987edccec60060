import { Injectable } from '@nestjs/common';
import type { JobSummary } from '../jobs/job.decorator.js';
import { YhteystiedotRepository } from '../yhteystiedot/yhteystiedot.repository.js';

const BATCH_SIZE = 1000;

/**
 * Deletes contact groups that belong to nobody. The reference only detaches the VTJ addresses of persons under
 * turvakielto, so an adopted database holds protected addresses that nobody reads (docs/spec/yksilointi-vtj.md#6.4); while
 * instances of it share the database, more come.
 */
@Injectable()
export class YhteystietoCleanupService {
  constructor(private readonly yhteystiedot: YhteystiedotRepository) {}

  /** In batches, each a transaction of its own. A group that is being given an owner is left alone. */
  async run(signal: AbortSignal): Promise<JobSummary> {
    let changed = 0;
    for (let count = BATCH_SIZE; count === BATCH_SIZE && !signal.aborted; changed += count) {
      count = await this.yhteystiedot.removeOrphans(BATCH_SIZE);
    }
    return { seen: changed, changed, failed: 0 };
  }
}
