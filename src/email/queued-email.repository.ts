import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

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
export interface QueuedEmail {
  readonly id: string;
  readonly recipients: string[];
  readonly copy: string | null;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly body: string;
  /** From viestinvälityspalvelu; null until the dispatch is opened. */
  readonly lahetystunniste: string | null;
  /** Recipients already sent to. */
  readonly batchSent: number;
  /** Names the next message: a repetition is not delivered twice. */
  readonly idempotencyKey: string;
}

/** How long after an attempt a mail is left alone; so long it belongs to the process that has it. */
const RETRY_AFTER = `interval '10 minutes'`;
const COLUMNS = `id, recipients, copy, replyto as "replyTo", subject, body, lahetystunniste, batch_sent as "batchSent",
  idempotency_key as "idempotencyKey"`;

/** The queue of outgoing mails (docs/spec/schema.md#7.3). Times are the database's. */
@Injectable()
export class QueuedEmailRepository {
  constructor(private readonly db: Database) {}

  async insert({ recipients, subject, body, copy = null, replyTo = null }: UusiEmail): Promise<void> {
    await this.db.execute(
      `insert into queuedemail (id, queuedemailstatus_id, recipients, copy, replyto, subject, body, idempotency_key)
       values ($1, 'QUEUED', $2, $3, $4, $5, $6, $7)`,
      [randomUUID(), recipients, copy, replyTo, subject, body, randomUUID()],
    );
  }

  /**
   * Takes the mail that has waited longest, unless it is among `except`: the attempt is noted before it is made, so
   * that nobody else takes it for ten minutes, and no lock is held while the service is called.
   */
  async claim(except: readonly string[]): Promise<QueuedEmail | null> {
    const [row] = await this.db.query<QueuedEmail>(
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
  saveLahetystunniste({ id, idempotencyKey }: QueuedEmail, lahetystunniste: string): Promise<boolean> {
    return this.update(id, idempotencyKey, 'lahetystunniste = $3, last_attempt = current_timestamp', [lahetystunniste]);
  }

  /** The message named by the key has gone out, others remain. @returns false when another process has taken the mail over */
  saveProgress(email: QueuedEmail, batchSent: number, nextIdempotencyKey: string): Promise<boolean> {
    const set = 'batch_sent = $3, idempotency_key = $4, last_attempt = current_timestamp';
    return this.update(email.id, email.idempotencyKey, set, [batchSent, nextIdempotencyKey]);
  }

  /** Everybody has it. @returns false when another process has taken the mail over */
  markSent({ id, idempotencyKey }: QueuedEmail, batchSent: number): Promise<boolean> {
    const set = `queuedemailstatus_id = 'SENT', batch_sent = $3, sent_at = current_timestamp, last_attempt = current_timestamp`;
    return this.update(id, idempotencyKey, set, [batchSent]);
  }

  /** The service has refused it for good. */
  markError({ id, idempotencyKey }: QueuedEmail): Promise<boolean> {
    const set = `queuedemailstatus_id = 'ERROR', last_attempt = current_timestamp`;
    return this.update(id, idempotencyKey, set, []);
  }

  /** An attempt has failed: the next one comes in ten minutes. */
  markAttempt({ id, idempotencyKey }: QueuedEmail): Promise<boolean> {
    return this.update(id, idempotencyKey, 'last_attempt = current_timestamp', []);
  }

  private async update(id: string, idempotencyKey: string, set: string, values: unknown[]): Promise<boolean> {
    const count = await this.db.execute(
      `update queuedemail set ${set}, modified = current_timestamp
        where id = $1 and idempotency_key = $2 and queuedemailstatus_id = 'QUEUED'`,
      [id, idempotencyKey, ...values],
    );
    return count > 0;
  }
}
