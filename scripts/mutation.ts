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
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, temporaryDirectory } from './lib/command.ts';

const THRESHOLD = 85;
/** Of the same version: the runner asks for exactly its own. */
const STRYKER = ['@stryker-mutator/core@10.0.0', '@stryker-mutator/jest-runner@10.0.0'];
const directory = join(root, 'node_modules', '.cache', 'stryker');
const packages = join(directory, 'node_modules', '@stryker-mutator');
const installed = join(directory, 'installed');

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
  ],
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

function install(): boolean {
  if (existsSync(installed) && readFileSync(installed, 'utf8') === STRYKER.join()) return true;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  const args = ['install', '--prefix', directory, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', [...args, ...STRYKER], { stdio: 'inherit', cwd: directory, timeout: 600_000 });
  if (status !== 0) return false;
  writeFileSync(installed, STRYKER.join());
  return true;
}

/** Jest as the project has it, but for the unit tests only, which need no database. */
function jestConfig(): object {
  const config = createRequire(import.meta.url)(join(root, 'jest.config.cjs')) as Record<string, unknown>;
  const { globalSetup: _setup, globalTeardown: _teardown, ...rest } = config;
  return { ...rest, roots: ['<rootDir>/src'] };
}

function run(files: readonly string[]): Report {
  const work = temporaryDirectory('onr-mutation');
  const report = join(work, 'report.json');
  const config = join(work, 'stryker.config.json');
  const options = {
    plugins: [join(packages, 'jest-runner', 'dist', 'src', 'index.js')],
    testRunner: 'jest',
    jest: { config: jestConfig() },
    coverageAnalysis: 'perTest',
    disableTypeChecks: false,
    mutate: files,
    ignorePatterns: ['*', '!src/**', '!test/support/**', '!scripts/lib/**', '!package.json'],
    reporters: ['json', 'clear-text'],
    jsonReporter: { fileName: report },
    clearTextReporter: { reportMutants: false, reportTests: false, reportScoreTable: false },
    tempDirName: join(work, 'sandbox'),
    concurrency: Number(process.env.ONR_MUTATION_WORKERS ?? 2),
    timeoutMS: 60_000, // a busy machine is slow; endless loops are rare
  };
  writeFileSync(config, JSON.stringify(options));
  const { status } = spawnSync(process.execPath, [join(packages, 'core', 'bin', 'stryker.js'), 'run', config], {
    stdio: 'inherit',
    cwd: root,
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}`);
  const read = JSON.parse(readFileSync(report, 'utf8')) as Report;
  rmSync(work, { recursive: true, force: true });
  return read;
}

/** Prints the rows of a report. @returns how many of the chosen files pass and do not */
function tell({ files }: Report, chosen: readonly string[]): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  const survivors: string[] = [];
  console.log(`\n${'file'.padEnd(62)}${'changes'.padStart(8)}${'noticed'.padStart(9)}${'%'.padStart(7)}`);
  for (const [rule, members] of Object.entries(RULES)) {
    for (const file of members.map((member) => `src/${member}`)) {
      const mutants = (files[file]?.mutants ?? []).filter(({ status }) => !/^(Ignored|CompileError)$/.test(status));
      if (!chosen.includes(file)) continue;
      if (mutants.length === 0) throw new Error(`Nothing was changed in ${file}`);
      const left = mutants.filter(({ status }) => status !== 'Killed' && status !== 'Timeout');
      const share = (100 * (mutants.length - left.length)) / mutants.length;
      if (share >= THRESHOLD) passed++;
      else failed++;
      console.log(
        `${`${rule}: ${file}`.padEnd(62)}${String(mutants.length).padStart(8)}${String(mutants.length - left.length).padStart(9)}${share.toFixed(1).padStart(7)}${share >= THRESHOLD ? '' : '  below'}`,
      );
      for (const { location, mutatorName, replacement = '', status } of left)
        survivors.push(
          `${file}:${location.start.line}:${location.start.column} ${mutatorName}${status === 'NoCoverage' ? ' (no test gets here)' : ''}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 100)}`,
        );
    }
  }
  console.log(`\nNot noticed:\n${survivors.join('\n')}`);
  return { passed, failed };
}

const given = process.argv.slice(2);
const chosen =
  given.length > 0
    ? given
    : Object.values(RULES)
        .flat()
        .map((file) => `src/${file}`);
if (!install()) {
  console.log(`Skipped: ${STRYKER.join(', ')} cannot be installed here`);
  console.log('mutation: 0 passed, 0 failed');
} else {
  const began = performance.now();
  const { passed, failed } = tell(run(chosen), chosen);
  console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s`);
  console.log(`mutation: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
