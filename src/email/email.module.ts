import { Module } from '@nestjs/common';
import { EmailRetryJob } from './email-retry.job.js';
import { EmailService } from './email.service.js';
import { QueuedEmailRepository } from './queued-email.repository.js';

/** The queue of outgoing mails. */
@Module({ providers: [EmailRetryJob, EmailService, QueuedEmailRepository], exports: [EmailService] })
export class EmailModule {}
