import type { Client } from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { buildReference } from '../support/reference-database.js';
import { createEmptyDatabase, withClient, type TestDatabase } from '../support/test-database.js';

/** What later migrations of the reference may do to its tables, whatever of ours hangs on them. */

const COLUMNS = `
  select r.relname as table, a.attname as column, format_type(a.atttypid, null) as type
    from pg_attribute a join pg_class r on r.oid = a.attrelid
   where r.relnamespace = 'public'::regnamespace and r.relkind = 'r' and r.relname !~ '^(onr_|pgmigrations)'
     and a.attnum > 0 and not a.attisdropped order by 1, 2`;
const CONSTRAINTS = `
  select r.relname as table, c.conname as name from pg_constraint c join pg_class r on r.oid = c.conrelid
   where r.relnamespace = 'public'::regnamespace and r.relname !~ '^(onr_|pgmigrations)' and c.contype in ('p', 'u', 'f', 'c') order by 1, 2`;
const INDEXES = `
  select i.indexrelid::regclass::text as name from pg_index i join pg_class r on r.oid = i.indrelid
   where r.relnamespace = 'public'::regnamespace and r.relname !~ '^(onr_|pgmigrations)' and i.indexrelid::regclass::text !~ '^onr_' order by 1`;

const OTHER_TYPE: Record<string, string> = {
  'character varying': 'text',
  text: 'varchar(2000)',
  bigint: 'numeric',
  integer: 'bigint',
  smallint: 'integer',
  boolean: 'smallint using 0',
  'timestamp without time zone': 'timestamp with time zone',
  'timestamp with time zone': 'timestamp without time zone',
  date: 'timestamp without time zone',
};

let reference: TestDatabase;
let adopted: TestDatabase;
beforeAll(async () => {
  [reference, adopted] = [await createEmptyDatabase(), await createEmptyDatabase()];
  for (const { url } of [reference, adopted]) await withClient(url, (client) => buildReference(client, 'P'));
  await migrate(adopted.url);
}, 120_000);
afterAll(() => Promise.all([reference.drop(), adopted.drop()]));

/** Every statement that could come, of the reference's own tables. */
function listStatements(client: Client): Promise<string[]> {
  const rows = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows;
  return (async () => [
    ...(await rows<{ table: string; column: string; type: string }>(COLUMNS)).flatMap(({ table, column, type }) => [
      `alter table ${table} alter column ${column} drop default; alter table ${table} alter column ${column} type ${OTHER_TYPE[type] ?? type}`,
      `alter table ${table} drop column ${column}`,
      `alter table ${table} rename column ${column} to uusi_nimi`,
      `alter table ${table} alter column ${column} drop not null`,
    ]),
    ...(await rows<{ table: string; name: string }>(CONSTRAINTS)).flatMap(({ table, name }) => [
      `alter table ${table} drop constraint ${name}`,
      `alter table ${table} rename constraint ${name} to uusi_nimi`,
    ]),
    ...(await rows<{ name: string }>(INDEXES)).map(({ name }) => `drop index ${name}`),
    ...[...new Set((await rows<{ table: string }>(COLUMNS)).map(({ table }) => table))].flatMap((table) => [
      `alter table ${table} add column uusi text not null default 'x'`,
      `alter table ${table} rename to uusi_taulu`,
      `truncate ${table}`,
      `drop table ${table}`,
      `create trigger oma before update on ${table} for each row execute function suppress_redundant_updates_trigger()`,
    ]),
    `drop function duplicate_search_fmt(text)`,
    `drop view tuontikooste`,
  ])();
}

/** Tries the statements one by one, undoing each. @returns those that fail, with the reason */
async function listRefusals(client: Client, statements: readonly string[]): Promise<string[]> {
  const refused: string[] = [];
  for (const statement of statements) {
    await client.query('begin');
    await client.query(statement).catch((error: unknown) => refused.push(`${statement}: ${(error as Error).message}`));
    await client.query('rollback');
  }
  return refused;
}

it('none that the reference’s own schema allows is refused on an adopted one', async () => {
  const statements = await withClient(reference.url, listStatements);
  expect(statements.length).toBeGreaterThan(1_000);
  const there = await withClient(reference.url, (client) => listRefusals(client, statements));
  const here = await withClient(adopted.url, (client) => listRefusals(client, statements));
  expect(here).toEqual(there);
}, 300_000);

/** One row of each table that carries triggers of ours, as the reference inserts and updates it. */
const WRITES = [
  `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu) values (2001, 0, '1.2.246.562.24.2001', 'A B', 'A', 'C', '010190-9xxx')`,
  `update henkilo set version = version + 1, hetu = '020290-9xxx', yksiloityvtj = true, sukunimi = 'D', passivoitu = false where id = 2001`,
  `insert into henkilo_organisaatio (henkilo_id, organisaatio_id) values (2001, 2002)`,
  `insert into yhteystiedotryhma (id, version, ryhmakuvaus, henkilo_id, ryhma_alkuperatieto) values (2003, 0, 'x', 2001, 'y')`,
  `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id) values (2004, 0, 'YHTEYSTIETO_KATUOSOITE', 'Katu', 2003)`,
  `update yhteystiedot set yhteystieto_arvo = 'Tie' where id = 2004`,
  `insert into henkilo_passinumero (henkilo_id, passinumero) values (2001, 'P')`,
  `insert into tuonti (id, version, kasiteltavia, kasiteltyja, data_id) select 2005, 0, 1, 1, id from tuonti_data`,
  `insert into tuonti_rivi (id, version, tuonti_id, henkilo_id) values (2006, 0, 2005, 2001)`,
  `update henkilo set yksiloityvtj = false, yksilointi_yritetty = true where id = 2001`,
  `delete from tuonti_rivi where id = 2006`,
  `delete from tuonti where id = 2005`,
  `delete from yhteystiedot where id = 2004`,
];

it('sessions that knew the columns before write on after a change of type, and our counts stay right', async () => {
  const changes = await withClient(adopted.url, async (client) => {
    const { rows } = await client.query<{ table: string; column: string; type: string }>(COLUMNS);
    const statements = rows
      .filter(({ table }) => WRITES.some((write) => write.includes(` ${table} `)))
      .filter(({ type }) => /character|timestamp|date/.test(type))
      .map(({ table, column, type }) => `alter table ${table} alter column ${column} type ${OTHER_TYPE[type]}`);
    const refused = new Set((await listRefusals(client, statements)).map((line) => line.split(':')[0]));
    return statements.filter((statement) => !refused.has(statement));
  });
  expect(changes).toContain('alter table henkilo alter column hetu type text');
  expect(changes).toContain('alter table yhteystiedot alter column yhteystieto_arvo type text');

  await withClient(adopted.url, async (client) => {
    await client.query(`insert into organisaatio (id, version, oid) values (2002, 0, '1.2.246.562.10.2002')`);
    const write = async () => {
      const counts = [];
      for (const statement of WRITES) {
        await client.query(statement);
        counts.push((await client.query(COUNTS)).rows[0]);
      }
      return counts;
    };
    await client.query('begin');
    const before = await write();
    await client.query('rollback');
    for (const change of changes) {
      await client.query('begin');
      await client.query(change);
      const after = await write().catch((error: unknown) => `${change}: ${(error as Error).message}`);
      expect(after).toEqual(before);
      await client.query('rollback');
    }
    // Nor may all of them together make anything go wrong.
    for (const change of changes) await client.query(change);
    await client.query('begin');
    expect(await write()).toEqual(before);
    await client.query('rollback');
  });
}, 300_000);

/** What the triggers have counted and noted of person 2001. */
const COUNTS = `select
  (select array_agg(nimi || ' ' || summa order by 1) from (select nimi, sum(maara) as summa from onr_laskuri group by nimi) n) as laskurit,
  (select count(*) from onr_tuotu_henkilo where henkilo_id = 2001) as tuotu,
  (select array_agg(tila) from onr_tuotu_organisaatio where henkilo_id = 2001) as tilat,
  (select count(*) from onr_hakuteksti_muutos where henkilo_id = 2001) as tekstit,
  (select count(*) from onr_henkilo_dokumentti where id = 2001 and muutos > 0) as muutokset`;
