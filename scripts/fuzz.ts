#!/usr/bin/env node
/**
 * Sends requests made from the service's own OpenAPI document, fitting ones and spoilt ones, to the built service with the
 * persons of the sandbox, and compares every answer with that document:
 *
 *   npm run fuzz [-- --requests 20000] [--seed N] [--role NAME] [--only "POST /henkilo"]
 *
 * schemathesis (PyPI) does it, as a registrar and as two with few rights; the script installs it into node_modules/.cache first,
 * which takes Python 3.10 or newer and a minute. No answer is 5xx, has a status or a media type that the document does not name,
 * lacks a header or differs from its schema. The same seed makes the same requests; what the register answers may differ, since
 * it draws OIDs. Each finding is printed with a curl that repeats it against `npm start`. The last line is
 * "fuzz: N passed, M failed": operations by roles. Where there is no Python, or no PyPI, it says so and counts nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { XMLParser } from 'fast-xml-parser';
import { loadPersons } from '../sandbox/load-persons.ts';
import { organisations } from '../sandbox/organisations.ts';
import { persons } from '../sandbox/persons.ts';
import { command, messageOf, root, start, temporaryDirectory, type Started } from './lib/command.ts';
import { startCounts } from './lib/counts.ts';
import { showProgress } from './lib/progress.ts';
import { installFromPyPI } from './lib/python-packages.ts';
import { startRegister } from './lib/register.ts';
import { CONTEXT_PATH, plainEnvironment } from './lib/rig.ts';

const SCHEMATHESIS = 'schemathesis==4.32.5';
/** Users of the sandbox, the strongest last: it deletes and links whom the others read. */
const ROLES = ['oikeudeton', 'virkailija', 'rekisterinpitaja'];
/** Checks of schemathesis that say nothing here, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  positive_data_acceptance:
    'rules that no schema says (check marks, codes of code sets, who is linked) refuse fitting data',
  negative_data_rejection:
    'bodies are read as the reference reads them: false for a text, null in a list, an empty text for no date (docs/spec/api.md, 1.4)',
  unsupported_method: 'the reference hides operations from its document that are there, for instance GET /henkilo',
  allow_header_conformance: 'as unsupported_method',
};
/** Name that schemathesis gives to calls that follow from each other. */
const STATEFUL = 'Stateful tests';
/** Requests of one role from which on the systematic ones (each bound, each missing member) are worth their number. */
const SYSTEMATIC_FROM = 5_000;
/** A run that has asked nothing for so long hangs: it prepares and reports in less, on any machine. */
const STALLED_MS = 600_000;
const LOOK_MS = 10_000;

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '20261128' },
    role: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const counts = startCounts('fuzz');

/** Values that mean something in the register, so that not every request is for somebody unknown. */
const known = {
  henkilot: persons.map(({ oid }) => oid),
  hetut: persons.flatMap(({ hetu }) => hetu ?? []),
  organisaatiot: Object.keys(organisations),
  tuonnit: [1, 2],
  ajat: ['2024-01-01', '2024-01-31T10:00:00', '1706695200000'],
  kunnat: ['091', '049', '837'],
};
const bind = (dictionary: keyof typeof known) => `{ dictionary = "${dictionary}", probability = 0.7 }`;
const CONFIGURATION = `
continue-on-failure = true
hooks = ${JSON.stringify(join(root, 'scripts', 'lib', 'fuzz_hooks.py'))}
${Object.entries(known)
  .map(([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}`)
  .join('\n')}
[parameters]
"path.oid" = ${bind('henkilot')}
"path.oidHenkilo" = ${bind('henkilot')}
"path.henkiloOid" = ${bind('henkilot')}
"path.slaveOid" = ${bind('henkilot')}
"path.organisaatioOid" = ${bind('organisaatiot')}
"path.hetu" = ${bind('hetut')}
"path.id" = ${bind('tuonnit')}
"path.tuontiId" = ${bind('tuonnit')}
"path.at" = ${bind('ajat')}
"path.municipal" = ${bind('kunnat')}
"body.hetu" = ${bind('hetut')}
"body.oidHenkilo" = ${bind('henkilot')}
"body.henkiloOids.[*]" = ${bind('henkilot')}
[cache]
enabled = false
[generation]
with-security-parameters = false
[generation.dictionaries]
string = { dictionary = "henkilot", probability = 0.1 }
[output.truncation]
enabled = false
`;

interface Outcome {
  readonly '@_type': string;
  readonly '#text'?: string;
}
interface JUnit {
  readonly testsuites: {
    readonly testsuite: {
      readonly testcase?: readonly {
        readonly '@_name': string;
        readonly failure?: readonly Outcome[];
        readonly error?: readonly Outcome[];
        readonly skipped?: readonly Outcome[];
      }[];
    };
  };
}
const xml = new XMLParser({ ignoreAttributes: false, isArray: (name) => ['testcase', 'failure', 'error', 'skipped'].includes(name) }); // prettier-ignore

/** What a role met. */
class Findings {
  /** Operation → what was wrong; empty: nothing. */
  private readonly byOperation = new Map<string, Set<string>>();

  /** Takes in what schemathesis wrote. */
  read(file: string): void {
    const { testcase = [] } = (xml.parse(readFileSync(file, 'utf8')) as JUnit).testsuites.testsuite;
    for (const { '@_name': operation, failure = [], error = [], skipped } of testcase) {
      if (skipped) continue;
      const found = this.byOperation.get(operation) ?? new Set();
      for (const { '#text': text = 'failed without a word' } of [...failure, ...error]) found.add(text);
      this.byOperation.set(operation, found);
    }
  }

  /** The operations, each with what was wrong about it. */
  get operations(): [string, string[]][] {
    return [...this.byOperation].map(([operation, found]) => [operation, [...found]]);
  }
}

await command(async (scope) => {
  const programs = installFromPyPI('schemathesis', SCHEMATHESIS);
  if (programs === null) return 0;
  const [requests, seed] = [Number(options.requests), Number(options.seed)];
  const roles = options.role === undefined ? ROLES : [options.role];
  console.log(`${requests} requests with seed ${seed}; left out: ${Object.entries(LEFT_OUT).map(([check, why]) => `${check} (${why})`).join(', ')}`); // prettier-ignore

  const directory = temporaryDirectory('onr-fuzz');
  const register = await startRegister(scope, directory);
  const { base } = register;
  await loadPersons(register.databaseUrl);

  /** Requests that the service has answered. */
  const answered = async () => (await register.metrics()).sum('http_server_requests_seconds_count');
  const configuration = join(directory, 'schemathesis.toml');
  writeFileSync(configuration, CONFIGURATION);
  /** Runs schemathesis once. */
  const run = async (role: string, round: number, phases: string, examples: number): Promise<string> => {
    const report = join(directory, `${role}-${round}.xml`);
    const schemathesis = start({
      name: 'schemathesis',
      file: join(programs, 'schemathesis'),
      args: [
        ...['--config-file', configuration, 'run', `${base}/v3/api-docs`, '--url', base],
        ...['--header', `Authorization: Bearer ${await register.token(role)}`, '--seed', String(seed + round)],
        ...[
          '--phases',
          phases,
          '--max-examples',
          String(examples),
          '--exclude-checks',
          Object.keys(LEFT_OUT).join(','),
        ],
        ...['--report', 'junit', '--report-junit-path', report, '--generation-database', 'none', '--no-color'],
        ...['--suppress-health-check', 'all', '--warnings', options.verbose ? 'missing_test_data' : 'off'],
        ...(options.only === undefined ? [] : ['--include-name', options.only]),
      ],
      env: { ...plainEnvironment(), PYTHONDONTWRITEBYTECODE: '1' }, // the hooks' folder is the project's
      log: join(directory, `${role}.log`),
    });
    scope.defer(() => schemathesis.stop());
    await ended(schemathesis, answered);
    return report;
  };

  const before = await answered();
  let seen = 0;
  const timer = setInterval(() => void answered().then((now) => (seen = now - before), () => undefined), 1_000); // prettier-ignore
  timer.unref();
  const began = performance.now();
  const end = showProgress('requests', () => ({ done: seen, total: requests, seconds: (performance.now() - began) / 1000 })); // prettier-ignore
  for (const [index, role] of roles.entries()) {
    const findings = new Findings();
    const share = requests / roles.length;
    const until = before + share * (index + 1);
    const systematic = share >= SYSTEMATIC_FROM;
    const first = await answered();
    let now = first;
    for (let round = 0; round === 0 || now < until; round++) {
      const phases = round === 0 ? `examples,${systematic ? 'coverage,stateful,' : ''}fuzzing` : 'fuzzing';
      const operations = findings.operations.length || 75;
      const file = await run(
        role,
        round,
        phases,
        Math.max(1, Math.round((until - now) / operations / (round === 0 ? 2 : 1))),
      );
      findings.read(file);
      const later = await answered();
      if (later === now) break;
      now = later;
    }
    let failed = 0;
    for (const [operation, found] of findings.operations) {
      if (operation === STATEFUL && found.length === 0) continue; // no operation
      counts[found.length === 0 ? 'passed' : 'failed']++;
      failed += Math.min(1, found.length);
      for (const text of found) console.log(`\nFAIL ${role}: ${operation}\n${repeatable(text, base)}`);
    }
    console.log(`${role}: ${now - first} requests, ${findings.operations.length} operations, ${failed} with findings`);
  }
  end();
  clearInterval(timer);
  if (!register.service.isRunning()) counts.failed++;
  if (counts.failed > 0) console.log(`To repeat: npm start, TOKEN=$(curl -s -d '{"user":"ROLE"}' http://localhost:8484/__test/token), then the curl; the logs are in ${directory}`); // prettier-ignore
  return counts.failed > 0 ? 1 : 0;
}).catch((error: unknown) => console.error(messageOf(error)));

/** Waits for it as long as it asks something. @throws Error it hangs */
async function ended(asking: Started, answered: () => Promise<number>): Promise<void> {
  let [before, since] = [await answered(), performance.now()];
  while (asking.isRunning()) {
    await Promise.race([asking.exited, sleep(LOOK_MS, undefined, { ref: false })]);
    const now = await answered();
    if (now !== before) [before, since] = [now, performance.now()];
    if (performance.now() - since > STALLED_MS)
      throw new Error(`${asking.name} has asked nothing for ${STALLED_MS / 60_000} minutes`);
  }
}

/** The curl of a finding as it goes to the service that `npm start` starts. */
function repeatable(text: string, base: string): string {
  return text
    .replaceAll(base, `http://localhost:8080${CONTEXT_PATH}`)
    .replace(/'Authorization: [^']*'/g, '"Authorization: Bearer $TOKEN"');
}
