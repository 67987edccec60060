import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.setup.js';
import { lines } from './common/lines.js';
import { readConfig } from './config/config.js';
import { migrate } from './database/migrate.js';
import { HakutekstiMuistissa } from './henkilo/hakuteksti-muistissa.js';
import { AppLogger } from './http/app-logger.js';

/** Running requests may take this long after the process is told to end. */
const DRAIN_MS = 20_000;

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
  await migrate(config.database.url);
  const created = await createApp(config);
  await created.listen(config.port, '0.0.0.0');
  app = created;
  app.get(HakutekstiMuistissa).startLoading(); // takes seconds with many persons: not while the first search waits
}

/** No new connections, running requests finish, then everything else ends; exit status 0. */
async function shutDown(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
  await app.close();
  lines.flush();
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
