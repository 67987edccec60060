import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { Database } from '../database/database.js';
import { JobRun } from './job-run.entity.js';

/** Table onr_job_run. */
@Injectable()
export class JobRunRepository {
  constructor(private readonly db: Database) {}

  /** Notes where a run is; it takes the place of the job's former run. */
  async save(run: JobRun): Promise<void> {
    await this.db.repository(JobRun).upsert(run, ['name']);
  }

  /** The latest runs of the given jobs. */
  listByNames(names: readonly string[]): Promise<JobRun[]> {
    return this.db.repository(JobRun).find({ where: { name: Any(names) } });
  }
}
