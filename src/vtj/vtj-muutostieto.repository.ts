import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** One change that waits to be handled. */
export interface OdottavaMuutos {
  readonly id: number;
  readonly henkilotunnus: string;
  /** As received. */
  readonly tietoryhmat: unknown;
}

/** One change to be stored. */
export interface UusiMuutos {
  readonly henkilotunnus: string;
  /** ISO local date-time. */
  readonly muutospv: string;
  readonly tietoryhmat: unknown;
}

/** Rows of one INSERT. */
const INSERT_SIZE = 500;

/** Change messages and how far they have been fetched (docs/spec/yksilointi-vtj.md#5.2). Rows are never deleted. */
@Injectable()
export class VtjMuutostietoRepository {
  constructor(private readonly db: Database) {}

  /**
   * Ids of what waits or failed before, oldest change first, as one picture of the table: what is stored meanwhile
   * could otherwise overtake an older change of the same person.
   * @param limit a bound on memory; the rest waits for the next run
   */
  async listWaitingIds(limit: number): Promise<number[]> {
    const [row] = await this.db.query<{ ids: number[] | null }>(
      `select array_agg(id order by muutospv, id) as ids
         from (select id, muutospv from vtj_muutostieto where processed is null or error order by muutospv, id limit $1) x`,
      [limit],
    );
    return row?.ids ?? [];
  }

  /** In the order of `ids`, at most a few hundred. */
  async listByIds(ids: readonly number[]): Promise<OdottavaMuutos[]> {
    const rows = await this.db.prepared<OdottavaMuutos>(
      'vtj-muutostieto-by-ids',
      `select id, henkilotunnus, tietoryhmat from vtj_muutostieto where id = any ($1) order by array_position($1::bigint[], id)`,
      [ids],
    );
    return rows;
  }

  /** Handled: an error of an earlier run is gone; what never failed keeps its null. */
  async markProcessed(id: number, now: Date): Promise<void> {
    await this.db.prepared(
      'vtj-muutostieto-processed',
      `update vtj_muutostieto set processed = $2, error = case when error then false else error end, version = version + 1
        where id = $1`,
      [id, now],
    );
  }

  /** Failed: the next run tries it first. */
  async markFailed(id: number, now: Date): Promise<void> {
    await this.db.execute(
      'update vtj_muutostieto set processed = $2, error = true, version = version + 1 where id = $1',
      [id, now],
    );
  }

  /** How far a bucket has been fetched; undefined: never. */
  async findKirjausavain(bucket: number): Promise<number | undefined> {
    const [row] = await this.db.query<{ avain: number }>(
      'select avain from vtj_muutostieto_kirjausavain where id = $1',
      [bucket],
    );
    return row?.avain;
  }

  /** Stores the first cursor of a bucket unless another process has done so. */
  async addKirjausavain(bucket: number, avain: number, now: Date): Promise<void> {
    await this.db.execute(
      'insert into vtj_muutostieto_kirjausavain (id, avain, updated_at) values ($1, $2, $3) on conflict (id) do nothing',
      [bucket, avain, now],
    );
  }

  /** @returns false when the cursor is not `before` any more: another process has fetched meanwhile */
  async moveKirjausavain(bucket: number, before: number, avain: number, now: Date): Promise<boolean> {
    const count = await this.db.execute(
      'update vtj_muutostieto_kirjausavain set avain = $3, updated_at = $4 where id = $1 and avain = $2',
      [bucket, before, avain, now],
    );
    return count === 1;
  }

  /** Stores changes as waiting, in their order; error is null until one has failed. Inside a transaction. */
  async add(muutokset: readonly UusiMuutos[]): Promise<void> {
    for (let i = 0; i < muutokset.length; i += INSERT_SIZE) {
      const osa = muutokset.slice(i, i + INSERT_SIZE);
      await this.db.execute(
        `insert into vtj_muutostieto (id, version, henkilotunnus, muutospv, tietoryhmat, processed, error)
         select nextval('hibernate_sequence'), 0, m.hetu, m.pv, m.ryhmat, null, null
           from unnest($1::text[], $2::timestamp[], $3::jsonb[]) with ordinality m (hetu, pv, ryhmat, n) order by n`,
        [osa.map((m) => m.henkilotunnus), osa.map((m) => m.muutospv), osa.map((m) => toJsonb(m.tietoryhmat))],
      );
    }
  }
}

/** JSON text that PostgreSQL takes: without the character 0 and without halves of characters. */
function toJsonb(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  if (!/\\u(0000|d[89a-f])/.test(text)) return text;
  return text.replace(/\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/g, (escape, refused?: string) => (refused ? '' : escape));
}
