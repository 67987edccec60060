import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
/** Used without being named in our files, and why. */
const UNNAMED: Readonly<Record<string, string>> = {
  rxjs: 'peer of Nest',
  'reflect-metadata': 'peer of Nest',
  '@swc/core': 'peer of @swc/jest',
  '@aws-sdk/lib-storage': 'the former version, which test:rolling builds with our packages, imports it',
};

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
}
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;

function files(at: string): string[] {
  if (!statSync(path.join(ROOT, at)).isDirectory()) return [at];
  return readdirSync(path.join(ROOT, at)).flatMap((name) => files(path.join(at, name)));
}
const isText = (file: string) => /\.(?:[cm]?[jt]s|json)$/.test(file);
const own = [
  'src',
  'test',
  'scripts',
  'sandbox',
  'packages',
  ...readdirSync(ROOT).filter((f) => /^[\w.-]+\.(?:c|m)js$/.test(f)),
]
  .flatMap(files)
  .filter((file) => isText(file) && file !== path.relative(ROOT, __filename));
const texts = [...own, 'nest-cli.json'].map((file) => readFileSync(path.join(ROOT, file), 'utf8'));
texts.push(
  Object.values(manifest.scripts)
    .join('\n')
    .replace(/\bnest\b/g, "'@nestjs/cli'"),
);

/** Named in an import or a path; a package of types by what it describes. */
function isUsed(name: string): boolean {
  if (name === '@types/node' || name in UNNAMED) return true;
  const what = name.replace(/^@types\//, '').replaceAll('.', '\\.');
  return texts.some((text) => new RegExp(`['"\`/]${what}['"\`/]`).test(text));
}

it('every package of package.json is used', () => {
  const { dependencies, devDependencies } = manifest;
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  expect(names.filter((name) => !isUsed(name))).toEqual([]);
});

it('what the service needs to run is no tool of development', () => {
  const needed = new Set<string>();
  for (const file of own.filter((name) => name.startsWith('src/') && !name.endsWith('.spec.ts'))) {
    for (const [, name] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(
      /(?:from|import\(|require\.resolve\()\s*'([^.'][^']*)'/g,
    )) {
      if (!name!.startsWith('node:')) needed.add(/^(?:@[^/]+\/)?[^/]+/.exec(name!)![0]);
    }
  }
  expect([...needed].filter((name) => !(name in manifest.dependencies) && name !== 'fastify')).toEqual([]);
});
