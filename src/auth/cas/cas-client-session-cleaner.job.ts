import { Job, type JobHandler, type JobSummary } from '../../jobs/job.decorator.js';
import { fixedDelay } from '../../jobs/schedule.rules.js';
import { SessionStore } from '../sessions/session.store.js';

/** Removes tickets whose session is gone (docs/spec/security-integrations-jobs.md#5.3). */
@Job({ name: 'cas client session cleaner', schedule: fixedDelay({ hours: 1 }) })
export class CasClientSessionCleanerJob implements JobHandler {
  constructor(private readonly sessions: SessionStore) {}

  async run(): Promise<JobSummary> {
    const removed = await this.sessions.removeTicketsWithoutSession();
    return { seen: removed, changed: removed, failed: 0 };
  }
}
