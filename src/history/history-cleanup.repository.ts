import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Tables with rows of a revision; the revisions themselves last. The reference leaves out the one not written any more. */
export const REVISION_TABLES = [
  'henkilo_aud',
  'henkilo_huoltaja_suhde_aud',
  'henkilo_kansalaisuus_aud',
  'henkilo_organisaatio_aud',
  'henkilo_passinumero_aud',
  'henkilo_kielisyys_aud',
  'revinfo',
] as const;

/** Takes away history that is too old. */
@Injectable()
export class HistoryCleanupRepository {
  constructor(private readonly db: Database) {}

  /** The last revision made before that instant, epoch milliseconds; null: there is none. */
  async findLastRevisionBefore(instantMs: number): Promise<number | null> {
    const [row] = await this.db.query<{ rev: number | null }>(
      'select max(rev) as rev from revinfo where revtstmp < $1',
      [instantMs],
    );
    return row?.rev ?? null;
  }

  /** Deletes at most `limit` rows of revisions up to that one. @returns how many */
  deleteUpTo(table: (typeof REVISION_TABLES)[number], rev: number, limit: number): Promise<number> {
    return this.db.execute(
      `delete from ${table} where ctid = any (array(select ctid from ${table} where rev <= $1 limit $2))`,
      [rev, limit],
    );
  }
}
