import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { REFERENCE_FACTS } from '../../src/database/adoption/reference-facts.js';
import { listSchemaFacts, listSchemaProblems } from '../../src/database/adoption/reference-schema.js';
import { Child } from '../support/child.js';
import { buildReference, snapshot, type Shape } from '../support/reference-database.js';
import { createEmptyDatabase, withClient, type TestDatabase } from '../support/test-database.js';

const MIGRATIONS = readdirSync(join(__dirname, '../../migrations'))
  .sort()
  .map((file) => file.replace(/\.sql$/, ''));

describe('migrate', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await createEmptyDatabase()));
  afterEach(() => database.drop());

  const on = <T>(work: (client: Client) => Promise<T>) => withClient(database.url, work);
  const column = (sql: string) =>
    on(async (client) => (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]));
  const applied = () => column('select name from pgmigrations order by id');

  it('builds an empty database, with the history rows the reference would write', async () => {
    await migrate(database.url);

    expect(await applied()).toEqual(MIGRATIONS);
    expect(await on(listSchemaProblems)).toEqual([]);
    const history = await on((client) =>
      client.query(
        'select installed_rank, version, type, script, success from schema_table_onr order by installed_rank',
      ),
    );
    expect(history.rows).toHaveLength(9);
    expect(history.rows[0]).toEqual({
      installed_rank: 1,
      version: '20241112112233000',
      type: 'SQL_BASELINE',
      script: 'B20241112112233000__baseline.sql',
      success: true,
    });
    expect(history.rows[8]).toEqual({
      installed_rank: 9,
      version: '20260615120000000',
      type: 'SQL',
      script: 'V20260615120000000__audit_retention_indexes.sql',
      success: true,
    });
    expect(await column('select id from queuedemailstatus order by id')).toEqual(['ERROR', 'QUEUED', 'SENT']);
    expect(await column(`select nextval('hibernate_sequence')::int`)).toEqual([1]);
    expect(await column('select indexrelid::regclass::text from pg_index where not indisvalid')).toEqual([]);
  });

  it('knows every fact of the schema it builds', async () => {
    await migrate(database.url);
    const leftovers =
      /^(column|constraint) (externalid|henkilo_kielisyys|henkilo_bu|kjhh_2422_invalid_identification|kotikunta_historia_mass_update|schema_table_onr|pgmigrations|onr_\w+)[. ]|query_hetu/;
    const facts = (await on(listSchemaFacts)).filter(
      (fact) => /^(column|constraint)/.test(fact) && !leftovers.test(fact),
    );
    expect(REFERENCE_FACTS.filter((fact) => /^(column|constraint)/.test(fact))).toEqual(facts);
  });

  it('does nothing the second time', async () => {
    await migrate(database.url);
    const before = await on(snapshot);
    await migrate(database.url);
    expect(await on(snapshot)).toEqual(before);
    expect(await applied()).toEqual(MIGRATIONS);
  });

  it.each<Shape>(['B', 'V', 'P'])('adopts a database of shape %s in place', async (shape) => {
    await on((client) => buildReference(client, shape));
    const before = await on(snapshot);

    await migrate(database.url);

    const after = await on(snapshot);
    const added = shape === 'B' ? { queuedemailstatus: after.queuedemailstatus } : {}; // a fresh reference lacks them
    expect(after).toEqual({ ...before, ...added }); // the very same rows: not even rewritten
    expect(after.queuedemailstatus).toHaveLength(3);
    expect(await applied()).toEqual(MIGRATIONS);

    await migrate(database.url);
    expect(await on(snapshot)).toEqual(after);
    expect(await applied()).toEqual(MIGRATIONS);
  });

  it('deletes contact details that belong to nobody when it adopts', async () => {
    await on(async (client) => {
      await buildReference(client, 'P');
      await client.query(
        `insert into yhteystiedotryhma (id, version, ryhma_alkuperatieto) values (951, 0, 'alkupera1')`,
      );
      await client.query(
        `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id)
         values (952, 0, 'YHTEYSTIETO_KATUOSOITE', 'Salainen katu 1', 951)`,
      );
    });
    await migrate(database.url);
    expect(await column('select id::int from yhteystiedotryhma')).toEqual([904]);
    expect(await column('select id::int from yhteystiedot')).toEqual([905]);
  });

  it('goes on where a start was cut off after the first migration was marked', async () => {
    await on(async (client) => {
      await buildReference(client, 'B');
      await client.query(
        'create table pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
      );
      await client.query(`insert into pgmigrations (name, run_on) values ('${MIGRATIONS[0]}', now())`);
    });
    await migrate(database.url);
    expect(await applied()).toEqual(MIGRATIONS);
  });

  /** The database as it was before a migration came. */
  const migrateUntil = (name: string) => migrate(database.url, { count: MIGRATIONS.indexOf(name) });

  it('makes search texts of names in other forms of Unicode anew, and nothing else', async () => {
    await migrateUntil('20260701000024000_nimet-nfc');
    await on(async (client) => {
      await client.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, modified) values
          (1, 3, '1.2.246.562.24.1', E'Андреи\\u0306', E'Андреи\\u0306', 'Åke', '2020-01-01'),
          (2, 3, '1.2.246.562.24.2', 'Андрей', 'Андрей', 'Åke', '2020-01-01')`,
      );
      const { rows } = await client.query<{ count: string }>(
        'select count(distinct duplicate_search_str) from henkilo',
      );
      expect(rows).toEqual([{ count: '2' }]);
    });
    await migrate(database.url);
    expect(await column('select duplicate_search_str from henkilo order by id')).toEqual(
      Array(2).fill('андрей андрей ake '),
    );
    expect(await column(`select version::int from henkilo where modified = '2020-01-01'`)).toEqual([3, 3]);
    expect(await column('select count(*)::int from henkilo_aud')).toEqual([0]);
  });

  it('does not wait long for a table that it takes away, and takes it away at the next start', async () => {
    const exists = () => column(`select to_regclass('onr_muuttuneet_sivu') is not null`);
    await migrateUntil('20260701000026000_muuttuneet-sivu-pois');
    await on(async (client) => {
      await client.query('begin');
      await client.query('lock table onr_muuttuneet_sivu in access share mode');
      await expect(migrate(database.url, { rounds: 1 })).rejects.toThrow('lock timeout');
      await client.query('rollback');
    });
    expect(await exists()).toEqual([true]);
    await migrate(database.url);
    expect(await exists()).toEqual([false]);
    expect(await applied()).toEqual(MIGRATIONS);
  });

  it('gives way to a writer who holds a lock for long, and goes on with the same migration', async () => {
    await on((client) => buildReference(client, 'P'));
    const written: string[] = [];
    await on(async (holder) => {
      await holder.query('begin');
      await holder.query('lock table tuonti_rivi in row exclusive mode');
      const migrated = migrate(database.url);
      while (written.length < 2) {
        await on(async (writer) => {
          await writer.query('begin'); // behind the migration, while it waits
          await writer.query(`set local lock_timeout = '30s'`);
          await writer.query('lock table tuonti_rivi in row exclusive mode');
          await writer.query('commit');
        });
        written.push('yes');
        await new Promise((resolve) => setTimeout(resolve, 2_500));
      }
      expect(await applied()).toEqual(MIGRATIONS.slice(0, 4));
      await holder.query('commit');
      await migrated;
    });
    expect(await applied()).toEqual(MIGRATIONS);
  }, 120_000);

  it('goes on where an index build was cut off', async () => {
    await migrateUntil('20260701000016000_tuotu-organisaatio-index');
    await on(async (client) => {
      await client.query(
        'create index onr_tuotu_organisaatio_organisaatio_idx on onr_tuotu_organisaatio (organisaatio_id)',
      );
      await client.query(
        `update pg_index set indisvalid = false where indexrelid = 'onr_tuotu_organisaatio_organisaatio_idx'::regclass`,
      );
    });
    await migrate(database.url);
    expect(await applied()).toEqual(MIGRATIONS);
    expect(
      await column(
        `select indisvalid from pg_index where indexrelid = 'onr_tuotu_organisaatio_organisaatio_idx'::regclass`,
      ),
    ).toEqual([true]);
  });

  describe.each<[string, Shape, string, RegExp]>([
    [
      'a failed migration',
      'P',
      `update schema_table_onr set success = false where version = '20251017000000000'`,
      /20251017000000000 of the reference has failed/,
    ],
    [
      'an older version',
      'B',
      `delete from schema_table_onr where version >= '20260524000000000'`,
      /migrated it to 20251117112233000 only/,
    ],
    [
      'a newer version',
      'V',
      `update schema_table_onr set version = '20270101000000000' where version = '20260615120000000'`,
      /migrated it to 20270101000000000; this service knows/,
    ],
    [
      'a migration missing in between',
      'V',
      `delete from schema_table_onr where version = '20230622112233123'`,
      /half migrated: 20230622112233123/,
    ],
    [
      'an unknown migration in between',
      'B',
      `insert into schema_table_onr values (10, '20260601000000000', 'x', 'SQL', 'x', 0, 'oph', now(), 1, true)`,
      /unknown to this service: 20260601000000000/,
    ],
    [
      'an unknown beginning',
      'B',
      `update schema_table_onr set type = 'SQL' where installed_rank = 1`,
      /begins with SQL 20241112112233000/,
    ],
    ['an empty history', 'B', 'delete from schema_table_onr', /history of the reference is empty/],
    [
      'a lost table',
      'B',
      'drop table henkilo_passinumero',
      /missing or different: column henkilo_passinumero.henkilo_id/,
    ],
    [
      'a lost column',
      'V',
      'alter table henkilo drop column kuolinsiivous',
      /missing or different: column henkilo.kuolinsiivous/,
    ],
    [
      'another type',
      'P',
      'alter table yhteystiedot alter yhteystieto_arvo type text',
      /column yhteystiedot.yhteystieto_arvo/,
    ],
    [
      'a lost unique key',
      'P',
      'alter table henkilo_hetu drop constraint uk_henkilo_hetu_01',
      /constraint henkilo_hetu UNIQUE \(hetu\)/,
    ],
    [
      'an unknown mandatory column',
      'B',
      'alter table henkilo add uusi text; update henkilo set uusi = 1; alter table henkilo alter uusi set not null',
      /unknown and mandatory: column henkilo.uusi/,
    ],
    [
      'no history but tables',
      'B',
      'drop table schema_table_onr',
      /has tables \(import.koski_datantuonti_henkilo_oids\) but no history/,
    ],
  ])('a database of the reference with %s', (_, shape, change, message) => {
    it('is refused and left alone', async () => {
      await on(async (client) => {
        await buildReference(client, shape);
        await client.query(change);
      });
      const before = await on(snapshot);
      await expect(migrate(database.url)).rejects.toThrow(message);
      expect(await on(snapshot)).toEqual(before);
      expect(await column(`select relname from pg_class where relname ~ '^(onr_|pgmigrations)'`)).toEqual([]);
    });
  });

  it('refuses a database of something else and leaves it alone', async () => {
    await on((client) => client.query('create table asiakas (id int primary key)'));
    await expect(migrate(database.url)).rejects.toThrow(/left alone: it has tables \(public.asiakas\) but no history/);
    expect(
      await column(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`),
    ).toEqual(['asiakas']);
  });

  it('refuses its own database once the reference has moved on', async () => {
    await migrate(database.url);
    await on((client) =>
      client.query(
        `insert into schema_table_onr values (10, '20270101000000000', 'x', 'SQL', 'x', 0, 'oph', now(), 1, true)`,
      ),
    );
    await expect(migrate(database.url)).rejects.toThrow(/20270101000000000/);
  });

  describe('when three processes start at once', () => {
    const children: Child[] = [];
    afterEach(() => Promise.all(children.splice(0).map((child) => child.signal('SIGKILL'))));
    const start = () => {
      const child = Child.start('migrating-start.ts', { DATABASE_URL: database.url });
      children.push(child);
      return child;
    };

    it.each(['empty', 'reference'])('one of them works and the others wait (%s database)', async (kind) => {
      if (kind === 'reference') await on((client) => buildReference(client, 'P'));
      await Promise.all([start(), start(), start()].map((child) => child.until(/^migrated$/)));
      expect(await applied()).toEqual(MIGRATIONS);
      expect(await on(listSchemaProblems)).toEqual([]);
    });

    it('another goes on when the working one is killed', async () => {
      const [first, second, third] = [start(), start(), start()];
      await first.until(/^starting$/);
      await new Promise((resolve) => setTimeout(resolve, 150));
      await first.signal('SIGKILL');
      children.splice(children.indexOf(first), 1);
      await Promise.all([second, third].map((child) => child.until(/^migrated$/)));
      expect(await applied()).toEqual(MIGRATIONS);
      expect(await on(listSchemaProblems)).toEqual([]);
    });
  });
});
