import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../scripts/lib/embedded-pg.ts';
import { withClient } from '../support/test-database.js';

/* What a crash may leave in postmaster.pid keeps the embedded server from nothing. */

const directory = mkdtempSync(path.join(tmpdir(), 'onr-embedded-'));
const dataDir = path.join(directory, 'postgres');
const another = spawn('sleep', ['3600']);
beforeAll(async () => {
  chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
  await (await startPostgres({ dataDir, durable: false })).stop();
});
afterAll(() => {
  another.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

it.each([
  ['nothing', ''],
  ['no number', 'garbage\n'],
  ['the number of another process', `${another.pid}\n/elsewhere\n1\n5432\n\n\n\nready\n`],
  ['a number that none is', '-1\n'],
  ['bytes of a torn page', '\0\0'],
])('starts although postmaster.pid holds %s', async (_, left) => {
  writeFileSync(path.join(dataDir, 'postmaster.pid'), left);
  const server = await startPostgres({ dataDir, durable: false });
  await withClient(`postgres://${server.user}@127.0.0.1:${server.port}/postgres`, async (client) => {
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
  await server.stop();
  expect(another.exitCode).toBeNull(); // nobody ended it
});
