#!/usr/bin/env node
/**
 * Mutation testing of the rules that decide about people: Stryker changes one place of a rule after the other, and the unit tests
 * must notice.
 *
 *   npm run mutation [-- FILE …]    installs Stryker from npm into node_modules/.cache first, outside the project's packages
 *
 * Prints for each file how many changes were noticed and where the others are. A file passes from THRESHOLD per cent on; the last
 * line is "mutation: N passed, M failed". Where there is no npm registry it says so and counts nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, temporaryDirectory } from './lib/command.ts';
import { madeOnce } from './lib/made-once.ts';

const THRESHOLD = 85;
/** Of the same version: the runner asks for exactly its own. */
const PACKAGES = ['@stryker-mutator/core@10.0.0', '@stryker-mutator/mocha-runner@10.0.0', 'mocha@11.7.5'];

/** What became of changes that do not count: the rest is no program, or was left out with a reason beside it. */
const NO_PROGRAM = ['Ignored', 'CompileError', 'RuntimeError'];

/**
 * Two that decide about people are left out, since they have no unit tests, only end-to-end tests on a database, which take seconds for
 * each change: `oppijat-tuonti/tuonti/liittaminen.service.ts` (test/e2e/tuonti-liittaminen.spec.ts; what it asks about names is here as
 * `nimiarvaus` and `nimivertailu`) and `auth/strong-authentication/strong-authentication.service.ts` (test/e2e/two-factor.spec.ts; the
 * level of a login is here as `authentication-level.rules`).
 */
const RULES = {
  permissions: [
    'auth/permissions/authorize.decorator.ts',
    'auth/permissions/permission-checker.service.ts',
    'auth/permissions/permission.guard.ts',
    'auth/permissions/permission.rules.ts',
    'auth/permissions/rights.constants.ts',
    'auth/strong-authentication/authentication-level.rules.ts',
  ],
  linking: ['duplicates/linkitys-oikeus.service.ts', 'duplicates/linkitys.service.ts'],
  identification: [
    'identification/identification.service.ts',
    'oppijat-tuonti/tuonti/tunnistus.rules.ts',
    'yksilointi/henkilo-tarkistus.service.ts',
    'yksilointi/hetu-muutos.service.ts',
    'yksilointi/kasin-yksilointi.service.ts',
    'yksilointi/vtj-kopiointi.service.ts',
    'yksilointi/yksilointi.service.ts',
    'yksilointi/yksilointivirhe.rules.ts',
    'yksilointitieto/yksilointivirhe-tila.rules.ts',
  ],
  'changes of VTJ': ['vtj/tietoryhmat/tietoryhma.mapper.ts'],
  turvakielto: [
    'auth/permissions/suojattujen-nakyvyys.service.ts',
    'common/kylla-ei.ts',
    'vtj/tietoryhmat/osoitteet.rules.ts',
  ],
  hetu: ['common/hetu-mask.ts', 'common/hetu.ts'],
  names: ['common/kutsumanimi.ts', 'common/nimen-merkit.ts', 'common/nimiarvaus.ts', 'common/nimivertailu.ts'],
};

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}
interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

/** @returns where Stryker's packages are; null: npm cannot install them here */
function install(): string | null {
  const directory = madeOnce('stryker', PACKAGES.join(), (empty) => {
    writeFileSync(join(empty, 'package.json'), '{"private":true}');
    const args = ['install', '--prefix', empty, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    return spawnSync('npm', [...args, ...PACKAGES], { stdio: 'inherit', cwd: empty, timeout: 600_000 }).status === 0;
  });
  return directory && join(directory, 'node_modules', '@stryker-mutator');
}

/** The tests of the file, or else those of its folder. */
const specsOf = (file: string): string => {
  const own = file.replace(/\.ts$/, '.spec.ts');
  return existsSync(join(root, own)) ? own : join(dirname(file), '*.spec.ts');
};

/** @returns the changes of one file and what became of each */
function run(packages: string, file: string): readonly Mutant[] {
  const work = temporaryDirectory('onr-mutation');
  const report = join(work, 'report.json');
  const config = join(work, 'stryker.config.json');
  const options = {
    plugins: [join(packages, 'mocha-runner', 'dist', 'src', 'index.js')],
    testRunner: 'mocha',
    mochaOptions: {
      'no-config': true,
      require: ['./scripts/lib/jest-in-mocha.cjs'],
      spec: [specsOf(file)],
    },
    coverageAnalysis: 'perTest',
    disableTypeChecks: false,
    mutate: [file],
    ignorePatterns: ['*', '!src/**', '!test/support/**', '!scripts/lib/**', '!package.json'],
    reporters: ['json'],
    jsonReporter: { fileName: report },
    logLevel: process.env.ONR_MUTATION_LOG ?? 'error',
    tempDirName: join(work, 'sandbox'),
    concurrency: 1,
    timeoutMS: 60_000, // a busy machine is slow; endless loops are rare
  };
  writeFileSync(config, JSON.stringify(options));
  const { status } = spawnSync(process.execPath, [join(packages, 'core', 'bin', 'stryker.js'), 'run', config], {
    stdio: 'inherit',
    cwd: root,
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}`);
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  rmSync(work, { recursive: true, force: true });
  const mutants = files[file]?.mutants ?? [];
  if (mutants.length === 0) throw new Error(`Nothing was changed in ${file}`);
  return mutants;
}

/** Prints what became of the changes of one file. @returns how many count, how many of them were noticed, and whether those are enough */
function tell(file: string, mutants: readonly Mutant[], ms: number) {
  const counted = mutants.filter(({ status }) => !NO_PROGRAM.includes(status));
  const left = counted.filter(({ status }) => status !== 'Killed' && status !== 'Timeout');
  const noticed = counted.length - left.length;
  const share = (100 * noticed) / counted.length;
  const isEnough = share >= THRESHOLD;
  console.log(
    [
      file.padEnd(60),
      String(counted.length).padStart(8),
      String(noticed).padStart(8),
      share.toFixed(1).padStart(7),
      `${(ms / 1000).toFixed(0)} s`.padStart(7),
      isEnough ? '' : '  below',
    ].join(''),
  );
  for (const { location, mutatorName, replacement = '', status } of left) {
    const why = status === 'Survived' ? '' : ` (${status})`;
    const now = replacement.replaceAll(/\s+/g, ' ').slice(0, 100);
    console.log(`    ${location.start.line}:${location.start.column} ${mutatorName}${why}: ${now}`);
  }
  return { changes: counted.length, noticed, isEnough };
}

const given = process.argv.slice(2);
const packages = install();
if (packages === null) {
  console.log(`Skipped: ${PACKAGES.join(', ')} cannot be installed here`);
  console.log('mutation: 0 passed, 0 failed');
} else {
  const began = performance.now();
  const all = { changes: 0, noticed: 0, passed: 0, failed: 0 };
  console.log(
    `${'file'.padEnd(60)}${'changes'.padStart(8)}${'noticed'.padStart(8)}${'%'.padStart(7)}${'time'.padStart(7)}`,
  );
  for (const [rule, members] of Object.entries(RULES)) {
    const files = members.map((member) => `src/${member}`).filter((file) => given.length === 0 || given.includes(file));
    if (files.length > 0) console.log(rule);
    for (const file of files) {
      const start = performance.now();
      const { changes, noticed, isEnough } = tell(file, run(packages, file), performance.now() - start);
      all.changes += changes;
      all.noticed += noticed;
      all[isEnough ? 'passed' : 'failed']++;
    }
  }
  const share = ((100 * all.noticed) / all.changes).toFixed(1);
  console.log(
    `\n${all.noticed} of ${all.changes} noticed, ${share} %, ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  console.log(`mutation: ${all.passed} passed, ${all.failed} failed`);
  process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1;
}
