import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** A person's search text, in the form of `duplicate_search_fmt`. */
export interface Hakuteksti {
  /** `Henkilo.id`. */
  readonly id: number;
  readonly teksti: string;
  readonly oid: string;
  readonly sukunimi: string;
  readonly kutsumanimi: string;
}
/** Columns of names that persons are ordered by. */
export type NameColumn = 'sukunimi' | 'kutsumanimi';

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
/** Names of one `listNames`. */
const NAMES_PER_LIST = 5000;
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
      `select id, duplicate_search_str as teksti, oidhenkilo as oid, sukunimi, kutsumanimi from henkilo where id > $1 order by id limit ${HAKUTEKSTIT_PER_LIST}`,
      [afterId],
    );
  }

  /** The next different names in order, after one: each is one way down the column's index, however many persons have it. */
  async listNames(column: NameColumn, after: string): Promise<string[]> {
    const next = (than: string) =>
      `(select h.${column} from henkilo h where h.${column} > ${than} order by h.${column} limit 1)`;
    const rows = await this.db.prepared<{ nimi: string }>(
      `hakuteksti-${column}`,
      `with recursive nimet (nimi) as (
         select ${next('$1')} union all select ${next('nimi')} from nimet where nimi is not null)
       select nimi from nimet where nimi is not null limit ${NAMES_PER_LIST}`,
      [after],
    );
    return rows.map(({ nimi }) => nimi);
  }

  /**
   * Changes of transactions from `xmin` on; null: too many. `offset 0` has each person looked up by id: the planner, who reckons with as many
   * changes as the limit allows, would read the whole table for a single one. The sub-select keeps it from planning anew for each
   * question.
   * @param hakuteksti as it was put together, before `duplicate_search_fmt`
   */
  async listMuutokset(hakuteksti: string, xmin: bigint): Promise<HakutekstiMuutokset | null> {
    const [row] = await this.db.prepared<HakutekstiMuutokset>(
      'hakuteksti-muutokset',
      `select duplicate_search_fmt($1) as teksti, pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
              (select coalesce(json_agg(json_build_array(m.id, m.tapahtuma::text, m.henkilo_id, h.teksti)), '[]')
                 from (select * from onr_hakuteksti_muutos where tapahtuma >= (select $2::text::xid8)
                        order by tapahtuma limit ${MOST_MUUTOKSET + 1}) m
                cross join lateral (select duplicate_search_str as teksti from henkilo where id = m.henkilo_id offset 0) h) as muutokset`,
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
