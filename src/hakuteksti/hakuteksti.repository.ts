import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** A person's search text, in the form of `duplicate_search_fmt`. */
export interface Hakuteksti {
  /** `Henkilo.id`. */
  readonly id: number;
  readonly teksti: string;
}

/** Id of the change, its transaction, id of the person and its search text now. */
export type HakutekstiMuutos = [id: number, tapahtuma: string, henkiloId: number, teksti: string];

/** What has changed since somebody looked, as one picture of the database. */
export interface HakutekstiMuutokset {
  /** The text asked for, in the form of `duplicate_search_fmt`. */
  readonly teksti: string;
  /** Transactions before this one have ended. */
  readonly xmin: string;
  readonly muutokset: HakutekstiMuutos[];
}

/** Search texts of one `list`. */
export const HAKUTEKSTIT_PER_LIST = 5000;
/** Changes that `listMuutokset` gives: when there are more, reading everything anew is cheaper. */
const MOST_MUUTOKSET = 100_000;

/** Search texts of persons and their changes, which a trigger notes in `onr_hakuteksti_muutos`. */
@Injectable()
export class HakutekstiRepository {
  constructor(private readonly db: Database) {}

  /** The first transaction that has not ended. */
  async getXmin(): Promise<string> {
    const [row] = await this.db.query<{ xmin: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as xmin');
    return row!.xmin;
  }

  /** The next ones by id of the person, after `afterId`. */
  list(afterId: number): Promise<Hakuteksti[]> {
    return this.db.prepared<Hakuteksti>(
      'hakutekstit',
      `select id, duplicate_search_str as teksti from henkilo where id > $1 order by id limit ${HAKUTEKSTIT_PER_LIST}`,
      [afterId],
    );
  }

  /**
   * Changes of transactions from `xmin` on; null: too many.
   * @param hakuteksti as it was put together, before `duplicate_search_fmt`
   */
  async listMuutokset(hakuteksti: string, xmin: bigint): Promise<HakutekstiMuutokset | null> {
    const [row] = await this.db.prepared<HakutekstiMuutokset>(
      'hakuteksti-muutokset',
      `select duplicate_search_fmt($1) as teksti, pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
              (select coalesce(json_agg(json_build_array(m.id, m.tapahtuma::text, h.id, h.duplicate_search_str)), '[]')
                 from (select * from onr_hakuteksti_muutos where tapahtuma >= $2::text::xid8
                        order by tapahtuma limit ${MOST_MUUTOKSET + 1}) m
                 join henkilo h on h.id = m.henkilo_id) as muutokset`,
      [hakuteksti, String(xmin)],
    );
    return row!.muutokset.length > MOST_MUUTOKSET ? null : row!;
  }

  /**
   * Ids of persons whose text is long enough to have half of the trigrams of `hakuteksti`: a text of `m` trigrams has `m - 1`
   * letters or more.
   * @returns null when the text has no more than `fewTrigrams`
   */
  async listIdsByLength(hakuteksti: string, fewTrigrams: number): Promise<number[] | null> {
    const [row] = await this.db.query<{ ids: number[] | null }>(
      `select case when n > $2::integer
                   then (select coalesce(json_agg(id), '[]') from henkilo where length(duplicate_search_str) >= n / 2 - 1) end as ids
         from (select cardinality(show_trgm(duplicate_search_fmt($1))) as n offset 0) x`,
      [hakuteksti, fewTrigrams],
    );
    return row!.ids;
  }

  /** Deletes at most `limit` changes noted more than two days ago. @returns how many */
  deleteOldMuutokset(limit: number): Promise<number> {
    return this.db.execute(
      `delete from onr_hakuteksti_muutos where id in (
         select id from onr_hakuteksti_muutos where aika < current_timestamp - interval '2 days' order by id limit $1)`,
      [limit],
    );
  }
}
