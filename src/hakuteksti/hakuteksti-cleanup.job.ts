import { Job, type JobHandler, type JobSummary } from '../jobs/job.decorator.js';
import { dailyAt } from '../jobs/schedule.rules.js';
import { HakutekstiRepository } from './hakuteksti.repository.js';

const ROWS_OF_BATCH = 10_000;

/** Deletes changes of search texts after two days: every process that still needed them has read them. */
@Job({ name: 'HakutekstiCleanupTask', schedule: dailyAt(4, 50) })
export class HakutekstiCleanupJob implements JobHandler {
  constructor(private readonly hakutekstit: HakutekstiRepository) {}

  async run(signal: AbortSignal): Promise<JobSummary> {
    let changed = 0;
    for (let count = ROWS_OF_BATCH; count === ROWS_OF_BATCH && !signal.aborted; changed += count)
      count = await this.hakutekstit.deleteOldMuutokset(ROWS_OF_BATCH);
    return { seen: changed, changed, failed: 0 };
  }
}
