import { Database } from '../../database/database.js';
import { Job, type JobHandler, type JobSummary } from '../../jobs/job.decorator.js';
import { fixedDelay } from '../../jobs/schedule.rules.js';

/** Removes tickets whose session is gone (docs/spec/security-integrations-jobs.md#5.3). */
@Job({ name: 'cas client session cleaner', schedule: fixedDelay({ hours: 1 }) })
export class CasClientSessionCleanerJob implements JobHandler {
  constructor(private readonly db: Database) {}

  async run(): Promise<JobSummary> {
    const removed = await this.db.execute(
      `delete from cas_client_session c
        where not exists (select 1 from spring_session s where s.session_id = c.session_id)`,
    );
    return { seen: removed, changed: removed, failed: 0 };
  }
}
