import { Job, type JobHandler, type JobSummary } from '../../jobs/job.decorator.js';
import { fixedDelay } from '../../jobs/schedule.rules.js';
import { LaskuriRepository } from './laskuri.repository.js';

/**
 * Sums up the changes of each count into one row. Changes written meanwhile stay rows of their own; a reader sees either
 * the many rows or the one.
 */
@Job({ name: 'LaskuriTask', schedule: fixedDelay({ minutes: 10 }) })
export class LaskuriJob implements JobHandler {
  constructor(private readonly laskurit: LaskuriRepository) {}

  async run(): Promise<JobSummary> {
    const changed = await this.laskurit.mergeChanges();
    return { seen: changed, changed, failed: 0 };
  }
}
