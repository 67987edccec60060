import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../database/columns.js';
import type { JobSummary } from './job.decorator.js';

/** The latest run of a job, in whatever process: for operators only, nothing depends on it. */
@Entity('onr_job_run')
export class JobRun {
  @PrimaryColumn('text', { name: 'task_name' })
  name!: string;

  @Column('text')
  host!: string;

  @Column('timestamptz')
  started!: Date;

  /** null: it goes on, or its process has died. */
  @Column('timestamptz', { nullable: true })
  ended!: Date | null;

  /** null until it has ended. */
  @Column('boolean', { nullable: true })
  succeeded!: boolean | null;

  /** Items worked on so far. */
  @Column({ ...bigint, default: 0 })
  done!: number;

  /** Items in all; null: nobody knows. */
  @Column({ ...bigint, nullable: true })
  total!: number | null;

  /** What it said of itself at its end; null until then, and where it failed. */
  @Column('jsonb', { nullable: true })
  summary!: JobSummary | null;

  /** Why it failed, without personal data. */
  @Column('text', { nullable: true })
  reason!: string | null;
}
