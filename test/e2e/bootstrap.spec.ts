import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/* What happens before a command runs: locks that were left, a Node that is too old, scripts of packages. */

const ROOT = path.resolve(__dirname, '../..');
const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A checkout with scripts only: what has to be built cannot be, and no package is installed. */
function checkout(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-bootstrap-'));
  directories.push(directory);
  cpSync(path.join(ROOT, 'scripts'), path.join(directory, 'scripts'), { recursive: true });
  for (const name of ['src', 'dist/bin', '.data', 'nothing'])
    mkdirSync(path.join(directory, name), { recursive: true });
  symlinkSync(path.join(directory, 'nothing'), path.join(directory, 'node_modules'));
  return directory;
}

const run = (args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env) =>
  new Promise<{ status: unknown; output: string }>((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ status: error ? (error.code ?? error.signal) : 0, output: stdout + stderr }),
    );
  });

/** Loaded first, it makes this Node say that it is version 20. */
function pretendNode20(directory: string): string {
  const file = path.join(directory, 'node-20.cjs');
  writeFileSync(
    file,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } }); delete JSON.rawJSON;",
  );
  return file;
}

it.each([
  ['that is empty', ''],
  ['that is torn', '\0garbage'],
  ['of a process that is no more', '999999999'],
  ['of a process that is another by now', '1'],
])('does not wait for a lock %s', async (_, text) => {
  const directory = checkout();
  const lock = path.join(directory, '.data', 'bootstrap.lock');
  writeFileSync(lock, text);
  utimesSync(lock, new Date(0), new Date(0));
  const { status, output } = await run(['scripts/bootstrap.mjs', 'openapi'], directory);
  expect(output).toContain('Building failed');
  expect(status).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

it('says which Node it needs where the own one of the project is not installed', async () => {
  const directory = checkout();
  writeFileSync(path.join(directory, 'dist', 'bin', 'main.js'), '');
  utimesSync(path.join(directory, 'src'), new Date(0), new Date(0));
  const { status, output } = await run(['-r', pretendNode20(directory), 'scripts/bootstrap.mjs', 'openapi'], directory);
  expect(output).toMatch(/own Node is not installed.*npm package node-linux-.*this is v.*with Node 24 or newer/);
  expect(status).toBe(2);
});

it.each(['bin/main.ts', 'bin/migrate.ts', 'bin/jobs.ts'])(
  'src/%s refuses an older Node by a clear message',
  async (entry) => {
    const directory = checkout();
    const hook = path.join(ROOT, 'test/support/ts-hook.cjs');
    const { status, output } = await run(
      ['-r', hook, '-r', pretendNode20(directory), path.join(ROOT, 'src', entry)],
      ROOT,
    );
    expect(output.trim()).toBe('The service needs Node 24 or newer, this is v20.19.0');
    expect(status).toBe(1);
  },
);

it('lets no package run a script at its installation', () => {
  expect(readFileSync(path.join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  expect(readFileSync(path.join(ROOT, 'scripts/bootstrap.mjs'), 'utf8')).toContain("'ci',");
  expect(readFileSync(path.join(ROOT, 'scripts/bootstrap.mjs'), 'utf8')).toContain("'--ignore-scripts',");
});
