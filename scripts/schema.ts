#!/usr/bin/env node
/**
 * Compares the schema that the migrations leave in an empty database with the reference's (the kit's schema.mjs):
 *
 *   npm run schema
 *
 * The last line and the exit status are the kit's.
 */
import { join } from 'node:path';
import { command } from './lib/command.ts';
import { conformanceDirectory, migrateDatabase, startDatabase } from './lib/rig.ts';
import { runKitScript } from './lib/runner.ts';

let closing = '';
process.once('exit', () => {
  if (closing) console.log(closing);
});

await command(async (scope) => {
  const database = await startDatabase(scope);
  await migrateDatabase(database.url);
  const args = process.argv.slice(2);
  const { status, lastLine } = await runKitScript(scope, join(conformanceDirectory(), 'schema.mjs'), [
    '--db',
    database.url,
    ...args,
  ]);
  closing = lastLine;
  return status;
});
