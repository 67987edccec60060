import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { leave, planFarewell, REFERENCE_JOBS } from '../../src/database/adoption/leave.js';
import { migrate } from '../../src/database/migrate.js';
import { builtService } from '../support/built-service.js';
import { dump, installedPrograms, startDumpableServer } from '../support/pg-dump.js';
import { buildReference, snapshot, type Shape } from '../support/reference-database.js';
import { createEmptyDatabase, withClient, type TestDatabase } from '../support/test-database.js';

const ROOT = path.resolve(__dirname, '../..');

/** What the service leaves behind while it works: rows of its tables, a login, job rows, a name that is not in form NFC. */
const TRACES = `
  insert into onr_outbox (topic, henkilo_oid, body) values ('henkilo', '1.2.246.562.24.95612182512', '{}');
  insert into spring_session (primary_id, session_id, creation_time, last_access_time, max_inactive_interval, expiry_time)
    values ('0b7b1d0e-7f0f-4a47-b1c5-000000000001', '0b7b1d0e-7f0f-4a47-b1c5-000000000002', 1, 1, 1800, 9999999999999);
  insert into spring_session_attributes (session_primary_id, attribute_name, attribute_bytes)
    values ('0b7b1d0e-7f0f-4a47-b1c5-000000000001', 'ONR_LOGIN', '\\xaced000574');
  insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version) values ('LaskuriTask', 'recurring', now(), false, 1);
  update henkilo set kutsumanimi = 'Aino' where id = 901;`;

/** Everything in the catalogue that has a name of ours, whatever it is. */
const NAMES_OF_OURS = `select * from (
  select relname as name from pg_class where relname ~ '^(onr_|pgmigrations)'
  union all select proname from pg_proc where proname ~ '^onr_'
  union all select tgname from pg_trigger where tgname ~ '^onr_'
  union all select conname from pg_constraint where conname ~ '^onr_'
  union all select typname from pg_type where typname ~ '^_?onr_'
  union all select attname from pg_attribute where attname ~ '^onr_'
  union all select nspname from pg_namespace where nspname ~ '^onr_'
  union all select stxname from pg_statistic_ext where stxname ~ '^onr_') n order by 1`;

const FUNCTIONS = `select oid::regprocedure || prosrc as line from pg_proc where pronamespace = 'public'::regnamespace order by 1`;

describe('leave', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await createEmptyDatabase()));
  afterEach(() => database.drop());

  const on = <T>(work: (client: Client) => Promise<T>) => withClient(database.url, work);
  const lines = (sql: string) =>
    on(async (client) => (await client.query<Record<string, string>>(sql)).rows.map((row) => Object.values(row)[0]));
  const farewell = () => on(async (client) => leave(client, await planFarewell(client)));
  const kitSchema = () =>
    spawnSync(process.execPath, [path.join(ROOT, 'test/conformance/kit/schema.mjs'), '--db', database.url], {
      cwd: ROOT,
      encoding: 'utf8',
    }).stdout;

  /** Rows, catalogue and bodies of functions; the update in `TRACES` gives rows of `henkilo` another xmin. */
  const state = async (): Promise<Record<string, unknown[]>> => {
    const { henkilo, ...others } = await on(snapshot);
    const rows = (henkilo as { xmin: string }[]).map((row) => ({ ...row, xmin: null }));
    return { ...others, henkilo: rows, functions: await lines(FUNCTIONS) };
  };

  it.each<Shape>(['B', 'V', 'P'])('gives a database of shape %s back as the reference made it', async (shape) => {
    await on((client) => buildReference(client, shape));
    const before = await state();
    await migrate(database.url);
    await on((client) => client.query(TRACES));

    await farewell();

    const after = await state();
    expect(after).toEqual({ ...before, queuedemailstatus: after.queuedemailstatus });
    expect(await lines(NAMES_OF_OURS)).toEqual([]);
  });

  it('leaves nothing that the comparison of schemas would list', async () => {
    await migrate(database.url);
    expect(kitSchema()).toMatch(/addition: .* onr_/);
    await farewell();
    expect(kitSchema()).not.toMatch(/onr_/);
    expect(kitSchema()).toMatch(/^(addition: extension .*\n)*494 passed, 0 failed\n$/);
  });

  it('makes search texts as the reference does', async () => {
    await migrate(database.url);
    await on((client) =>
      client.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, modified) values
          (1, 3, '1.2.246.562.24.1', E'Андреи\\u0306', E'Андреи\\u0306', 'Åke', '2020-01-01')`,
      ),
    );
    expect(await lines('select duplicate_search_str from henkilo')).toEqual(['андрей андрей ake ']);
    await farewell();
    expect(await lines('select duplicate_search_str from henkilo')).toEqual(['андреи андреи ake ']);
    expect(await lines(`select version::text || ' ' || modified from henkilo`)).toEqual(['3 2020-01-01 00:00:00']);
  });

  it('can be followed by another adoption', async () => {
    await on((client) => buildReference(client, 'P'));
    await migrate(database.url);
    const adopted = await lines(NAMES_OF_OURS);
    await farewell();
    await migrate(database.url);
    expect((await lines(NAMES_OF_OURS)).sort()).toEqual(adopted.sort());
  });

  it('waits its turn behind a writer of the reference, and changes nothing while it waits', async () => {
    await migrate(database.url);
    await on(async (writer) => {
      await writer.query('begin');
      await writer.query('lock table tuonti_rivi in row exclusive mode');
      const left = farewell();
      await new Promise((resolve) => setTimeout(resolve, 2_500)); // longer than it waits for a lock
      expect(await lines(`select count(*)::int from pg_class where relname = 'onr_outbox'`)).toEqual([1]);
      await writer.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi) values (1, 0, '1', 'A', 'A', 'B')`,
      );
      await writer.query('commit');
      await left;
    });
    expect(await lines(NAMES_OF_OURS)).toEqual([]);
  });

  it('stops whole at what somebody else has built on ours', async () => {
    await migrate(database.url);
    await on((client) => client.query('create view raportti as select count(*) as n from onr_outbox'));
    const before = await lines(NAMES_OF_OURS);
    await expect(farewell()).rejects.toMatchObject({ detail: 'view raportti depends on table onr_outbox' });
    expect(await lines(NAMES_OF_OURS)).toEqual(before);
  });

  it('knows which jobs are the reference’s', () => {
    const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.jobs?\.ts$/.test(file),
    );
    const names = files.flatMap((file) =>
      [...readFileSync(path.join(ROOT, 'src', file), 'utf8').matchAll(/@Job\(\{\s*name: '([^']+)'/g)].map(
        ([, name]) => name!,
      ),
    );
    expect(names.filter((name) => !REFERENCE_JOBS.includes(name)).sort()).toEqual([
      'DokumenttiTarkistus',
      'DokumenttiTaytto',
      'HakutekstiCleanupTask',
      'LaskuriTask',
      'YhteystietoCleanupTask',
    ]);
  });

  describe('on the command line', () => {
    beforeAll(() => void builtService());
    beforeEach(async () => {
      await on((client) => buildReference(client, 'P'));
      await migrate(database.url);
    });
    const run = (...args: string[]) => {
      const env = { PATH: process.env.PATH, DATABASE_URL: database.url, 'virkailija.baseurl': 'http://localhost:1' };
      const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/leave.js'), ...args], {
        env,
        encoding: 'utf8',
      });
      return { status, text: stdout + stderr };
    };

    it('says what would go and changes nothing, until it is told yes', async () => {
      const before = await lines(NAMES_OF_OURS);
      const asked = run();
      expect(asked.status).toBe(0);
      expect(asked.text).toContain('trigger onr_henkilo_hakuteksti_insert on henkilo');
      expect(asked.text).toMatch(/Lost for good:\n(.*\n)*  onr_outbox: 0 rows/);
      expect(asked.text).toMatch(/Made anew should the service come back:\n(.*\n)*  onr_henkilo_dokumentti: 0 rows/);
      expect(asked.text).toContain('do it with --yes');
      expect(await lines(NAMES_OF_OURS)).toEqual(before);

      expect(run('--yes')).toMatchObject({ status: 0 });
      expect(await lines(NAMES_OF_OURS)).toEqual([]);
      expect(run('--yes')).toMatchObject({ status: 0 }); // nothing is left to do
    });

    it('does not lose messages unasked', async () => {
      await on((client) => client.query(TRACES));
      expect(run('--yes')).toMatchObject({
        status: 1,
        text: expect.stringContaining('1 changes of persons are not published'),
      });
      expect(await lines('select count(*)::int from onr_outbox')).toEqual([1]);
      expect(run('--yes', '--lose-messages')).toMatchObject({ status: 0 });
      expect(await lines(NAMES_OF_OURS)).toEqual([]);
    });

    it('refuses while a process of the service is connected', async () => {
      const url = new URL(database.url);
      url.searchParams.set('application_name', 'oppijanumerorekisteri-service');
      await withClient(url.href, () => {
        expect(run('--yes')).toMatchObject({
          status: 1,
          text: expect.stringContaining('1 connections of running processes'),
        });
        return Promise.resolve();
      });
    });

    it.each([['--nyt'], ['--yes=no']])('refuses %s', (argument) => expect(run(argument).status).toBe(2));
  });
});

(installedPrograms ? describe : describe.skip)('a dump before adoption and one after leaving', () => {
  it('are equal to the letter', async () => {
    const server = await startDumpableServer(installedPrograms!);
    try {
      await withClient(server.url, (client) => buildReference(client, 'P'));
      const before = dump(installedPrograms!, server.url);
      await migrate(server.url);
      await withClient(server.url, (client) => client.query(TRACES));
      expect(dump(installedPrograms!, server.url).join('\n')).toMatch(/CREATE TABLE public.onr_henkilo_dokumentti/);
      await withClient(server.url, async (client) => leave(client, await planFarewell(client)));
      const after = dump(installedPrograms!, server.url);
      const idsUsed = /hibernate_sequence', (?!1000)\d+, true/; // ids that are gone are never given again
      expect(after.join('\n')).not.toMatch(/\bonr_|pgmigrations/);
      expect(after.map((line) => line.replace(idsUsed, "hibernate_sequence', 1000, true")).sort()).toEqual(
        before.sort(),
      ); // rows have no order
      expect(before.length).toBeGreaterThan(1_000);
    } finally {
      await server.stop();
    }
  }, 120_000);
});
