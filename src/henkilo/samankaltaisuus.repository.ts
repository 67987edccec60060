import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { LoadedHenkilo } from './loaded-henkilo.js';

/** Persons whose names and birth date resemble (spec henkilo 8.16). */
@Injectable()
export class SamankaltaisuusRepository {
  constructor(private readonly db: Database) {}

  /** Does another active person, no duplicate, resemble this one by at least half of the trigrams? Inside a transaction. */
  async hasSimilar({ oidHenkilo, etunimet, kutsumanimi, sukunimi, syntymaaika }: LoadedHenkilo): Promise<boolean> {
    await this.db.query(`select set_config('pg_trgm.similarity_threshold', '0.5', true)`);
    const rows = await this.db.query(
      `select 1 from henkilo
        where duplicate_search_str % duplicate_search_fmt($1) and not passivoitu and not duplicate and oidhenkilo <> $2
        limit 1`,
      [[etunimet, kutsumanimi, sukunimi, syntymaaika ?? ''].join(' '), oidHenkilo],
    );
    return rows.length > 0;
  }
}
