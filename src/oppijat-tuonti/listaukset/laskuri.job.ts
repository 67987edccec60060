import { Job, type JobHandler, type JobSummary } from '../../jobs/job.decorator.js';
import { fixedDelay } from '../../jobs/schedule.rules.js';
import { LaskuriRepository } from './laskuri.repository.js';

/**
 * Makes one row of the changes of each count. What is written meanwhile stays a row of its own; whoever reads sees either
 * the many or the one.
 */
@Job({ name: 'LaskuriTask', schedule: fixedDelay({ minutes: 10 }) })
export class LaskuriJob implements JobHandler {
  constructor(private readonly laskurit: LaskuriRepository) {}

  async run(): Promise<JobSummary> {
    const changed = await this.laskurit.mergeChanges();
    return { seen: changed, changed, failed: 0 };
  }
}
