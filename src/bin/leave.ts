/**
 * Takes everything of the service out of the configured database, which is the reference's alone again:
 *
 *   node dist/bin/leave.js                     says what would go and what would be lost; changes nothing
 *   node dist/bin/leave.js --yes               does it
 *   node dist/bin/leave.js --yes --lose-messages   also while changed persons have not been told about
 *
 * Exit status 0: done, or nothing in the way; 1: something is in the way, or it failed; 2: called wrongly.
 */
import '../common/node-version.js';
import { parseArgs } from 'node:util';
import { readConfig } from '../config/config.js';
import { leave, planFarewell, type Farewell } from '../database/adoption/leave.js';
import { lockMigrations, withOwner } from '../database/migrate.js';

function readArguments() {
  try {
    const options = { yes: { type: 'boolean' }, 'lose-messages': { type: 'boolean' } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${messageOf(error)}\nusage: leave [--yes] [--lose-messages]`);
    return null;
  }
}

async function main(): Promise<number> {
  const given = readArguments();
  if (!given) return 2;
  return withOwner(readConfig().database, async (client, between) => {
    if (between === 'transaction')
      throw new Error('This needs the database without PgBouncer: ONR_MIGRATION_DATABASE_URL');
    await lockMigrations(client);
    const { rows } = await client.query<{ name: string | null }>(`select to_regclass('schema_table_onr') as name`);
    if (!rows[0]!.name) throw new Error('This is no database of the reference: it has no schema_table_onr');
    const farewell = await planFarewell(client);
    describe(farewell);
    const reasons = listReasons(farewell, given['lose-messages'] === true);
    if (reasons.length > 0) {
      console.log(`\nIn the way:\n${reasons.map((reason) => `  ${reason}`).join('\n')}\nNothing has been changed.`);
      return 1;
    }
    if (!given.yes) {
      console.log('\nNothing has been changed. Take a backup, then do it with --yes.');
      return 0;
    }
    await leave(client, farewell);
    console.log('\nDone: the database is as the reference made it. A service that starts on it adopts it again.');
    return 0;
  });
}

function listReasons({ connections, unsent }: Farewell, loseMessages: boolean): string[] {
  return [
    ...(connections > 0 ? [`${connections} connections of running processes of the service: stop them first`] : []),
    ...(unsent > 0 && !loseMessages
      ? [`${unsent} changes of persons are not published: let a process publish them, or give --lose-messages`]
      : []),
  ];
}

function describe({ objects, tables, unfinishedImports, sessions, jobs }: Farewell): void {
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => `${kind} ${objects.filter((object) => object.kind === kind).length}`);
  console.log(`Goes: ${counts.join(', ') || 'nothing'}`);
  for (const { kind, name } of objects) console.log(`  ${kind} ${name}`);
  const list = (title: string, lost: boolean) => {
    const rows = tables.filter((table) => table.lost === lost);
    if (rows.length === 0) return;
    console.log(`\n${title}`);
    for (const { name, rows: count, about } of rows) console.log(`  ${name}: ${count} rows. ${about}`);
  };
  list('Lost for good:', true);
  list('Made anew should the service come back:', false);
  console.log(
    `\nAlso goes: ${sessions} logins, ${jobs.length} rows of jobs that the reference does not have${jobs.map((name) => ` ${name}`).join(',')}`,
  );
  console.log(
    'Stays: states of mails that were missing. Does not come back: contact details of nobody that adoption deleted.',
  );
  if (unfinishedImports > 0)
    console.log(
      `${unfinishedImports} imports are not finished: in the reference start each again with POST /oppija/tuonti={id}`,
    );
}

/** With what PostgreSQL adds: which object stands in the way. */
const messageOf = (error: unknown) =>
  error instanceof Error
    ? [error.message, (error as { detail?: string }).detail].filter(Boolean).join('\n')
    : String(error);

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
