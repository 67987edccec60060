import { Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { Job, type JobHandler, type JobSummary } from '../../jobs/job.decorator.js';
import { dailyAt } from '../../jobs/schedule.rules.js';
import { VtjKyselyClient } from './vtj-kysely.client.js';

const WARNED_BEFORE_END_MS = 30 * 24 * 3_600_000;

/**
 * Looks whether the certificate of the VTJ query is about to expire; alarms watch the texts
 * (docs/spec/security-integrations-jobs.md#5.9, docs/spec/security-integrations-jobs.md#7.4). Only where the query uses one: elsewhere the reference failed daily (docs/spec/security-integrations-jobs.md#O-28).
 */
@Job({ name: 'vtjkyselyCertificationCheck', schedule: dailyAt(10, 10), enabled: ({ vtjKysely }) => vtjKysely.enabled })
export class VtjCertificationCheckJob implements JobHandler {
  private readonly log = new Logger(VtjCertificationCheckJob.name);

  constructor(
    private readonly vtj: VtjKyselyClient,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<JobSummary> {
    const expiry = await this.vtj.findCertificateExpiry();
    if (expiry === null) return { seen: 0, changed: 0, failed: 0 };
    const valid = expiry.getTime() > this.clock.now().getTime() + WARNED_BEFORE_END_MS;
    if (valid) this.log.log('VTJKysely certification is valid at least 30 days.');
    else this.log.warn('VTJKysely certification is expiring in less than 30 days.');
    return { seen: 1, changed: 0, failed: valid ? 0 : 1 };
  }
}
