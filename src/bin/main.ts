import '../common/node-version.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../app.setup.js';
import { lines } from '../common/lines.js';
import { readConfig } from '../config/config.js';
import { migrate } from '../database/migrate.js';
import { HealthService } from '../health/health.service.js';
import { ManagementServer } from '../health/management-server.service.js';
import { HakutekstiMuistissa } from '../hakuteksti/hakuteksti-muistissa.store.js';
import { AppLogger } from '../http/app-logger.js';
import { Connections, drain } from '../http/drain.js';
import { everyAddress } from '../http/listen.js';
import { Scheduler } from '../jobs/scheduler.service.js';

/** After the process is told to end, connections are cut after so long, */
const MAX_DRAIN_MS = 12_000;
/** but running requests have at least so long after the delay, */
const MIN_DRAIN_MS = 2_000;
/** and the process is gone after so long, whatever hangs. */
const PROCESS_END_MS = 19_000;
/** So many connections wait to be accepted, as far as the system lets them; the callers of further ones try again after a second and more. */
const QUEUED_CONNECTIONS = 4_096;

async function main(): Promise<void> {
  const config = readConfig();
  Logger.overrideLogger(new AppLogger());
  process.on('unhandledRejection', (reason) => new Logger('Process').error(`A failure that nobody awaited: ${String(reason)}`)); // prettier-ignore
  let app: NestFastifyApplication | null = null;
  let stopping = false;
  const stop = () => {
    if (app === null) process.exit(0); // nobody is served yet, and PostgreSQL undoes a migration that is cut off
    if (!stopping) void shutDown(app);
    stopping = true;
  };
  // Again and again: a terminal and npm both send Ctrl-C, and the second must not cut off what is being finished.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await migrate(config.database);
  const created = await createApp(config);
  const connections = new Connections(created.getHttpServer());
  created.get(HealthService).register('process', () => !stopping);
  await created.get(ManagementServer).listen();
  await created.listen({
    port: config.port,
    host: config.address ?? (await everyAddress()),
    backlog: QUEUED_CONNECTIONS,
  });
  app = created;
  app.get(HakutekstiMuistissa).startLoading(); // takes seconds with many persons: not while the first search waits

  /** Not ready, then no new connections, running requests finish, then everything else ends; exit status 0. */
  async function shutDown(app: NestFastifyApplication): Promise<void> {
    const { shutdownDelayMs } = config;
    setTimeout(giveUp, PROCESS_END_MS);
    void app.get(Scheduler).stop();
    if (shutdownDelayMs > 0) await sleep(shutdownDelayMs);
    await drain(app.getHttpServer(), connections, Math.max(MIN_DRAIN_MS, MAX_DRAIN_MS - shutdownDelayMs));
    await app.close();
    lines.flush();
    process.exit(0);
  }
}

function giveUp(): never {
  new Logger('Process').error('Something does not end: the process ends all the same');
  lines.flush();
  process.exit(1);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
