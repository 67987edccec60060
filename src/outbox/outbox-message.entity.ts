import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../database/columns.js';

/** A message not known to be published. */
@Entity('onr_outbox')
export class OutboxMessage {
  /** Messages of one person are published in this order. */
  @PrimaryColumn(bigint)
  id!: number;

  @Column('text')
  topic!: string;

  @Column('text', { name: 'henkilo_oid' })
  henkiloOid!: string;

  @Column('jsonb')
  body!: object;

  @Column('timestamptz', { default: () => 'current_timestamp' })
  created!: Date;

  /** Failed tries. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** A lease: a process that publishes the message first moves it ahead, and no other takes the message before that time. */
  @Column('timestamptz', { name: 'next_attempt', default: () => 'current_timestamp' })
  nextAttempt!: Date;
}
