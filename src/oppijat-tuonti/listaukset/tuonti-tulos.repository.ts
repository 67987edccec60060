import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { HENKILO_COLUMNS, type HenkiloRivi } from '../../henkilo/luku/henkilo-rivi.sql.js';
import { TuontiVirhe } from '../entities/tuonti-virhe.entity.js';
import type { TuontiVirheDto } from '../dto/oppija-tuonti.dto.js';

/** A handled row with the person it led to. */
export interface TulosRivi extends HenkiloRivi {
  readonly tunniste: string | null;
  readonly conflict: boolean | null;
  /** Number of the row within the import, from 0; only of rows without tunniste, and not of old ones. */
  readonly nro: number | null;
  /** The person belongs to one of the caller's organisations. */
  readonly nakyy: boolean;
}

/** What became of the rows of an import. */
@Injectable()
export class TuontiTulosRepository {
  constructor(private readonly db: Database) {}

  /**
   * The handled rows of an import in the order of their ids; an import has at most 10 000.
   * @param organisaatioOids of the caller, for `nakyy`; null: every row is visible
   */
  listRivit(tuontiId: number, organisaatioOids: readonly string[] | null): Promise<TulosRivi[]> {
    const visible = `exists (select 1 from henkilo_organisaatio ho join organisaatio o on o.id = ho.organisaatio_id
                              where ho.henkilo_id = h.id and o.oid = any ($2::text[]))`;
    return this.db.query<TulosRivi>(
      `select ${HENKILO_COLUMNS}, r.tunniste, r.conflict, n.rivi as nro,
              ($2::text[] is null or ${visible}) as nakyy
         from tuonti_rivi r join henkilo h on h.id = r.henkilo_id left join onr_tuonti_rivi_nro n on n.tuonti_rivi_id = r.id
        where r.tuonti_id = $1 order by r.id`,
      [tuontiId, organisaatioOids],
    );
  }

  /** Rows that could not be stored, in their order. */
  listVirheet(tuontiId: number): Promise<TuontiVirheDto[]> {
    const select = { rivi: true, tunniste: true, virhe: true };
    return this.db.repository(TuontiVirhe).find({ select, where: { tuontiId }, order: { rivi: 'asc' } });
  }

  /** Was the import made into one of these organisations? */
  async isImportOf(tuontiId: number, organisaatioOids: readonly string[]): Promise<boolean> {
    const rows = await this.db.query(
      `select 1 from tuonti_organisaatio t join organisaatio o on o.id = t.organisaatio_id
        where t.tuonti_id = $1 and o.oid = any ($2) limit 1`,
      [tuontiId, organisaatioOids],
    );
    return rows.length > 0;
  }
}
