import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HAKU_COLUMNS, type HenkiloHakuRivi } from '../henkilo/luku/henkilo-rivi.sql.js';
import type { NimiDto } from './yksilointitieto.dto.js';

export interface YksilointitietoRivi extends NimiDto {
  readonly sukupuoli: string | null;
}

/** Names of the register and, prefixed, of VTJ. */
export interface VertailuRivi extends HenkiloHakuRivi {
  readonly vtjEtunimet: string | null;
  readonly vtjKutsumanimi: string | null;
  readonly vtjSukunimi: string | null;
}

const FAILED = `from yksilointitieto y join henkilo h on h.id = y.henkiloid
  where not h.passivoitu and not h.duplicate and h.hetu is not null and not h.yksiloityvtj`;

/** Reads the VTJ data that waits for a decision (docs/spec/yksilointi-vtj.md#1.2, docs/spec/yksilointi-vtj.md#3.2). */
@Injectable()
export class YksilointitietoReadRepository {
  constructor(private readonly db: Database) {}

  /** The person's stored VTJ data: members null without it, undefined without the person. */
  async findByOid(henkiloOid: string): Promise<YksilointitietoRivi | undefined> {
    const [row] = await this.db.query<YksilointitietoRivi>(
      `select y.etunimet, y.kutsumanimi, y.sukunimi, y.sukupuoli
         from henkilo h left join yksilointitieto y on y.henkiloid = h.id where h.oidhenkilo = $1`,
      [henkiloOid],
    );
    return row;
  }

  /** By id of the VTJ data. */
  listFailed(offset: number, limit: number): Promise<VertailuRivi[]> {
    return this.db.query(
      `select ${HAKU_COLUMNS}, y.etunimet as "vtjEtunimet", y.kutsumanimi as "vtjKutsumanimi", y.sukunimi as "vtjSukunimi"
         ${FAILED} order by y.id offset $1 limit $2`,
      [offset, limit],
    );
  }

  async countFailed(): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(`select count(*) as count ${FAILED}`);
    return row!.count;
  }
}
