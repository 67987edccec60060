import { applyDecorators, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { ProgressMeter } from '../common/progress.js';
import type { Config } from '../config/config.js';
import type { Schedule } from './schedule.rules.js';

export interface JobOptions {
  /** Key in scheduled_tasks, known to operators and SQL functions: never rename. */
  readonly name: string;
  readonly schedule: Schedule | ((config: Config) => Schedule);
  /** Is the job on; without this it always is. A job that is off leaves its row untouched. */
  readonly enabled?: (config: Config) => boolean;
}

/** What one run did, for the log; other counts may be added. */
export interface JobSummary {
  readonly seen: number;
  readonly changed: number;
  /** Items that failed while the run went on; they do not make the run a failure. */
  readonly failed: number;
  readonly [count: string]: number;
}

/** What a run says of its progress; operators see it (`npm run jobs`, /internal/tila). */
export type JobProgress = Pick<ProgressMeter, 'expect' | 'add'>;

/** What a provider with `@Job` must have. */
export interface JobHandler {
  /**
   * One run. What it throws makes the run a failure; the next time comes by the schedule all the same.
   * @param signal aborted when the process is to stop or another process has taken the run over: end soon
   * @param progress where a run of more than seconds says how far it is
   */
  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary>;
}

/** Marker of job providers, read by JobRegistry. */
export const JobMetadata = DiscoveryService.createDecorator<JobOptions>();

/** Makes a provider with `run(signal): Promise<JobSummary>` a scheduled job. */
export const Job = (options: JobOptions): ClassDecorator => applyDecorators(Injectable(), JobMetadata(options));
