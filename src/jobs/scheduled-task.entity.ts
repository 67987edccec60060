import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../database/columns.js';

/** A job and when it is due, in the way of db-scheduler (docs/spec/schema.md#7.2). */
@Entity('scheduled_tasks')
export class ScheduledTask {
  @PrimaryColumn('text', { name: 'task_name' })
  name!: string;

  /** `recurring` for all of ours. */
  @PrimaryColumn('text', { name: 'task_instance' })
  instance!: string;

  @Column('bytea', { name: 'task_data', nullable: true })
  data!: Buffer | null;

  @Column('timestamptz', { name: 'execution_time' })
  executionTime!: Date;

  @Column('boolean')
  picked!: boolean;

  /** Host that runs it; null while nobody does. */
  @Column('text', { name: 'picked_by', nullable: true })
  pickedBy!: string | null;

  @Column('timestamptz', { name: 'last_success', nullable: true })
  lastSuccess!: Date | null;

  @Column('timestamptz', { name: 'last_failure', nullable: true })
  lastFailure!: Date | null;

  @Column('timestamptz', { name: 'last_heartbeat', nullable: true })
  lastHeartbeat!: Date | null;

  /** Every change of the row counts it up. */
  @Column(bigint)
  version!: number;

  /** null: none. */
  @Column('integer', { name: 'consecutive_failures', nullable: true })
  consecutiveFailures!: number | null;
}
