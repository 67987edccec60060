import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from 'pg';
import { VERSIONS } from '../../src/database/adoption/reference-history.js';

/** How a database of the reference came about (docs/spec/schema.md#2.2). */
export type Shape = 'B' | 'V' | 'P';

/** The differences of docs/spec/schema.md#2.3, and the rows of 8.1. */
const B_TO_V = `
  drop function arkistoi_arvosana_deltat, force_retry_automaattinen_yksilointi, insertkayttooikeus, insertpalvelu;
  drop table henkilo_bu;
  alter table henkilo drop column query_hetu;
  alter table kjhh_2422_invalid_identification drop column auth_token_created;
  drop index spring_session_attributes_ix1;
  create table yksilointi_update_data (
    id bigint not null, version bigint not null, henkilo_id bigint not null, status integer not null,
    constraint yksilointi_update_data_pkey primary key (id)
  );
  create index yksilointi_update_data_henkilo_idx on yksilointi_update_data (henkilo_id);
  insert into kielisyys (id, version, kielikoodi, kielityyppi) values (nextval('hibernate_sequence'), 1, 'fi', 'suomi');
  insert into henkilo (id, version, etunimet, kutsumanimi, sukunimi, hetu, oidhenkilo, sukupuoli, asiointikieli_id, yksiloityvtj)
  values (nextval('hibernate_sequence'), 1, 'ROOT', 'ROOT', 'USER', '111111-985K', '1.2.246.562.24.00000000001', '1', 1, true);
  insert into henkilo_hetu (henkilo_id, hetu) values (2, '111111-985K');`;

const MAIL_STATES = `insert into queuedemailstatus (id, description) values ('QUEUED', 'a'), ('SENT', 'b'), ('ERROR', 'c')`;

/** A link, a contact address, a batch with its large object and a revision, as the reference would have left them. */
const SOME_DATA = `
  insert into henkilo (id, version, etunimet, kutsumanimi, sukunimi, oidhenkilo, vtj_bucket)
  values (901, 3, 'Aino Maria', 'Aino', 'Testi', '1.2.246.562.24.95612182512', 1), (902, 0, 'Aino', 'Aino', 'Testi', '1.2.246.562.24.90017362330', null);
  insert into henkiloviite (id, version, master_oid, slave_oid) values (903, 0, '1.2.246.562.24.95612182512', '1.2.246.562.24.90017362330');
  insert into yhteystiedotryhma (id, version, ryhmakuvaus, henkilo_id, ryhma_alkuperatieto) values (904, 0, 'yhteystietotyyppi1', 901, 'alkupera2');
  insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id)
  values (905, 0, 'YHTEYSTIETO_KATUOSOITE', 'Katu 1', 904);
  insert into tuonti_data (id, version, data) values (906, 0, lo_from_bytea(0, '\\x7b7d'));
  insert into tuonti (id, version, kasiteltavia, kasiteltyja, data_id) values (907, 0, 1, 1, 906);
  insert into revinfo (rev, revtstmp) values (908, 1700000000000);
  insert into henkilo_aud (id, rev, revtype, etunimet) values (901, 908, 0, 'Aino Maria');
  insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
  values ('DeathCleanupTask', 'recurring', now(), false, 1);
  select setval('hibernate_sequence', 1000);`;

/** Fills an empty database as the reference, and nobody else, would have left it. */
export async function buildReference(client: Client, shape: Shape): Promise<void> {
  const file = path.resolve(__dirname, '../../migrations/20260701000000000_reference-schema.sql');
  await client.query(await readFile(file, 'utf8'));
  if (shape === 'V') await client.query(B_TO_V);
  if (shape !== 'B') {
    await client.query(MAIL_STATES);
    await client.query('delete from schema_table_onr');
    const rows =
      shape === 'V'
        ? VERSIONS.map((version) => ({ version, type: 'SQL' }))
        : VERSIONS.filter((version) => version >= '20180423104403142').map((version, index) => ({
            version,
            type: index === 0 ? 'BASELINE' : 'SQL',
          }));
    await client.query(
      `insert into schema_table_onr (installed_rank, version, description, type, script, installed_by, execution_time, success)
       select row_number() over (), version, 'x', type, 'x', 'oph', 1, true
         from json_to_recordset($1) as r (version text, type text)`,
      [JSON.stringify(rows)],
    );
  }
  await client.query(SOME_DATA);
}

/** Everything in the database that is not the service's own: each row of each table, and the catalogue. */
export async function snapshot(client: Client): Promise<Record<string, unknown[]>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name !~ '^(onr_|pgmigrations)' order by 1`,
  );
  const found: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: unknown }>(
      `select to_jsonb(t) || jsonb_build_object('xmin', t.xmin::text) as row from ${name} t order by 1`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  const catalogue = async (sql: string) => (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line);
  found.columns = await catalogue(
    `select concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable, column_default) as line
       from information_schema.columns where table_schema in ('public', 'import') and table_name !~ '^(onr_|pgmigrations)' order by 1`,
  );
  found.indexes = await catalogue(
    `select indexdef as line from pg_indexes where schemaname in ('public', 'import') and indexname !~ '^(onr_|pgmigrations)' order by 1`,
  );
  found.largeObjects = await catalogue(`select loid || encode(data, 'hex') as line from pg_largeobject order by 1`);
  return found;
}
