import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HakutekstiMuistissa } from './hakuteksti-muistissa.store.js';
import { toHakuteksti, type HakutekstinOsat } from './hakuteksti.rules.js';

/**
 * Condition on `henkilo h`: active, no duplicate, at least half of the trigrams in common with `text`, which is in the form
 * of `duplicate_search_fmt`. The comparison makes the answer right however the candidates were found: by `ids`, a parameter,
 * or by the database's index, which serves the operator with the threshold of the session (0.5 on every connection of ours).
 */
export const samankaltainen = (text: string, ids: string | null): string =>
  `${ids === null ? `h.duplicate_search_str % ${text}` : `h.id = any (array(select unnest(${ids}::bigint[])))`}
     and similarity(h.duplicate_search_str, ${text}) >= 0.5::real and not h.passivoitu and not h.duplicate`;

const hasSimilar = (ids: string | null) =>
  `with haku as materialized (select duplicate_search_fmt($1) as teksti)
   select 1 from haku, henkilo h where ${samankaltainen('haku.teksti', ids)} and h.oidhenkilo <> $2 limit 1`;
const BY_IDS = hasSimilar('$3');
const BY_INDEX = hasSimilar(null);

/** What makes persons alike. */
export interface Verrattava extends HakutekstinOsat {
  readonly oidHenkilo: string;
}

/** Persons whose names and birth date resemble (docs/spec/henkilo.md#8.16). */
@Injectable()
export class SamankaltaisuusRepository {
  constructor(
    private readonly db: Database,
    private readonly hakutekstit: HakutekstiMuistissa,
  ) {}

  /** Does another active person, no duplicate, resemble this one by at least half of the trigrams? */
  async hasSimilar({ oidHenkilo, ...osat }: Verrattava): Promise<boolean> {
    const hakuteksti = toHakuteksti(osat);
    const ids = await this.hakutekstit.findCandidates(hakuteksti);
    const rows =
      ids === null
        ? await this.db.prepared('samankaltainen', BY_INDEX, [hakuteksti, oidHenkilo])
        : await this.db.prepared('samankaltainen-ids', BY_IDS, [hakuteksti, oidHenkilo, ids]);
    return rows.length > 0;
  }
}
