import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '../../../src/config/config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { Database } from '../../../src/database/database.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { Job, type JobHandler, type JobSummary } from '../../../src/jobs/job.decorator.js';
import { JobsModule } from '../../../src/jobs/jobs.module.js';
import { fixedDelay } from '../../../src/jobs/schedule.rules.js';
import { JobRun } from '../../../src/jobs/job-run.entity.js';
import { ScheduledTask } from '../../../src/jobs/scheduled-task.entity.js';

const WORK_MS = Number(process.env.WORK_MS ?? 30);

/** Notes its run in table run; a second one at the same time would break the constraint there. */
@Injectable()
abstract class NotedJob implements JobHandler {
  abstract readonly name: string;
  constructor(private readonly db: Database) {}

  async run(): Promise<JobSummary> {
    await this.db.execute('insert into run (job, process) values ($1, $2)', [this.name, process.pid]);
    console.log(`${this.name} begins`);
    await sleep(WORK_MS);
    await this.db.execute(
      'update run set ended = clock_timestamp() where job = $1 and process = $2 and ended is null',
      [this.name, process.pid],
    );
    return { seen: 1, changed: 1, failed: 0 };
  }
}

@Job({ name: 'first', schedule: fixedDelay({ milliseconds: 100 }) })
class FirstJob extends NotedJob {
  readonly name = 'first';
}

@Job({ name: 'second', schedule: fixedDelay({ hours: 1 }) })
class SecondJob extends NotedJob {
  readonly name = 'second';
}

@Module({
  imports: [ConfigModule.of(readConfig()), DatabaseModule.forRoot([JobRun, ScheduledTask]), JobsModule],
  providers: [FirstJob, SecondJob],
})
class Jobs {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(Jobs, { logger: ['error', 'warn'] });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  console.log('ready');
}

void main();
