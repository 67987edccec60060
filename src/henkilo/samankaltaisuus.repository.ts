import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { LoadedHenkilo } from './loaded-henkilo.js';

/**
 * Condition on `henkilo h`: active, no duplicate, at least half of the trigrams in common with `text`, which is in the form
 * of `duplicate_search_fmt`. The index serves the operator, with the threshold of the session (0.5 on every connection of
 * ours); the comparison makes the answer right whatever the session says.
 */
export const SAMANKALTAINEN = (text: string): string =>
  `h.duplicate_search_str % ${text} and similarity(h.duplicate_search_str, ${text}) >= 0.5::real
     and not h.passivoitu and not h.duplicate`;

/** Persons whose names and birth date resemble (spec henkilo 8.16). */
@Injectable()
export class SamankaltaisuusRepository {
  constructor(private readonly db: Database) {}

  /** Does another active person, no duplicate, resemble this one by at least half of the trigrams? */
  async hasSimilar({ oidHenkilo, etunimet, kutsumanimi, sukunimi, syntymaaika }: LoadedHenkilo): Promise<boolean> {
    const rows = await this.db.prepared(
      'samankaltainen',
      `with haku as materialized (select duplicate_search_fmt($1) as teksti)
       select 1 from haku, henkilo h where ${SAMANKALTAINEN('haku.teksti')} and h.oidhenkilo <> $2 limit 1`,
      [[etunimet, kutsumanimi, sukunimi, syntymaaika ?? ''].join(' '), oidHenkilo],
    );
    return rows.length > 0;
  }
}
