import type { ClientBase } from 'pg';
import { findHistoryProblem, type HistoryRow } from './reference-history.js';
import { listSchemaProblems } from './reference-schema.js';

/** A database that the service must not touch. The message is for the operator. */
class DatabaseRefusedError extends Error {
  constructor(reason: string) {
    super(`The database is left alone: ${reason}.`);
  }
}

/**
 * What a database is before migrating (docs/spec/schema.md#10.1): empty, one of the reference that this service has never
 * migrated, or one where migrations of this service are recorded.
 */
export type DatabaseState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'reference' }
  | { readonly kind: 'own'; readonly applied: readonly string[] };

const MIGRATIONS_TABLE = 'pgmigrations';
const HISTORY_TABLE = 'schema_table_onr';

/**
 * Only reads.
 *
 * @param first name of the service's first migration, the one that builds the reference's schema
 * @throws DatabaseRefusedError it is none of the three, or a failed, half-done, older or newer one of the reference
 */
export async function readDatabaseState(client: ClientBase, first: string): Promise<DatabaseState> {
  const applied = (await hasTable(client, MIGRATIONS_TABLE)) ? await listApplied(client) : [];
  const history = (await hasTable(client, HISTORY_TABLE)) ? await listHistory(client) : undefined;
  const problem = history && findHistoryProblem(history);
  if (problem) throw new DatabaseRefusedError(problem);
  if (applied.length > 0) {
    if (!applied.includes(first)) {
      throw new DatabaseRefusedError(`${MIGRATIONS_TABLE} lists migrations of something else (${applied[0]})`);
    }
    return { kind: 'own', applied };
  }
  if (history) {
    const problems = await listSchemaProblems(client);
    if (problems.length > 0) {
      const shown =
        problems.slice(0, 20).join('; ') + (problems.length > 20 ? `; and ${problems.length - 20} more` : '');
      throw new DatabaseRefusedError(`its history is that of the reference but its schema is not: ${shown}`);
    }
    return { kind: 'reference' };
  }
  const stranger = await findRelation(client);
  if (stranger) throw new DatabaseRefusedError(`it has tables (${stranger}) but no history (${HISTORY_TABLE})`);
  return { kind: 'empty' };
}

async function hasTable(client: ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`select to_regclass($1) is not null as found`, [
    `public.${name}`,
  ]);
  return rows[0]!.found;
}

async function listApplied(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by id`);
  return rows.map((row) => row.name);
}

async function listHistory(client: ClientBase): Promise<HistoryRow[]> {
  const { rows } = await client.query<HistoryRow>(
    `select version, type, success from ${HISTORY_TABLE} order by installed_rank`,
  );
  return rows;
}

/** Any relation in the schemas of the register that is neither an extension's nor the service's own bookkeeping. */
async function findRelation(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'import')
        and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and c.relname not in ('${MIGRATIONS_TABLE}', '${MIGRATIONS_TABLE}_id_seq')
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
      order by 1
      limit 1`,
  );
  return rows[0]?.name;
}
