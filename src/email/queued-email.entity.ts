import { Column, Entity, PrimaryColumn } from 'typeorm';
import { utcTimestamp } from '../database/columns.js';

/** A mail that goes out or has gone out. */
@Entity('queuedemail')
export class QueuedEmail {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'queuedemailstatus_id' })
  status!: 'QUEUED' | 'SENT' | 'ERROR';

  /** At least one address. */
  @Column('text', { array: true })
  recipients!: string[];

  @Column('text', { name: 'replyto', nullable: true })
  replyTo!: string | null;

  @Column('text')
  subject!: string;

  /** HTML. */
  @Column('text')
  body!: string;

  /** From viestinvälityspalvelu; null until the dispatch is opened. */
  @Column('text', { nullable: true })
  lahetystunniste!: string | null;

  /** One more recipient, the last to get it. */
  @Column('text', { nullable: true })
  copy!: string | null;

  @Column({ ...utcTimestamp, default: () => 'current_timestamp' })
  created!: Date;

  @Column({ ...utcTimestamp, default: () => 'current_timestamp' })
  modified!: Date;

  /** Until ten minutes after it the mail belongs to the process that has it. */
  @Column({ ...utcTimestamp, name: 'last_attempt', nullable: true })
  lastAttempt!: Date | null;

  @Column({ ...utcTimestamp, name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  /** Recipients already sent to. */
  @Column('integer', { name: 'batch_sent', default: 0 })
  batchSent!: number;

  /** Names the next message: a repetition is not delivered twice. */
  @Column('uuid', { name: 'idempotency_key' })
  idempotencyKey!: string;
}
