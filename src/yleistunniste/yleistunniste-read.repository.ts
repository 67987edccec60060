import { Injectable } from '@nestjs/common';
import { henkiloNotFound } from '../common/errors.js';
import type { Nimet } from '../common/nimivertailu.js';
import { Database } from '../database/database.js';
import { masterOf } from '../henkilo/luku/henkilo-avain.sql.js';
import { isYksiloity } from '../henkilo/luku/henkilo-rivi.sql.js';
import type { FilteredStudent } from '../oppijat-tuonti/dto/oppija-tuonti.dto.js';

/** Who has a hetu, as far as a partner's search needs to know. */
export interface Tunnettu extends Nimet {
  readonly henkiloOid: string;
  /** That of its master; null when that one is not identified. */
  readonly oppijanumero: string | null;
  /** The person belongs to all of the organisations. */
  readonly isInAll: boolean;
}

/** Reads for partners that use the oppijanumero (docs/spec/duplicates-tuonti-yleistunniste.md#9.4). */
@Injectable()
export class YleistunnisteReadRepository {
  constructor(private readonly db: Database) {}

  /** Who has it as the current hetu. @param organisaatioOids to which the person may belong */
  async findByHetu(hetu: string, organisaatioOids: readonly string[]): Promise<Tunnettu | undefined> {
    const [row] = await this.db.prepared<Tunnettu>(
      'yleistunniste-by-hetu',
      `select h.oidhenkilo as "henkiloOid", h.etunimet, h.sukunimi,
              (select case when ${isYksiloity('m')} then m.oidhenkilo end
                 from henkilo m where m.oidhenkilo = coalesce(${masterOf('h.oidhenkilo')}, h.oidhenkilo)) as oppijanumero,
              not exists (select from unnest($2::text[]) u (oid)
                where not exists (select from henkilo_organisaatio ho join organisaatio o on o.id = ho.organisaatio_id
                                   where ho.henkilo_id = h.id and o.oid = u.oid)) as "isInAll"
         from henkilo h where h.hetu = $1`,
      [hetu, organisaatioOids],
    );
    return row;
  }

  /** The oldest link counts when a person has several masters. `linked` in order. @throws NotFoundError */
  async getByOid(henkiloOid: string): Promise<Required<FilteredStudent>> {
    const [row] = await this.db.prepared<Required<FilteredStudent>>(
      'yleistunniste-by-oid',
      `with masterit as materialized (
         select v.id, v.master_oid from henkiloviite v where v.slave_oid = $1
       )
       select h.oidhenkilo as oid, h.passivoitu,
              (select case when ${isYksiloity('m')} then m.oidhenkilo end
                 from henkilo m
                where m.id = coalesce((select p.id from masterit v join henkilo p on p.oidhenkilo = v.master_oid
                                        order by v.id limit 1), h.id)) as oppijanumero,
              coalesce((select json_agg(l.oid order by l.oid)
                 from (select master_oid as oid from masterit
                        union select v.slave_oid from masterit m join henkiloviite v on v.master_oid = m.master_oid
                        union select v.slave_oid from henkiloviite v where v.master_oid = $1) l
                where l.oid <> $1), '[]') as linked
         from henkilo h where h.oidhenkilo = $1`,
      [henkiloOid],
    );
    if (!row) throw henkiloNotFound(henkiloOid);
    return row;
  }
}
