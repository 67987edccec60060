import type { ClientBase } from 'pg';
import { inLockRounds } from '../lock-rounds.js';

/** Jobs that the reference has (docs/spec/schema.md#7.2); rows of others are ours. */
export const REFERENCE_JOBS: readonly string[] = [
  'AuditCleanupTask',
  'DatantuontiExport',
  'DatantuontiImport',
  'DeathCleanupTask',
  'EmailRetryTask',
  'Export',
  'HenkiloExport',
  'KoskiDatantuonninMuokkaus',
  'TestidatantuontiImport',
  'cas client session cleaner',
  'vtj muutostieto fetch task',
  'vtj muutostieto task',
  'vtj perustieto task',
  'vtjkyselyCertificationCheck',
  'yksilointi task',
];

/** Tables whose content is made anew from the reference's tables when the service comes back. */
const DERIVED_TABLES = /^onr_(henkilo_dokumentti|dokumentti_\w+|laskuri|tuotu_\w+|hakuteksti_muutos)$/;

/** The bodies that `duplicate_search_fmt` has here and in the reference (ADR 101). */
const OUR_SEARCH_TEXT = ` select lower(public.unaccent(normalize($1, NFC))) `;
const THEIR_SEARCH_TEXT = ` select lower(public.unaccent($1)) `;
const NOT_COMPOSED =
  'etunimet is not nfc normalized or kutsumanimi is not nfc normalized or sukunimi is not nfc normalized';

/** Writers queue behind a statement that waits for a lock, so it waits only for so long; then the whole is tried again. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_ROUNDS = 30;

/** What the database has of ours, and why it cannot be taken away now. */
export interface Farewell {
  /** In the order in which they go; names as SQL writes them. */
  readonly objects: readonly FarewellObject[];
  /** Rows of our tables; `lost` counts where nothing could make them anew. */
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly lost: boolean;
    readonly about: string;
  }[];
  /** Changes of persons that have not been published. */
  readonly unsent: number;
  /** Imports that wait to be worked on; in the reference somebody starts them again. */
  readonly unfinishedImports: number;
  /** Logins, and rows of jobs that the reference does not have. */
  readonly sessions: number;
  readonly jobs: readonly string[];
  /** Connections of running processes of the service. */
  readonly connections: number;
}

export interface FarewellObject {
  readonly kind:
    'trigger' | 'constraint' | 'column' | 'table' | 'view' | 'sequence' | 'function' | 'type' | 'index' | 'schema';
  readonly name: string;
  /** The statement that takes it away. */
  readonly drop: string;
  /** Table that it hangs on, where that is not ours. */
  readonly on: string | null;
}

/**
 * Everything named `onr_…` and the migrations' bookkeeping, with the statements that drop it. An object that disappears with
 * another one is not listed. Nothing is dropped by CASCADE: if somebody has built something on an object of ours, nothing is dropped.
 */
const OBJECTS = String.raw`
  with rooms as (select oid, nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)'),
  ours as (
    select c.oid from pg_class c join rooms on rooms.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and (c.relname ~ '^onr_' or c.relname = 'pgmigrations' or rooms.nspname ~ '^onr_'))
  select 1 as step, 'trigger' as kind, t.tgname || ' on ' || t.tgrelid::regclass as name,
         format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass) as drop, t.tgrelid::regclass::text as "on"
    from pg_trigger t
   where not t.tgisinternal and t.tgname ~ '^onr_' and t.tgrelid not in (select oid from ours) and t.tgparentid = 0
  union all
  select 2, 'constraint', c.conname || ' on ' || c.conrelid::regclass,
         format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname), c.conrelid::regclass::text
    from pg_constraint c join pg_class r on r.oid = c.conrelid
   where c.conname ~ '^onr_' and c.conrelid not in (select oid from ours) and c.conparentid = 0
  union all
  select 3, 'column', a.attrelid::regclass || '.' || a.attname,
         format('alter table %s drop column %I', a.attrelid::regclass, a.attname), a.attrelid::regclass::text
    from pg_attribute a join pg_class r on r.oid = a.attrelid join rooms on rooms.oid = r.relnamespace
   where a.attname ~ '^onr_' and a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p') and a.attrelid not in (select oid from ours)
  union all
  select case when c.relkind in ('v', 'm') then 4 when c.relkind = 'S' then 6 else 5 end,
         case c.relkind when 'v' then 'view' when 'm' then 'view' when 'S' then 'sequence' else 'table' end, c.oid::regclass::text,
         format('drop %s %s', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end,
                c.oid::regclass), null
    from pg_class c
   where c.oid in (select oid from ours)
     and not exists (select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i', 'e')
                       and d.refclassid = 'pg_class'::regclass)
  union all
  select 7, 'function', p.oid::regprocedure::text,
         format('drop %s %s', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.oid::regprocedure), null
    from pg_proc p join rooms on rooms.oid = p.pronamespace where p.proname ~ '^onr_' or rooms.nspname ~ '^onr_'
  union all
  select 8, 'type', format_type(t.oid, null), format('drop %s %s', case t.typtype when 'd' then 'domain' else 'type' end, format_type(t.oid, null)), null
    from pg_type t join rooms on rooms.oid = t.typnamespace where (t.typname ~ '^onr_' or rooms.nspname ~ '^onr_') and t.typtype in ('e', 'd', 'r')
  union all
  select 9, 'index', c.oid::regclass::text, format('drop index concurrently if exists %s', c.oid::regclass), i.indrelid::regclass::text
    from pg_index i join pg_class c on c.oid = i.indexrelid
   where c.relname ~ '^onr_' and i.indrelid not in (select oid from ours)
     and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.conname ~ '^onr_')
  union all
  select 10, 'schema', nspname, format('drop schema %I', nspname), null from rooms where nspname ~ '^onr_'
   order by 1, 3`;

/** Only reads. */
export async function planFarewell(client: ClientBase): Promise<Farewell> {
  const { rows: objects } = await client.query<FarewellObject & { step: number }>(OBJECTS);
  const tables = [];
  for (const { kind, name } of objects) {
    if (kind !== 'table' || name === 'pgmigrations') continue;
    const { rows } = await client.query<{ rows: string; about: string | null }>(
      `select count(*) as rows, obj_description($1::regclass, 'pg_class') as about from ${name}`,
      [name],
    );
    tables.push({ name, rows: Number(rows[0]!.rows), about: rows[0]!.about ?? '', lost: !DERIVED_TABLES.test(name) });
  }
  const one = async (sql: string, values: unknown[] = []) =>
    Number((await client.query<{ n: string }>(`select count(*) as n from ${sql}`, values)).rows[0]!.n);
  const { rows: jobs } = await client.query<{ name: string }>(
    'select task_name as name from scheduled_tasks where task_name <> all ($1) order by 1',
    [REFERENCE_JOBS],
  );
  return {
    objects: objects.map(({ kind, name, drop, on }) => ({ kind, name, drop, on })),
    tables,
    unsent: tables.find(({ name }) => name === 'onr_outbox')?.rows ?? 0,
    unfinishedImports: await one('tuonti where kasiteltyja < kasiteltavia'),
    sessions: await one(OUR_SESSIONS),
    jobs: jobs.map(({ name }) => name),
    connections: await one(
      `pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
          and application_name ~ '^oppijanumerorekisteri-(service|migrate)'`,
    ),
  };
}

/** The reference takes a session of ours for one without a login; with them gone nobody has an old cookie for nothing. */
const OUR_SESSIONS = `spring_session where primary_id in (select session_primary_id from spring_session_attributes where attribute_name in ('ONR_LOGIN', 'ONR_SESSION'))`;

/**
 * Takes away everything of ours: in one transaction what the reference's writes could notice, then the indexes one by one,
 * without locking writers out. If it is cut off in between, it is run again.
 *
 * @throws Error somebody held a lock for too long, or has built on what is ours; then nothing has been done
 */
export async function leave(client: ClientBase, { objects }: Farewell): Promise<void> {
  const indexes = objects.filter(({ kind }) => kind === 'index');
  const others = objects.filter(({ kind }) => kind !== 'index');
  await inLockRounds(LOCK_ROUNDS, async () => {
    await client.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    try {
      await takeAway(client, others);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  });
  for (const { drop } of indexes) await client.query(drop);
}

async function takeAway(client: ClientBase, objects: readonly FarewellObject[]): Promise<void> {
  const of = (...kinds: FarewellObject['kind'][]) => objects.filter(({ kind }) => kinds.includes(kind));
  const touched = [...new Set(objects.flatMap(({ on }) => on ?? []))].sort();
  if (touched.length > 0) await client.query(`lock table ${touched.join(', ')} in access exclusive mode`);
  for (const { drop } of of('trigger', 'constraint', 'column', 'view')) await client.query(drop);
  const tables = of('table').map(({ name }) => name);
  if (tables.length > 0) await client.query(`drop table ${tables.join(', ')}`); // at once: they refer to each other
  const functions = of('function');
  const plain = functions.filter(({ drop }) => drop.startsWith('drop function')).map(({ name }) => name);
  if (plain.length > 0) await client.query(`drop function ${plain.join(', ')}`);
  for (const { drop } of functions.filter(({ name }) => !plain.includes(name))) await client.query(drop);
  for (const { drop } of of('sequence', 'type', 'schema')) await client.query(drop);
  await giveBackSearchTexts(client);
  await client.query(`delete from ${OUR_SESSIONS}`);
  await client.query('delete from scheduled_tasks where task_name <> all ($1)', [REFERENCE_JOBS]);
}

/** Puts the reference's function back, unless a later one of the reference is there already, and makes anew the texts that it would write in another way. */
async function giveBackSearchTexts(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query(
    `select 1 from pg_proc where oid = 'public.duplicate_search_fmt(text)'::regprocedure and prosrc = $1`,
    [OUR_SEARCH_TEXT],
  );
  if (!rowCount) return;
  await client.query(
    `create or replace function public.duplicate_search_fmt(text) returns text language sql immutable as $$${THEIR_SEARCH_TEXT}$$`,
  );
  await client.query(`update henkilo set etunimet = etunimet where ${NOT_COMPOSED}`);
}
