import type { ClientBase } from 'pg';
import { REFERENCE_FACTS } from './reference-facts.js';

/**
 * What a database of the reference must have for the service to run on it (docs/spec/schema.md#10.2), one fact a line, as the
 * catalogue prints it. Names of constraints, defaults, indexes, comments and owners are no such facts.
 */
const FACTS = `
  select 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || case when a.attnotnull then ' not null' else '' end
           || case when a.attgenerated = 's' then ' generated' else '' end as fact
    from pg_attribute a
    join pg_class r on r.oid = a.attrelid
    join pg_namespace n on n.oid = r.relnamespace
   where n.nspname in ('public', 'import') and r.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint ' || r.relname || ' ' || pg_get_constraintdef(c.oid)
    from pg_constraint c
    join pg_class r on r.oid = c.conrelid
   where r.relnamespace = 'public'::regnamespace and c.contype in ('p', 'u', 'f', 'c')
  union all
  select 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') ' || pg_get_function_result(p.oid)
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace
  union all
  select 'sequence ' || relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'
  union all
  select 'extension ' || extname from pg_extension
   order by 1`;

/** Columns of the reference's tables that the service would not fill and could not leave out. */
const UNFILLED_COLUMNS = `
  select r.relname || '.' || a.attname as name
    from pg_attribute a
    join pg_class r on r.oid = a.attrelid
   where r.relnamespace = 'public'::regnamespace and r.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
     and a.attnotnull and not a.atthasdef and a.attidentity = '' and r.relname = any ($1)
   order by 1`;

/** All facts of the database. */
export async function listSchemaFacts(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ fact: string }>(FACTS);
  return rows.map((row) => row.fact);
}

/** What is missing or different, and columns that would refuse every insert; empty when the service can run on it. */
export async function listSchemaProblems(client: ClientBase): Promise<string[]> {
  const found = new Set(await listSchemaFacts(client));
  const missing = REFERENCE_FACTS.filter((fact) => !found.has(fact)).map((fact) => `missing or different: ${fact}`);
  const columns = REFERENCE_FACTS.flatMap((fact) => /^column (\S+)/.exec(fact)?.[1] ?? []);
  const tables = [...new Set(columns.map((column) => column.split('.')[0]))];
  const { rows } = await client.query<{ name: string }>(UNFILLED_COLUMNS, [tables]);
  const unfilled = rows
    .filter((row) => !columns.includes(row.name))
    .map((row) => `unknown and mandatory: column ${row.name}`);
  return [...missing, ...unfilled];
}
