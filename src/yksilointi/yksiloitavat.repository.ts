import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** A person that waits to be identified. */
export interface Yksiloitava {
  /** `Henkilo.id`. */
  readonly id: number;
  readonly henkiloOid: string;
}

/** Whom the automatic identification takes. */
@Injectable()
export class YksiloitavatRepository {
  constructor(private readonly db: Database) {}

  /**
   * Persons with a hetu whom VTJ has not identified, without set-aside data and without a failure that waits or rests
   * (docs/spec/yksilointi-vtj.md#2.1). Passive ones and duplicates are taken too. In id order.
   * @param afterId only persons with a greater id
   */
  list(afterId: number, limit: number, now: Date): Promise<Yksiloitava[]> {
    return this.db.query(
      `select h.id, h.oidhenkilo as "henkiloOid" from henkilo h
        where not h.yksiloityvtj and h.hetu is not null and h.hetu <> '' and h.id > $1
          and not exists (select 1 from yksilointitieto t where t.henkiloid = h.id)
          and not exists (select 1 from yksilointivirhe v where v.henkilo_id = h.id
                             and (v.uudelleenyritys_aikaleima is null or v.uudelleenyritys_aikaleima >= $3))
        order by h.id limit $2`,
      [afterId, limit, now],
    );
  }
}
