import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { SUOJATTU } from '../../auth/permissions/suojattu.sql.js';
import type { LoadedHenkilo } from '../muutos/loaded-henkilo.model.js';

/** Finds persons whose contact details are protected, for callers that do not read the person's row. */
@Injectable()
export class SuojausRepository {
  constructor(private readonly db: Database) {}

  /** The OIDs of protected persons among the given ones; unknown OIDs are left out. */
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
