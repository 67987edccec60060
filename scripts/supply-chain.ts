#!/usr/bin/env node
/**
 * What the service is made of, for those who answer for it:
 *
 *   npm run supply-chain    licences against the EUPL, known vulnerabilities, the bill of materials
 *   npm run sbom            only the bill of materials (CycloneDX, JSON), to standard output
 *
 * The last line is "supply-chain: N passed, M failed"; each package counts as one. Where the registry answers no questions
 * about vulnerabilities (a mirror, no network) that is said, and not counted.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { given, root } from './lib/command.ts';

/** Permissive licences: what carries them may be part of a work under EUPL-1.2. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'EUPL-1.2', 'ISC', 'MIT', 'Python-2.0', 'Unlicense']); // prettier-ignore
/** Packages whose licence stands in a file only, as read there. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'passport-strategy': 'MIT',
  pause: 'MIT',
  unidecode: 'BSD-3-Clause',
};
/** Advisories that do not concern this service, by their id, and why. */
const EXPLAINED: Readonly<Record<string, string>> = {};

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}
interface Component {
  readonly purl?: string;
  /** What it brings along for itself. */
  readonly components?: readonly Component[];
}
interface Bom extends Component {
  readonly bomFormat?: string;
}
interface Audit {
  readonly error?: unknown;
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly via: readonly (string | { readonly url: string; readonly title: string })[] }>>; // prettier-ignore
}

let passed = 0;
let failed = 0;
function say(isGood: boolean, text: string): void {
  if (isGood) passed++;
  else failed++;
  if (!isGood) console.log(`FAIL ${text}`);
}

const npm = (...args: string[]) =>
  spawnSync('npm', args, { cwd: root, encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 1024 * 1024 });

/** `MIT`, `(MIT OR GPL-2.0)`: one of the alternatives, all of what is joined by AND. */
function isAllowed(licence: string): boolean {
  const bare = licence.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isAllowed);
  return bare.split(' AND ').every((one) => ALLOWED.has(one.trim()));
}

/** Packages that the service runs with, by their place. */
function lockedPackages(): [string, Locked][] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev);
}

function checkLicences(packages: readonly [string, Locked][]): void {
  for (const [path, { license }] of packages) {
    const name = given(path.split('node_modules/').at(-1), 'a name');
    const licence = license ?? READ_BY_HAND[name] ?? 'no licence';
    say(isAllowed(licence), `${name}: ${licence} is not on the list of licences that go with the EUPL`);
  }
  console.log(`licences: ${packages.length} packages looked at`);
}

function checkBom(packages: readonly [string, Locked][]): void {
  const { stdout } = npm('run', '--silent', 'sbom');
  const bom = JSON.parse(stdout || '{}') as Bom;
  const purlsOf = ({ purl, components = [] }: Component): (string | undefined)[] => [
    purl,
    ...components.flatMap(purlsOf),
  ];
  const purls = new Set(purlsOf(bom).filter(Boolean));
  say(
    bom.bomFormat === 'CycloneDX' && purls.size > 100,
    `npm run sbom gives no bill of materials (${purls.size} components)`,
  );
  for (const [path, { version }] of packages) {
    if (!existsSync(join(root, path))) continue; // for another machine
    const name = given(path.split('node_modules/').at(-1), 'a name').replace('@', '%40');
    say(purls.has(`pkg:npm/${name}@${version}`), `${name} ${version} is not in the bill of materials`);
  }
  console.log(`bill of materials: ${purls.size} components`);
}

function checkAudit(): void {
  const { stdout } = npm('audit', '--omit=dev', '--json');
  const audit = JSON.parse(stdout || '{"error":"no answer"}') as Audit;
  if (audit.error !== undefined || !audit.vulnerabilities) {
    console.log(`npm audit: not asked, the registry does not answer (${audit.message ?? 'no answer'})`);
    return;
  }
  const advisories = Object.entries(audit.vulnerabilities).flatMap(([name, { severity, via }]) =>
    via.flatMap((one) => (typeof one === 'string' ? [] : [{ name, severity, ...one }])),
  );
  for (const { name, severity, title, url } of advisories)
    say(EXPLAINED[url.split('/').at(-1) ?? ''] !== undefined, `${name} (${severity}): ${title} ${url}`);
  say(true, 'npm audit');
  console.log(`npm audit: ${advisories.length} advisories, ${Object.keys(EXPLAINED).length} explained`);
}

const packages = lockedPackages();
checkLicences(packages);
checkBom(packages);
checkAudit();
console.log(`supply-chain: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
