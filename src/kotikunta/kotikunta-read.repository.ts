import { Injectable } from '@nestjs/common';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import { Database } from '../database/database.js';
import type { KotikuntaHistoriaDto } from './kotikunta-historia.dto.js';

/** Reads where persons have lived (docs/spec/yksilointi-vtj.md#6.3). */
@Injectable()
export class KotikuntaReadRepository {
  constructor(private readonly db: Database) {}

  /**
   * Stays of the persons that are now protected (`SUOJATTU`) or are not, by first day (unknown last) and id. An unknown OID is absent.
   * The list of OIDs is as long as the caller makes it.
   */
  listByOids(henkiloOids: readonly (string | null)[], suojattu: boolean): Promise<KotikuntaHistoriaDto[]> {
    return this.db.prepared(
      'kotikunta-historia',
      `select h.oidhenkilo as oid, k.kotikunta, k.kuntaan_muuttopv as "kuntaanMuuttopv",
              k.kunnasta_pois_muuttopv as "kunnastaPoisMuuttopv"
         from henkilo h join kotikunta_historia k on k.henkilo_id = h.id
        where h.oidhenkilo = any (array(select unnest($1::text[]))) and ${SUOJATTU} = $2
        order by k.kuntaan_muuttopv, k.id`,
      [henkiloOids, suojattu],
    );
  }
}
