/** What must be true of the tables whatever has happened; each statement looks at one moment. */
import { OF_CALLERS } from './chaos-callers.ts';

/** Rows of a statement. */
export type Sql = <Row>(text: string) => Promise<Row[]>;

/** First names of persons whom the checks themselves put into the tables, so that they have no history at first. */
export const WITHOUT_HISTORY = ['Taavi', 'Tellervo', 'Tapio', 'Tuoni', 'Turo'] as const;
const hasHistory = `h.etunimet not in (${WITHOUT_HISTORY.map((name) => `'${name}'`).join()})`;

/** Every column that both the row and its history have; times with a zone are written without it there. */
const columnsOfHistory = (sql: Sql) =>
  sql<{ name: string }>(
    `select h.column_name as name from information_schema.columns h join information_schema.columns a using (table_schema, column_name)
      where h.table_schema = 'public' and h.table_name = 'henkilo' and a.table_name = 'henkilo_aud' and h.data_type = a.data_type`,
  );

const COLLECTIONS = [
  ['henkilo_passinumero', 'passinumero'],
  ['henkilo_kansalaisuus', 'kansalaisuus_id'],
  ['henkilo_organisaatio', 'organisaatio_id'],
] as const;

/** Question → statement that gives whom it is not true of. */
async function statements(sql: Sql): Promise<Record<string, string>> {
  const columns = (await columnsOfHistory(sql)).map(({ name }) => name);
  const part = (table: string, on: string) => `(select count(*) from ${table} where ${on})`;
  return {
    'every person is whole': `select oidhenkilo as who from henkilo h where etunimet = '${OF_CALLERS}' and (
        ${part('yhteystiedotryhma r', 'r.henkilo_id = h.id')} <> 1
        or ${part('yhteystiedotryhma r join yhteystiedot y on y.yhteystiedotryhma_id = r.id', "r.henkilo_id = h.id and y.yhteystieto_arvo = h.sukunimi || '@example.fi'")} <> 1
        or ${part('henkilo_passinumero x', 'x.henkilo_id = h.id')} <> 1
        or ${part('henkilo_kansalaisuus x', 'x.henkilo_id = h.id')} <> 1)`,
    'the history says what the rows say': `select h.oidhenkilo as who from henkilo h
       left join lateral (select a.* from henkilo_aud a where a.id = h.id order by a.rev desc limit 1) a on true
      where (a.id is null and ${hasHistory}) or (a.id is not null and (${columns.map((c) => `h.${c} is distinct from a.${c}`).join(' or ')}))`,
    ...Object.fromEntries(
      COLLECTIONS.map(([table, key]) => [
        `the history says what ${table} says`,
        `with last as (select distinct on (henkilo_id, ${key}) henkilo_id, ${key}, revtype from ${table}_aud order by henkilo_id, ${key}, rev desc)
         select h.oidhenkilo as who from (select * from last where revtype <> 2) l full join ${table} t using (henkilo_id, ${key})
           join henkilo h on h.id = henkilo_id where (l.revtype is null or t.henkilo_id is null) and ${hasHistory}`,
      ]),
    ),
    'the history says what henkilo_huoltaja_suhde says': `with last as (select distinct on (id) * from henkilo_huoltaja_suhde_aud order by id, rev desc)
       select coalesce(l.lapsi_id, s.lapsi_id)::text as who
         from (select * from last where revtype <> 2) l full join henkilo_huoltaja_suhde s using (id)
        where to_jsonb(l) - 'rev' - 'revtype' is distinct from to_jsonb(s) - 'version'`,
    'a duplicate has one master, who is none': `select slave_oid as who from henkiloviite group by 1 having count(*) > 1
       union all select v.slave_oid from henkiloviite v join henkiloviite m on m.slave_oid = v.master_oid
       union all select h.oidhenkilo from henkilo h where h.duplicate <> exists (select from henkiloviite v where v.slave_oid = h.oidhenkilo)`,
    'no row of an import came twice': `select passinumero as who from henkilo_passinumero group by 1 having count(*) > 1
       union all select tuonti_id || ' ' || tunniste from tuonti_rivi group by tuonti_id, tunniste having count(*) > 1`,
    'a handled import has all its rows': `select t.id::text as who from tuonti t where t.kasiteltyja >= t.kasiteltavia and t.kasiteltavia <>
       (select count(*) from tuonti_rivi r where r.tuonti_id = t.id) + (select count(*) from onr_tuonti_virhe v where v.tuonti_id = t.id)`,
    'an import is at least as far as its count says': `select t.id::text as who from tuonti t where t.kasiteltyja >
       (select count(*) from tuonti_rivi r where r.tuonti_id = t.id) + (select count(*) from onr_tuonti_virhe v where v.tuonti_id = t.id)`,
    'no row of an import failed': `select tuonti_id || ' ' || coalesce(tunniste, '') as who from onr_tuonti_virhe`,
  };
}

/** @returns question → whom the answer is not true of */
export async function lookAtTables(sql: Sql): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [question, statement] of Object.entries(await statements(sql)))
    found.set(
      question,
      (await sql<{ who: string }>(statement)).map(({ who }) => who),
    );
  return found;
}
