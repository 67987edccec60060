import { Job, type JobHandler, type JobSummary } from '../jobs/job.decorator.js';
import { fixedDelay } from '../jobs/schedule.rules.js';
import { EmailService } from './email.service.js';

/** Sends the queued mails, those that failed earlier among them. */
@Job({ name: 'EmailRetryTask', schedule: fixedDelay({ minutes: 5 }) })
export class EmailRetryJob implements JobHandler {
  constructor(private readonly email: EmailService) {}

  run(signal: AbortSignal): Promise<JobSummary> {
    return this.email.sendDue(signal);
  }
}
