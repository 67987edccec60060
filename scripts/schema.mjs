#!/usr/bin/env node
/**
 * Compares the schema that the migrations leave in an empty database with the reference's (the kit's schema.mjs):
 *
 *   npm run schema
 *
 * The last line and the exit status are the kit's.
 */
import { join } from 'node:path';
import { command, temporaryDirectory } from './lib/command.mjs';
import { conformanceDirectory, startDatabase, startService } from './lib/rig.mjs';
import { runKitScript } from './lib/runner.mjs';

let closing = '';
process.once('exit', () => closing && console.log(closing));

await command(async (scope) => {
  const log = join(temporaryDirectory('onr-schema'), 'service.log');
  const database = await startDatabase(scope);
  // Migrations run when the service starts; its peers are not called before a request.
  const service = await startService(scope, { peers: 'http://localhost:1', databaseUrl: database.url, log, env: { 'db-scheduler.enabled': 'false' } });
  await service.process.stop();
  const args = process.argv.slice(2);
  const { status, lastLine } = await runKitScript(scope, join(conformanceDirectory(), 'schema.mjs'), ['--db', database.url, ...args]);
  closing = lastLine;
  return status;
});
