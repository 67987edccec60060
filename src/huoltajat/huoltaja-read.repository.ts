import { Injectable } from '@nestjs/common';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import type { LocalDate } from '../common/clock.js';
import { Database } from '../database/database.js';
import {
  HAKU_COLUMNS,
  henkiloColumns,
  type HenkiloHakuRivi,
  type HenkilonTiedot,
} from '../henkilo/luku/henkilo-rivi.sql.js';

/** `kotikunta` is not masked: for the mapper only. */
const HUOLTAJA = ['aidinkieliId', 'kotikunta'] as const;
export interface HuoltajaRivi extends HenkiloHakuRivi, HenkilonTiedot<(typeof HUOLTAJA)[number]> {
  /** See `SUOJATTU`. */
  readonly suojattu: boolean;
}

/** Reads guardian relations (docs/spec/henkilo.md#8.12). */
@Injectable()
export class HuoltajaReadRepository {
  constructor(private readonly db: Database) {}

  /** Guardians of the child on a day: a relation that ends on it has ended. Oldest relation first. */
  listCurrent(lapsiOid: string, day: LocalDate): Promise<HuoltajaRivi[]> {
    return this.db.prepared(
      'huoltajat-of-lapsi',
      `select ${HAKU_COLUMNS}, ${henkiloColumns(HUOLTAJA)}, ${SUOJATTU} as suojattu
         from henkilo lapsi
         join henkilo_huoltaja_suhde s on s.lapsi_id = lapsi.id
         join henkilo h on h.id = s.huoltaja_id
        where lapsi.oidhenkilo = $1
          and (s.alkupvm is null or s.alkupvm <= $2) and (s.loppupvm is null or s.loppupvm > $2)
        order by s.id`,
      [lapsiOid, day],
    );
  }

  /**
   * Children, by OID, with a relation that was added or changed between two instants (epoch milliseconds, inclusive)
   * according to the history; a removal does not count (docs/spec/schema.md#5.4). Not bounded but by the history kept.
   */
  async listChangedBetween(from: number, to: number): Promise<string[]> {
    const rows = await this.db.query<{ oid: string }>(
      `select distinct h.oidhenkilo as oid
         from revinfo r
         join henkilo_huoltaja_suhde_aud a on a.rev = r.rev
         join henkilo h on h.id = a.lapsi_id
        where r.revtstmp >= $1 and r.revtstmp <= $2 and a.revtype <> 2
        order by 1`,
      [from, to],
    );
    return rows.map(({ oid }) => oid);
  }

  /** Children with a relation updated at or after `at`, in order of their latest update, so that pages are stable. */
  async listChangedSince(at: Date, offset: number, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ oid: string }>(
      `select h.oidhenkilo as oid
         from henkilo_huoltaja_suhde s join henkilo h on h.id = s.lapsi_id
        where s.updated >= $1
        group by h.id
        order by max(s.updated), h.id
        offset $2 limit $3`,
      [at, offset, limit],
    );
    return rows.map(({ oid }) => oid);
  }
}
