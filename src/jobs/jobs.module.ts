import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobRegistry } from './job-registry.service.js';
import { JobRunRepository } from './job-run.repository.js';
import { JobRunner } from './job-runner.service.js';
import { ScheduledTaskRepository } from './scheduled-task.repository.js';
import { Scheduler } from './scheduler.service.js';

/** Background jobs: every provider with `@Job` of any module is found and run at its times. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [JobRegistry, JobRunRepository, JobRunner, ScheduledTaskRepository, Scheduler],
  exports: [JobRegistry, JobRunRepository, JobRunner, ScheduledTaskRepository, Scheduler],
})
export class JobsModule {}
