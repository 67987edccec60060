import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { MUOTO } from '../henkilo/dokumentti/dokumentti.mapper.js';
import { VTJ_HENKILO } from '../henkilo/luku/henkilo-rivi.sql.js';
import type { JobSummary } from '../jobs/job.decorator.js';
import { MOST_COUNTED } from './tila.model.js';

/** An operator waits for no part longer than this. */
const STATEMENT_MS = 2_000;
/** Imports that are shown, and the latest that have ended. */
const MAX_IMPORTS = 50;
const LATEST_IMPORTS = 5;

export interface AjonRivi {
  readonly name: string;
  readonly next: Date | null;
  readonly picked: boolean | null;
  readonly pickedBy: string | null;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  readonly failures: number | null;
  readonly started: Date | null;
  readonly ended: Date | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly summary: JobSummary | null;
  readonly reason: string | null;
}

export interface TuonninRivi {
  readonly id: number;
  readonly api: string | null;
  readonly kasittelijaOid: string | null;
  readonly aikaleima: Date;
  readonly kasiteltavia: number;
  readonly kasiteltyja: number;
  readonly virheita: number;
}

/** Rows are counted up to a bound: a queue that has grown without one must not make the page wait. */
const counted = (rows: string) => `(select count(*) from (select 1 from ${rows} limit ${MOST_COUNTED}) x)`;
const TUONTI = `t.id, t.api, t.kasittelija_oid as "kasittelijaOid", t.aikaleima, t.kasiteltavia, t.kasiteltyja,
  (select count(*) from onr_tuonti_virhe v where v.tuonti_id = t.id) as virheita`;

/**
 * What the status page asks of the database. It reads by the connections that are kept for what must work while all others
 * wait, one statement after the other, each with a limit.
 */
@Injectable()
export class TilaRepository {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db.reserved;
  }

  async getKanta() {
    const replicas = await this.read<{ name: string; state: string | null; lagSeconds: number | null }>(
      `select application_name as name, state, extract(epoch from replay_lag)::float8 as "lagSeconds"
         from pg_stat_replication order by 1 limit 20`,
    );
    const began = performance.now();
    const [row] = await this.read<{ version: string; readOnly: boolean; bytes: number }>(
      `select current_setting('server_version') as version, pg_is_in_recovery() as "readOnly",
              pg_database_size(current_database()) as bytes`,
    );
    return { ...row!, roundTripMs: performance.now() - began, replicas };
  }

  /** In the order of `names`. */
  listAjot(names: readonly string[]): Promise<AjonRivi[]> {
    return this.read<AjonRivi>(
      `select n.name, t.execution_time as next, t.picked, t.picked_by as "pickedBy", t.last_success as "lastSuccess",
              t.last_failure as "lastFailure", t.consecutive_failures as failures,
              r.started, r.ended, r.done, r.total, r.summary, r.reason
         from unnest($1::text[]) with ordinality n (name, nth)
         left join scheduled_tasks t on t.task_name = n.name and t.task_instance = 'recurring'
         left join onr_job_run r on r.task_name = n.name
        order by n.nth`,
      [names],
    );
  }

  async getTuonnit() {
    const [row] = await this.read<{ waiting: number }>(
      `select ${counted('tuonti where kasiteltyja < kasiteltavia')} as waiting`,
    );
    const underWay = await this.read<TuonninRivi>(
      `select ${TUONTI} from tuonti t where t.kasiteltyja < t.kasiteltavia order by t.id limit ${MAX_IMPORTS}`,
    );
    const latest = await this.read<TuonninRivi>(
      `select ${TUONTI} from tuonti t where t.kasiteltyja >= t.kasiteltavia order by t.id desc limit ${LATEST_IMPORTS}`,
    );
    return { waiting: row!.waiting, underWay, latest };
  }

  async getJonot() {
    const [row] = await this.read<{
      outbox: number;
      outboxOldest: Date | null;
      outboxTried: number;
      email: number;
      emailOldest: Date | null;
      emailTried: number;
      emailRefused: number;
    }>(
      `select ${counted('onr_outbox')} as outbox, (select created from onr_outbox order by id limit 1) as "outboxOldest",
              ${counted('onr_outbox where attempts > 0')} as "outboxTried",
              ${counted(`queuedemail where queuedemailstatus_id = 'QUEUED'`)} as email,
              (select min(created) from queuedemail where queuedemailstatus_id = 'QUEUED') as "emailOldest",
              ${counted(`queuedemail where queuedemailstatus_id = 'QUEUED' and last_attempt is not null`)} as "emailTried",
              ${counted(`queuedemail where queuedemailstatus_id = 'ERROR'`)} as "emailRefused"`,
    );
    return row!;
  }

  async getVtj() {
    const [row] = await this.read<{
      muutoksia: number;
      virheita: number;
      haettu: Date | null;
      perustiedotta: number;
      yksilointivirheita: number;
    }>(
      `select ${counted('vtj_muutostieto where processed is null')} as muutoksia,
              ${counted('vtj_muutostieto where error')} as virheita,
              (select min(updated_at) from vtj_muutostieto_kirjausavain) as haettu,
              ${counted(`henkilo where vtj_bucket is null and ${VTJ_HENKILO}`)} as perustiedotta,
              ${counted('yksilointivirhe')} as yksilointivirheita`,
    );
    return row!;
  }

  /** Null: there are no documents at all, since an operator has dropped them. */
  async getDokumentit() {
    const [found] = await this.read<{ there: boolean }>(
      `select to_regclass('public.onr_henkilo_dokumentti') is not null as there`,
    );
    if (!found!.there) return null;
    const [row] = await this.read<{
      rows: number;
      persons: number;
      changes: number;
      begun: boolean;
      kohta: number | null;
      lowest: number | null;
      highest: number | null;
    }>(
      `select (select greatest(0, reltuples)::bigint from pg_class where oid = 'public.onr_henkilo_dokumentti'::regclass) as rows,
              (select greatest(0, reltuples)::bigint from pg_class where oid = 'public.henkilo'::regclass) as persons,
              ${counted('onr_henkilo_dokumentti where muutos > 0')} as changes,
              t.polvi is not null as begun, t.kohta, (select min(id) from henkilo) as lowest, (select max(id) from henkilo) as highest
         from onr_dokumentti_polvi p left join onr_dokumentti_taytto t on t.polvi = p.polvi and t.muoto = ${MUOTO}`,
    );
    return row!;
  }

  private read<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.db.transaction(async () => {
      const limits = `select set_config('statement_timeout', '${STATEMENT_MS}', true), set_config('lock_timeout', '${STATEMENT_MS}', true)`;
      await this.db.query(limits);
      return this.db.query<Row>(sql, values);
    });
  }
}
