#!/usr/bin/env node
/**
 * Runs the conformance kit against the built service on a throw-away database:
 *
 *   npm run conformance [-- --only TEXT] [--cases DIR] [--deviations FILE] [--json FILE] [--verbose] [--finished]
 *
 * Arguments go on to the kit's run.mjs; `--finished` runs exactly the scenarios that test/conformance/finished.json
 * lists. The kit is test/conformance/kit or where CONFORMANCE_DIR says. Everything listens on free ports, so several
 * runs may go on at once. All the while ready documents of persons are built and compared with the tables (ADR 120); one that
 * differs makes the run a failure. The last line and the exit status are the runner's.
 */
import { join } from 'node:path';
import { command, root, temporaryDirectory } from './lib/command.ts';
import { checkDocuments } from './lib/document-check.ts';
import { copyCases, meetPeersAt, writeFinishedCases } from './lib/finished-cases.ts';
import { conformanceDirectory, fromCaller, quietJobs, startDatabase, startKitPeers, startService } from './lib/rig.ts';
import { runKitScript } from './lib/runner.ts';

/** Options of the runner whose value is a path, which is meant from where npm was called. */
const PATHS = ['--cases', '--deviations', '--json'];
const args = process.argv.slice(2).map((arg, i, all) => (PATHS.includes(all[i - 1] ?? '') ? fromCaller(arg) : arg));
const given = args.indexOf('--cases');
const [, givenCases] = given < 0 ? [] : args.splice(given, 2);

let closing = '';
process.once('exit', () => {
  if (closing) console.log(closing);
});

await command(async (scope) => {
  const kit = conformanceDirectory();
  const logs = temporaryDirectory('onr-conformance');
  const [peers, database] = await Promise.all([startKitPeers(scope, join(logs, 'peers.log')), startDatabase(scope)]);
  const source = givenCases ?? join(kit, 'cases');
  const cases = join(logs, 'cases');
  if (args.includes('--finished')) writeFinishedCases(source, cases);
  else copyCases(source, cases);
  meetPeersAt(peers, join(cases, 'goldens'));
  const service = await startService(scope, { peers, databaseUrl: database.url, log: join(logs, 'service.log') });
  await quietJobs(database.url);
  const documents = await checkDocuments(database.url);
  const { status, lastLine } = await runKitScript(scope, join(kit, 'run.mjs'), [
    ...['--base', service.base, '--peers', peers, '--db', database.url, '--cases', cases],
    ...['--deviations', join(root, 'test', 'conformance', 'deviations.json')],
    ...args.filter((arg) => arg !== '--finished'),
  ]);
  await documents.stop();
  console.log(
    `${documents.compared()} documents of persons compared with the tables, ${documents.wrong().length} wrong`,
  );
  if (status !== 0) console.log(`The service's log is ${service.process.log}`);
  closing = lastLine;
  return documents.wrong().length > 0 ? 1 : status;
});
