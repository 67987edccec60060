/**
 * Jobs by hand, on the settings of the environment:
 *
 *   node dist/bin/jobs.js list          every job with its last run, next run and failures
 *   node dist/bin/jobs.js run "<name>"  one run now, through its row, so that no other process runs it meanwhile
 *
 * A job that is switched off can be run by hand too. Exit status 0: done; 1: the run failed; 2: called wrongly;
 * 3: the job is running elsewhere.
 */
import '../common/node-version.js';
import 'reflect-metadata';
import { Logger, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { systemClock } from '../common/clock.js';
import { AppModule } from '../app.module.js';
import { lines } from '../common/lines.js';
import { ProgressMeter, progressText, showProgress } from '../common/progress.js';
import { ConfigModule } from '../config/config.module.js';
import { readConfig } from '../config/config.js';
import { AppLogger } from '../http/app-logger.js';
import { JobRegistry } from '../jobs/job-registry.service.js';
import { toProgress } from '../jobs/job-run.mapper.js';
import { JobRunRepository } from '../jobs/job-run.repository.js';
import { JobRunner } from '../jobs/job-runner.service.js';
import { describeSchedule, firstTime } from '../jobs/schedule.rules.js';
import { ScheduledTaskRepository } from '../jobs/scheduled-task.repository.js';

class Root {}

async function main(): Promise<number> {
  const [command, name] = process.argv.slice(2);
  if (command !== 'list' && !(command === 'run' && name)) {
    console.error('usage: list | run "<name of a job>"');
    return 2;
  }
  const config = readConfig({ ...process.env, 'db-scheduler.enabled': 'false' });
  const logger = new AppLogger();
  Logger.overrideLogger(logger);
  const root = { module: Root, imports: [ConfigModule.of(config), AppModule] };
  const app = await NestFactory.createApplicationContext(root, { logger, abortOnError: false });
  try {
    return command === 'list' ? await list(app) : await run(app, name!);
  } finally {
    await app.close();
    lines.flush();
  }
}

async function list(app: INestApplicationContext): Promise<number> {
  const jobs = app.get(JobRegistry).list();
  const names = jobs.map(({ name }) => name);
  const tasks = await app.get(ScheduledTaskRepository).listByNames(names);
  const runs = await app.get(JobRunRepository).listByNames(names);
  const time = (at: Date | null | undefined) => at?.toISOString().slice(0, 19).replace('T', ' ') ?? '-';
  const rows = jobs.map(({ name, schedule, enabled }) => {
    const task = tasks.find((t) => t.name === name);
    const run = runs.find((r) => r.name === name);
    const progress =
      run && run.ended === null && run.done > 0 ? `: ${progressText(toProgress(run, systemClock.now()))}` : '';
    const state = task?.picked ? `running on ${task.pickedBy}${progress}` : enabled ? 'on' : 'off';
    const failures = String(task?.consecutiveFailures ?? 0);
    return [
      name,
      describeSchedule(schedule),
      state,
      time(task?.lastSuccess),
      time(task?.lastFailure),
      failures,
      enabled ? time(task?.executionTime) : '-',
    ];
  });
  const table = [
    ['JOB', 'SCHEDULE', 'STATE', 'LAST SUCCESS', 'LAST FAILURE', 'FAILURES IN A ROW', 'NEXT RUN (UTC)'],
    ...rows,
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  return 0;
}

async function run(app: INestApplicationContext, name: string): Promise<number> {
  const job = app.get(JobRegistry).find(name);
  if (!job) {
    console.error(`There is no job "${name}". Jobs: ${app.get(JobRegistry).list().map((j) => `"${j.name}"`).join(', ')}`); // prettier-ignore
    return 2;
  }
  const [tasks, runner] = [app.get(ScheduledTaskRepository), app.get(JobRunner)];
  await tasks.insertMissing([{ name, executionTime: firstTime(job.schedule, systemClock.now()) }]);
  const task = await tasks.claim(name, runner.host);
  if (!task) {
    console.error(`Job "${name}" is running already`);
    return 3;
  }
  const stop = () => void runner.stop(0);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const progress = new ProgressMeter();
  const stopShowing = showProgress(name, () => progress.read(), process.stderr);
  const outcome = await runner.run(job, task, progress).finally(stopShowing);
  console.log(`Job "${name}" ${outcome}`);
  return outcome === 'succeeded' ? 0 : 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
