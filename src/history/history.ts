import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';

/** The tables with a history and the columns that it keeps besides the key (docs/spec/schema.md#3.5, docs/spec/schema.md#5.1). */
const ROW_TABLES = {
  henkilo: [
    'created', 'duplicate', 'eisuomalaistahetua', 'etunimet', 'hetu', 'kasittelija', 'kotikunta', 'kuolinpaiva',
    'kutsumanimi', 'modified', 'oidhenkilo', 'passivoitu', 'sukunimi', 'sukupuoli', 'syntymaaika', 'turvakielto',
    'vtj_register', 'vtjsync_timestamp', 'yksilointi_yritetty', 'yksiloity', 'yksiloityvtj', 'aidinkieli_id',
    'asiointikieli_id', 'kuolinsiivous', 'vtj_bucket', 'yksiloityeidas',
  ],
  henkilo_huoltaja_suhde: ['huoltaja_id', 'lapsi_id', 'updated', 'created', 'alkupvm', 'loppupvm'],
} as const; // prettier-ignore
/** The sets of a person with a history, and the column that holds an element. */
const SET_TABLES = {
  henkilo_kansalaisuus: { column: 'kansalaisuus_id', type: 'bigint' },
  henkilo_organisaatio: { column: 'organisaatio_id', type: 'bigint' },
  henkilo_passinumero: { column: 'passinumero', type: 'text' },
} as const;

/** One letter for each table, in names of statements. */
const LETTERS = {
  henkilo: 'h',
  henkilo_huoltaja_suhde: 's',
  henkilo_kansalaisuus: 'k',
  henkilo_organisaatio: 'o',
  henkilo_passinumero: 'p',
} as const;

export type HistoryTable = keyof typeof ROW_TABLES;
export type HistorySet = keyof typeof SET_TABLES;

/** A table of revisions that held fewer rows when its statistics were made was read from end to end for each foreign key. */
const YOUNG = 700;

const INSERTED = 0;
const UPDATED = 1;
const DELETED = 2;
type RevType = typeof INSERTED | typeof UPDATED | typeof DELETED;

/** What changed in one transaction. */
interface Changes {
  readonly rows: Map<HistoryTable, Map<number, RevType>>;
  /** Last state of removed rows, by id: they cannot be read any more when the revision is written. */
  readonly removed: Map<HistoryTable, Map<number, Readonly<Record<string, unknown>>>>;
  readonly elements: Map<HistorySet, Map<string, { henkiloId: number; element: number | string; type: RevType }>>;
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

  constructor(private readonly db: Database) {}

  inserted(table: HistoryTable, id: number): void {
    this.rowsOf(table).set(id, INSERTED);
  }

  /** Also for a change of one of the person's audited sets alone. */
  updated(table: HistoryTable, id: number): void {
    const rows = this.rowsOf(table);
    if (!rows.has(id)) rows.set(id, UPDATED);
  }

  /** @param row the full last state, by column name: what `delete … returning *` gives */
  deleted(table: HistoryTable, row: Readonly<Record<string, unknown>> & { id: number }): void {
    const rows = this.rowsOf(table);
    if (rows.get(row.id) === INSERTED) {
      rows.delete(row.id);
      return;
    }
    rows.set(row.id, DELETED);
    nested(this.changes.removed, table).set(row.id, row);
  }

  /** An element joined or left a set of the person; joining after leaving in one transaction counts as nothing. */
  element(set: HistorySet, henkiloId: number, element: number | string, change: 'added' | 'removed'): void {
    const elements = nested(this.changes.elements, set);
    const key = `${henkiloId} ${element}`;
    if (elements.has(key)) elements.delete(key);
    else elements.set(key, { henkiloId, element, type: change === 'added' ? INSERTED : DELETED });
    this.updated('henkilo', henkiloId);
  }

  private rowsOf(table: HistoryTable): Map<number, RevType> {
    return nested(this.changes.rows, table);
  }

  private get changes(): Changes {
    return this.db.transactionState(History, () => {
      this.db.beforeCommit(History, () => this.write());
      return { rows: new Map(), removed: new Map(), elements: new Map() };
    });
  }

  /** One statement: the revision, then everything that belongs to it. */
  private async write(): Promise<void> {
    const { rows, removed, elements } = this.changes;
    const values: unknown[] = [];
    const inserts: string[] = [];
    let shape = 'history'; // PostgreSQL cuts a statement's name after 63 characters, hence the letters
    for (const [table, byId] of rows) {
      const columns = ROW_TABLES[table].join(', ');
      const present = [...byId].filter(([, type]) => type !== DELETED);
      if (present.length > 0) {
        values.push(
          present.map(([id]) => id),
          present.map(([, type]) => type),
        );
        const { length } = values;
        shape += ` ${LETTERS[table]}`;
        inserts.push(
          `insert into ${table}_aud (id, rev, revtype, ${columns})
           select t.id, r.rev, c.revtype, ${ROW_TABLES[table].map((name) => `t.${name}`).join(', ')}
             from revision r, unnest((select $${length - 1}::bigint[]), $${length}::smallint[]) c (id, revtype)
             join ${table} t on t.id = c.id`,
        );
      }
      const gone = [...(removed.get(table)?.values() ?? [])].filter((row) => byId.get(row.id as number) === DELETED);
      if (gone.length > 0) {
        values.push(JSON.stringify(gone));
        shape += ` -${LETTERS[table]}`;
        inserts.push(
          `insert into ${table}_aud (id, rev, revtype, ${columns})
           select t.id, r.rev, ${DELETED}, ${ROW_TABLES[table].map((name) => `t.${name}`).join(', ')}
             from revision r, jsonb_populate_recordset(null::${table}, $${values.length}::jsonb) t`,
        );
      }
    }
    for (const [set, byKey] of elements) {
      if (byKey.size === 0) continue;
      const list = [...byKey.values()];
      values.push(
        list.map((e) => e.henkiloId),
        list.map((e) => e.element),
        list.map((e) => e.type),
      );
      const { length } = values;
      const { column, type } = SET_TABLES[set];
      shape += ` ${LETTERS[set]}`;
      inserts.push(
        `insert into ${set}_aud (rev, henkilo_id, ${column}, revtype)
         select r.rev, c.henkilo_id, c.element, c.revtype
           from revision r, unnest((select $${length - 2}::bigint[]), $${length - 1}::${type}[], $${length}::smallint[]) c (henkilo_id, element, revtype)`,
      );
    }
    if (inserts.length === 0) return;
    if (++this.revisions === YOUNG) this.db.afterCommit(() => void this.analyzeYoungRevisions());
    const steps = inserts.map((sql, i) => `, step${i} as (${sql})`).join('\n');
    await this.db.prepared(
      shape,
      `with revision as (
         insert into revinfo (rev, revtstmp)
         values (nextval('hibernate_sequence'), floor(extract(epoch from statement_timestamp()) * 1000)::bigint) returning rev
       )${steps}
       select 1`,
      values,
    );
  }

  /**
   * In a new database PostgreSQL checks the foreign keys of the history by reading all revisions, and goes on so on every
   * connection until it has new statistics; by itself it makes them after a minute or more (docs/performance.md).
   */
  private async analyzeYoungRevisions(): Promise<void> {
    try {
      const sql = `select reltuples < ${YOUNG} as young from pg_class where oid = 'revinfo'::regclass`;
      const [row] = await this.db.query<{ young: boolean }>(sql);
      if (row?.young) await this.db.execute('analyze revinfo');
    } catch (error) {
      this.log.warn(`The table of revisions keeps its statistics: ${(error as Error).message}`);
    }
  }
}

function nested<K, I, V>(map: Map<K, Map<I, V>>, key: K): Map<I, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map()));
  return inner;
}
