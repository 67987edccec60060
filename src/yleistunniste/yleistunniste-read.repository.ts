import { Injectable } from '@nestjs/common';
import { henkiloNotFound } from '../common/errors.js';
import type { Nimet } from '../common/nimivertailu.js';
import { Database } from '../database/database.js';
import { yksiloityEhto } from '../henkilo/luku/henkilo-rivi.sql.js';
import { linkedTo, masterOf } from '../henkiloviite/henkiloviite.sql.js';
import type { FilteredStudent } from '../oppijat-tuonti/dto/oppija-tuonti.dto.js';

/** The owner of a hetu, with what a partner's search needs. */
export interface Tunnettu extends Nimet {
  readonly henkiloOid: string;
  /** That of its master; null when that one is not identified. */
  readonly oppijanumero: string | null;
  /** The person belongs to all of the organisations. */
  readonly isInAll: boolean;
}

/** SQL of the OID of the master, else of `henkilo h` itself; null when that one is not identified. */
const OPPIJANUMERO = `(select case when ${yksiloityEhto('m')} then m.oidhenkilo end
                 from henkilo m where m.oidhenkilo = coalesce(${masterOf('h.oidhenkilo')}, h.oidhenkilo))`;

/** Reads for partners that use the oppijanumero (docs/spec/duplicates-tuonti-yleistunniste.md#9.4). */
@Injectable()
export class YleistunnisteReadRepository {
  constructor(private readonly db: Database) {}

  /** The person with this current hetu. @param organisaatioOids to which the person may belong */
  async findByHetu(hetu: string, organisaatioOids: readonly string[]): Promise<Tunnettu | undefined> {
    const [row] = await this.db.prepared<Tunnettu>(
      'yleistunniste-by-hetu',
      `select h.oidhenkilo as "henkiloOid", h.etunimet, h.sukunimi,
              ${OPPIJANUMERO} as oppijanumero,
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
      `select h.oidhenkilo as oid, h.passivoitu, ${OPPIJANUMERO} as oppijanumero,
              coalesce((select json_agg(l.oid order by l.oid) from ${linkedTo('$1')} l where l.oid <> $1), '[]') as linked
         from henkilo h where h.oidhenkilo = $1`,
      [henkiloOid],
    );
    if (!row) throw henkiloNotFound(henkiloOid);
    return row;
  }
}
