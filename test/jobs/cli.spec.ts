import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { FakePeer } from '../support/fake-peer.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let peer: FakePeer;
beforeAll(async () => {
  [database, peer] = await Promise.all([createTestDatabase(), FakePeer.start()]);
});
afterAll(async () => {
  await peer.stop();
  await database.drop();
});

const sql = async <T>(text: string): Promise<T[]> =>
  withClient(database.url, async (client) => (await client.query(text)).rows as T[]);

async function cli(...args: string[]): Promise<{ status: number | null; out: string }> {
  const file = join(__dirname, '../../src/bin/jobs.ts');
  const hook = join(__dirname, '../support/ts-hook.cjs');
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, 'virkailija.baseurl': peer.url };
  const child = spawn(process.execPath, ['--throw-deprecation', '-r', hook, file, ...args], { env });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, out };
}

const NAME = 'cas client session cleaner';

it('runs a job now, whenever it is due, and leaves the scheduler its plan', async () => {
  await sql(`insert into cas_client_session (mapping_id, session_id) values ('ST-1', 'gone')`);
  const { status, out } = await cli('run', NAME);
  expect(out).toContain(`job "${NAME}" succeeded seen=1 changed=1 failed=0 durationMs=`);
  expect(status).toBe(0);
  expect(await sql('select 1 from cas_client_session')).toEqual([]);
  const [row] = await sql<object>(
    `select picked, last_success is not null as done, execution_time > now() as later from scheduled_tasks where task_name = '${NAME}'`,
  );
  expect(row).toEqual({ picked: false, done: true, later: true });
});

it('lists the jobs', async () => {
  const { status, out } = await cli('list');
  expect(status).toBe(0);
  expect(out).toMatch(/^JOB +SCHEDULE +STATE +LAST SUCCESS +LAST FAILURE +FAILURES IN A ROW +NEXT RUN \(UTC\)/m);
  expect(out).toMatch(
    /^cas client session cleaner +60 min after the end +on +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +- +0 +\d{4}-/m,
  );
  expect(out).toMatch(/^vtjkyselyCertificationCheck +daily 10:10 UTC +off /m);
});

const NOTHING_TO_DO = 'succeeded seen=0 changed=0 failed=0 ';

/** Every job of docs/spec/security-integrations-jobs.md#5.2, where no persons are stored and peers answer 404. */
it.each([
  ['cas client session cleaner', 0, NOTHING_TO_DO],
  ['yksilointi task', 0, 'succeeded seen=0 changed=0 namesDiffer=0 failed=0 '],
  ['vtj perustieto task', 0, NOTHING_TO_DO],
  ['vtj muutostieto fetch task', 0, 'succeeded seen=0 changed=0 failed=100 buckets=100 '],
  ['vtj muutostieto task', 1, 'reason="PeerError: koodisto: kunta answered 404"'],
  ['DeathCleanupTask', 0, NOTHING_TO_DO],
  ['Export', 1, 'reason="Error: oppijanumerorekisteri.tasks.export.bucket-name is not given"'],
  ['HenkiloExport', 1, 'reason="Error: oppijanumerorekisteri.tasks.henkilo-export.bucket-name is not given"'],
  ['DatantuontiExport', 1, 'reason="Error: oppijanumerorekisteri.tasks.datantuonti.export.bucket-name is not given"'],
  ['DatantuontiImport', 1, 'reason="Error: oppijanumerorekisteri.tasks.datantuonti.import.bucket-name is not given"'],
  ['TestidatantuontiImport', 0, NOTHING_TO_DO],
  ['KoskiDatantuonninMuokkaus', 0, NOTHING_TO_DO],
  ['EmailRetryTask', 0, NOTHING_TO_DO],
  ['vtjkyselyCertificationCheck', 1, 'reason="Error: oppijanumerorekisteri.vtjkysely.keystoreUri is not set"'],
  ['AuditCleanupTask', 0, NOTHING_TO_DO],
])('runs %s by its name', async (name, status, said) => {
  const run = await cli('run', name);
  expect(run.out.split('\n').find((line) => line.includes(`Jobs: job "${name}" `))).toContain(said);
  expect(run.status).toBe(status);
});

it('shows how far a job has come, in plain lines where there is no terminal', async () => {
  await sql(`insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, created, modified)
             values (1, 0, '1.2.246.562.24.99100000019', 'Aku', 'Aku', 'Ankka', now(), now())`);
  const { status, out } = await cli('run', 'DokumenttiTaytto');
  expect(status).toBe(0);
  expect(out).toMatch(/^DokumenttiTaytto: 1, \d+(\.\d)?\/s$/m);
});

it('tells in the list how far a running job is', async () => {
  await sql(
    `update scheduled_tasks set picked = true, picked_by = 'another', last_heartbeat = now() where task_name = 'DokumenttiTaytto'`,
  );
  await sql(
    `update onr_job_run set ended = null, done = 30, total = 120, started = now() - interval '3 s' where task_name = 'DokumenttiTaytto'`,
  );
  const { out } = await cli('list');
  expect(out).toMatch(/^DokumenttiTaytto .* running on another: 30 of 120 \(25 %\), /m);
});

it('refuses to run a job that is running', async () => {
  await sql(
    `update scheduled_tasks set picked = true, picked_by = 'another', last_heartbeat = now() where task_name = '${NAME}'`,
  );
  expect(await cli('run', NAME)).toEqual({ status: 3, out: expect.stringContaining('is running already') });
});

it('names the jobs when it does not know one', async () => {
  expect(await cli('run', 'nothing')).toEqual({ status: 2, out: expect.stringContaining(`"${NAME}"`) });
});
