import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { columnsOf, tableOf, type EntityOf } from '../database/entity-columns.js';

/**
 * While its statistics tell of fewer revisions than this, PostgreSQL checks each foreign key by reading the whole table of
 * revisions.
 */
const FEW_REVISIONS = 700;

const INSERTED = 0;
const UPDATED = 1;
const DELETED = 2;
type RevType = typeof INSERTED | typeof UPDATED | typeof DELETED;

/** What changed of one table in one transaction. */
interface TableChanges {
  readonly rows: Map<number, RevType>;
  /** Last state of removed rows, by id: they cannot be read any more when the revision is written. */
  readonly removed: Map<number, object>;
}
interface ElementChange {
  readonly ownerId: number;
  readonly element: number | string;
  readonly type: RevType;
}
interface Changes {
  readonly tables: Map<EntityOf<{ id: number }>, TableChanges>;
  readonly sets: Map<EntityOf<object>, Map<string, ElementChange>>;
}

/** One insert into a history table, as part of the one statement. */
interface Step {
  /** Tells statements with other steps apart. */
  readonly name: string;
  readonly values: readonly unknown[];
  /** @param first number of the first of `values` in the statement */
  readonly toSql: (first: number) => string;
}

/**
 * Writes the history of persons as the reference's Envers does (docs/spec/schema.md#5.2): one revision per transaction, made
 * just before the commit and only if something changed; at most one row per entity, with its full state then.
 * Whoever writes an audited table says so here; the row itself is copied from the table.
 */
@Injectable()
export class History {
  private readonly log = new Logger(History.name);
  private revisions = 0;
  /**
   * The statements by the names of their steps. The order of steps is that of their names, and of what has a history few things
   * change together: the two tables and three sets of the register make 35 statements at most.
   */
  private readonly statements = new Map<string, { name: string; sql: string }>();

  constructor(private readonly db: Database) {}

  inserted<Entity extends { id: number }>(entity: EntityOf<Entity>, id: number): void {
    this.changesOf(entity).rows.set(id, INSERTED);
  }

  /** Also for a change of one of the row's audited sets alone. */
  updated<Entity extends { id: number }>(entity: EntityOf<Entity>, id: number): void {
    const { rows } = this.changesOf(entity);
    if (!rows.has(id)) rows.set(id, UPDATED);
  }

  /** @param row its full last state */
  deleted<Entity extends { id: number }>(entity: EntityOf<Entity>, row: Entity): void {
    const { rows, removed } = this.changesOf(entity);
    if (rows.get(row.id) === INSERTED) {
      rows.delete(row.id);
      return;
    }
    rows.set(row.id, DELETED);
    removed.set(row.id, row);
  }

  /**
   * An element joined or left a set; joining after leaving in one transaction counts as nothing. The row that owns the
   * set has changed, which its owner says with `updated`.
   * @param set the entity of the set: a key of two columns, owner and element
   */
  element(set: EntityOf<object>, ownerId: number, element: number | string, change: 'added' | 'removed'): void {
    const { sets } = this.changes;
    if (!sets.has(set)) sets.set(set, new Map());
    const elements = sets.get(set)!;
    const key = `${ownerId} ${element}`;
    if (elements.has(key)) elements.delete(key);
    else elements.set(key, { ownerId, element, type: change === 'added' ? INSERTED : DELETED });
  }

  private changesOf(entity: EntityOf<{ id: number }>): TableChanges {
    const { tables } = this.changes;
    if (!tables.has(entity)) tables.set(entity, { rows: new Map(), removed: new Map() });
    return tables.get(entity)!;
  }

  private get changes(): Changes {
    return this.db.transactionState(History, () => {
      this.db.beforeCommit(History, () => this.write());
      return { tables: new Map(), sets: new Map() };
    });
  }

  /** One statement: the revision, then everything that belongs to it. */
  private async write(): Promise<void> {
    const { tables, sets } = this.changes;
    const steps = [
      ...[...tables].flatMap(([entity, changes]) => [...presentRows(entity, changes), ...removedRows(entity, changes)]),
      ...[...sets].flatMap(([set, elements]) => changedElements(set, [...elements.values()])),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (steps.length === 0) return;
    if (++this.revisions === FEW_REVISIONS) this.db.afterCommit(() => void this.analyzeYoungRevisions());
    const { name, sql } = this.statementOf(steps);
    await this.db.prepared(
      name,
      sql,
      steps.flatMap(({ values }) => values),
    );
  }

  private statementOf(steps: readonly Step[]): { name: string; sql: string } {
    const key = steps.map(({ name }) => name).join(' ');
    let statement = this.statements.get(key);
    if (!statement) {
      let first = 1;
      const inserts = steps.map(({ toSql, values }, i) => {
        const insert = `, step${i} as (${toSql(first)})`;
        first += values.length;
        return insert;
      });
      const sql = `with revision as (
         insert into revinfo (rev, revtstmp)
         values (nextval('hibernate_sequence'), floor(extract(epoch from statement_timestamp()) * 1000)::bigint) returning rev
       )${inserts.join('\n')}
       select 1`;
      this.statements.set(key, (statement = { name: `history-${this.statements.size}`, sql }));
    }
    return statement;
  }

  /**
   * In a new database PostgreSQL checks the foreign keys of the history by reading all revisions, and goes on so on every
   * connection until it has new statistics; by itself it makes them after a minute or more (docs/performance.md).
   */
  private async analyzeYoungRevisions(): Promise<void> {
    try {
      const sql = `select reltuples < ${FEW_REVISIONS} as young from pg_class where oid = 'revinfo'::regclass`;
      const [row] = await this.db.query<{ young: boolean }>(sql);
      if (row?.young) await this.db.execute('analyze revinfo');
    } catch (error) {
      this.log.warn(`The table of revisions keeps its statistics: ${(error as Error).message}`);
    }
  }
}

/** What the history keeps of a row besides its id: everything but the version (docs/spec/schema.md#5.1). */
const keptColumns = (entity: EntityOf<object>) =>
  columnsOf(entity)
    .map(({ column }) => column)
    .filter((column) => column !== 'id' && column !== 'version');

/** Rows that are there: their state is copied from the table. */
function presentRows(entity: EntityOf<object>, { rows }: TableChanges): Step[] {
  const present = [...rows].filter(([, type]) => type !== DELETED);
  if (present.length === 0) return [];
  const table = tableOf(entity);
  const kept = keptColumns(entity);
  return [
    {
      name: table,
      values: [present.map(([id]) => id), present.map(([, type]) => type)],
      toSql: (first) => `insert into ${table}_aud (id, rev, revtype, ${kept.join(', ')})
        select t.id, r.rev, c.revtype, ${kept.map((name) => `t.${name}`).join(', ')}
          from revision r, unnest((select $${first}::bigint[]), $${first + 1}::smallint[]) c (id, revtype)
          join ${table} t on t.id = c.id`,
    },
  ];
}

/** Rows that are gone, as they were last. */
function removedRows(entity: EntityOf<object>, { rows, removed }: TableChanges): Step[] {
  const gone = [...removed].filter(([id]) => rows.get(id) === DELETED).map(([, row]) => row);
  if (gone.length === 0) return [];
  const table = tableOf(entity);
  const kept = keptColumns(entity);
  const columns = columnsOf(entity);
  const byColumn = gone.map((row) =>
    Object.fromEntries(columns.map(({ property, column }) => [column, row[property]])),
  );
  return [
    {
      name: `-${table}`,
      values: [JSON.stringify(byColumn)],
      toSql: (first) => `insert into ${table}_aud (id, rev, revtype, ${kept.join(', ')})
        select t.id, r.rev, ${DELETED}, ${kept.map((name) => `t.${name}`).join(', ')}
          from revision r, jsonb_populate_recordset(null::${table}, $${first}::jsonb) t`,
    },
  ];
}

function changedElements(set: EntityOf<object>, changes: readonly ElementChange[]): Step[] {
  if (changes.length === 0) return [];
  const table = tableOf(set);
  const [owner, element] = columnsOf(set).filter(({ isPrimary }) => isPrimary);
  return [
    {
      name: table,
      values: [changes.map((c) => c.ownerId), changes.map((c) => c.element), changes.map((c) => c.type)],
      toSql: (first) => `insert into ${table}_aud (rev, ${owner!.column}, ${element!.column}, revtype)
        select r.rev, c.owner, c.element, c.revtype
          from revision r, unnest((select $${first}::bigint[]), $${first + 1}::${element!.type}[], $${first + 2}::smallint[])
                           c (owner, element, revtype)`,
    },
  ];
}
