import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { MessageRefusedError, ViestinvalitysClient } from '../integrations/viestinvalitys/viestinvalitys.client.js';
import type { JobSummary } from '../jobs/job.decorator.js';
import { QueuedEmailRepository, type ClaimedEmail, type UusiEmail } from './queued-email.repository.js';

/** Mails of one run at most. */
const MAX_MAILS_OF_RUN = 10;
/** Recipients of one message at most; the service takes no more. */
const MAX_RECIPIENTS_OF_MESSAGE = 512;

/**
 * Mails go out through a queue (docs/spec/security-integrations-jobs.md#5.8). No transaction is open while the service is
 * called: a mail is taken by noting the attempt, and each step is stored only if the mail has not been taken over since.
 */
@Injectable()
export class EmailService {
  private readonly log = new Logger(EmailService.name);

  constructor(
    private readonly emails: QueuedEmailRepository,
    private readonly viestinvalitys: ViestinvalitysClient,
  ) {}

  /** Queues a mail in the running transaction; the next run of EmailRetryTask sends it. */
  queue(email: UusiEmail): Promise<void> {
    return this.emails.insert(email);
  }

  /** Sends at most ten mails that are due; one that fails does not stop the others. */
  async sendDue(signal: AbortSignal): Promise<JobSummary> {
    const tried: string[] = [];
    const counts = { seen: 0, changed: 0, failed: 0 };
    while (counts.seen < MAX_MAILS_OF_RUN && !signal.aborted) {
      const email = await this.emails.claim(tried);
      if (!email) break;
      tried.push(email.id);
      counts.seen++;
      counts[(await this.trySending(email)) ? 'changed' : 'failed']++;
    }
    return counts;
  }

  private async trySending(email: ClaimedEmail): Promise<boolean> {
    let current = email;
    try {
      if (!current.lahetystunniste) {
        const lahetystunniste = await this.viestinvalitys.luoLahetys({
          otsikko: email.subject,
          replyTo: email.replyTo,
        });
        if (!(await this.emails.saveLahetystunniste(current, lahetystunniste))) return false;
        current = { ...current, lahetystunniste };
      }
      for (;;) {
        const next = await this.sendBatch(current);
        if (next === 'sent') return true;
        if (next === 'lost') return false;
        current = next;
      }
    } catch (error) {
      const refused = error instanceof MessageRefusedError;
      this.log.error(`Mail ${email.id} ${refused ? 'is refused' : 'is tried again'}: ${(error as Error).message}`);
      await (refused ? this.emails.markError(current) : this.emails.markAttempt(current));
      return false;
    }
  }

  /** Sends to the next recipients. @returns what is left, or that nothing is, or that another process has taken over */
  private async sendBatch(email: ClaimedEmail): Promise<ClaimedEmail | 'sent' | 'lost'> {
    const { recipients, copy, batchSent, lahetystunniste, idempotencyKey, subject, body } = email;
    const everyone = copy === null ? recipients : [...recipients, copy];
    const vastaanottajat = everyone.slice(batchSent, batchSent + MAX_RECIPIENTS_OF_MESSAGE);
    if (vastaanottajat.length > 0)
      await this.viestinvalitys.luoViesti({
        lahetysTunniste: lahetystunniste!,
        vastaanottajat,
        otsikko: subject,
        sisalto: body,
        idempotencyKey,
      });
    const sent = batchSent + vastaanottajat.length;
    if (sent >= everyone.length) return (await this.emails.markSent(email, everyone.length)) ? 'sent' : 'lost';
    const next = { ...email, batchSent: sent, idempotencyKey: randomUUID() };
    return (await this.emails.saveProgress(email, sent, next.idempotencyKey)) ? next : 'lost';
  }
}
