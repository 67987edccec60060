import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { QueryDeepPartialEntity, Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { QueuedEmail } from './queued-email.entity.js';

/** A mail to be queued. */
export interface UusiEmail {
  /** At least one address. */
  readonly recipients: readonly string[];
  readonly subject: string;
  /** HTML. */
  readonly body: string;
  /** One more recipient, the last to get it. */
  readonly copy?: string | null;
  readonly replyTo?: string | null;
}

/** A queued mail that this process may send for the time being. */
export type ClaimedEmail = Readonly<
  Pick<
    QueuedEmail,
    'id' | 'recipients' | 'copy' | 'replyTo' | 'subject' | 'body' | 'lahetystunniste' | 'batchSent' | 'idempotencyKey'
  >
>;

/** How long after an attempt a mail is left alone; so long it belongs to the process that has it. */
const RETRY_AFTER = `interval '10 minutes'`;
const COLUMNS = `id, recipients, copy, replyto as "replyTo", subject, body, lahetystunniste, batch_sent as "batchSent",
  idempotency_key as "idempotencyKey"`;

/** The queue of outgoing mails (docs/spec/schema.md#7.3). Times are the database's. */
@Injectable()
export class QueuedEmailRepository {
  constructor(private readonly db: Database) {}

  async insert({ recipients, subject, body, copy = null, replyTo = null }: UusiEmail): Promise<void> {
    const names = { id: randomUUID(), idempotencyKey: randomUUID() };
    const texts = { recipients: [...recipients], subject, body, copy, replyTo };
    await this.emails.insert({ ...names, ...texts, status: 'QUEUED' });
  }

  /**
   * Takes the mail that has waited longest, unless it is among `except`: the attempt is noted before it is made, so
   * that nobody else takes it for ten minutes, and no lock is held while the service is called.
   */
  async claim(except: readonly string[]): Promise<ClaimedEmail | null> {
    const [row] = await this.db.query<ClaimedEmail>(
      `update queuedemail set last_attempt = current_timestamp, modified = current_timestamp
        where id = (select id from queuedemail
                     where queuedemailstatus_id = 'QUEUED' and id <> all ($1::uuid[])
                       and (last_attempt is null or last_attempt < current_timestamp - ${RETRY_AFTER})
                     order by created, id limit 1 for update skip locked)
       returning ${COLUMNS}`,
      [except],
    );
    return row ?? null;
  }

  /** @returns false when another process has taken the mail over */
  saveLahetystunniste(email: ClaimedEmail, lahetystunniste: string): Promise<boolean> {
    return this.update(email, { lahetystunniste });
  }

  /** The message named by the key has gone out, others remain. @returns false when another process has taken the mail over */
  saveProgress(email: ClaimedEmail, batchSent: number, nextIdempotencyKey: string): Promise<boolean> {
    return this.update(email, { batchSent, idempotencyKey: nextIdempotencyKey });
  }

  /** Every recipient has the mail. @returns false when another process has taken the mail over */
  markSent(email: ClaimedEmail, batchSent: number): Promise<boolean> {
    return this.update(email, { status: 'SENT', batchSent, sentAt: now });
  }

  /** The service has refused it for good. */
  markError(email: ClaimedEmail): Promise<boolean> {
    return this.update(email, { status: 'ERROR' });
  }

  /** An attempt has failed: the next one comes in ten minutes. */
  markAttempt(email: ClaimedEmail): Promise<boolean> {
    return this.update(email, {});
  }

  private async update(
    { id, idempotencyKey }: ClaimedEmail,
    change: QueryDeepPartialEntity<QueuedEmail>,
  ): Promise<boolean> {
    const mine = { id, idempotencyKey, status: 'QUEUED' as const };
    const { affected } = await this.emails.update(mine, { ...change, lastAttempt: now, modified: now });
    return affected === 1;
  }

  private get emails(): Repository<QueuedEmail> {
    return this.db.repository(QueuedEmail);
  }
}

/** The database's time. */
const now = () => 'current_timestamp';
