import { Database } from '../database/database.js';
import { Job, type JobHandler, type JobSummary } from '../jobs/job.decorator.js';
import { dailyAt } from '../jobs/schedule.rules.js';

const BATCH_SIZE = 10_000;

/** Deletes changes of search texts after two days: every process that still needed them has read them. */
@Job({ name: 'HakutekstiCleanupTask', schedule: dailyAt(4, 50) })
export class HakutekstiCleanupJob implements JobHandler {
  constructor(private readonly db: Database) {}

  async run(signal: AbortSignal): Promise<JobSummary> {
    let changed = 0;
    for (let count = BATCH_SIZE; count === BATCH_SIZE && !signal.aborted; changed += count) {
      count = await this.db.execute(
        `delete from onr_hakuteksti_muutos where id in (
           select id from onr_hakuteksti_muutos where aika < current_timestamp - interval '2 days' order by id limit $1)`,
        [BATCH_SIZE],
      );
    }
    return { seen: changed, changed, failed: 0 };
  }
}
