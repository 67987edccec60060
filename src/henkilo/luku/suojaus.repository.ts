import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { SUOJATTU } from '../../auth/permissions/suojattu.sql.js';
import type { LoadedHenkilo } from '../muutos/loaded-henkilo.model.js';

/** Whose contact details not everybody may see, where the person's row is not read anyway. */
@Injectable()
export class SuojausRepository {
  constructor(private readonly db: Database) {}

  /** Those of the OIDs that are protected; unknown ones are not. */
  async listSuojatut(henkiloOids: readonly string[]): Promise<Set<string>> {
    if (henkiloOids.length === 0) return new Set();
    const rows = await this.db.prepared<{ oid: string }>(
      'suojatut',
      `select h.oidhenkilo as oid from henkilo h where h.oidhenkilo = any (array(select unnest($1::text[]))) and ${SUOJATTU}`,
      [henkiloOids],
    );
    return new Set(rows.map(({ oid }) => oid));
  }

  /** Asks the database only about duplicates. */
  async isSuojattu({ oidHenkilo, turvakielto, duplicate }: LoadedHenkilo): Promise<boolean> {
    return turvakielto || (duplicate && (await this.listSuojatut([oidHenkilo])).has(oidHenkilo));
  }
}
