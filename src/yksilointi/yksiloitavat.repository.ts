import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { YksilointivirheTiedot } from './yksilointivirhe.rules.js';

/** A person that waits to be identified. */
export interface Yksiloitava {
  /** `Henkilo.id`. */
  readonly id: number;
  readonly henkiloOid: string;
}

/** Whom the automatic identification takes, and how its tries failed. */
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

  /** Retries of the stored failure; null: it is not to be retried; undefined: there is none. */
  async findUudelleenyritysMaara(henkiloId: number): Promise<number | null | undefined> {
    const sql = 'select uudelleenyritys_maara as maara from yksilointivirhe where henkilo_id = $1';
    return (await this.db.query<{ maara: number | null }>(sql, [henkiloId]))[0]?.maara;
  }

  /** Stores the failure of a person in the place of an earlier one. */
  async saveVirhe(henkiloId: number, virhe: YksilointivirheTiedot, now: Date): Promise<void> {
    const { poikkeus, viesti, uudelleenyritysMaara, uudelleenyritysAikaleima } = virhe;
    await this.db.execute(
      `insert into yksilointivirhe as v
         (id, version, henkilo_id, aikaleima, poikkeus, viesti, uudelleenyritys_maara, uudelleenyritys_aikaleima)
       values (nextval('hibernate_sequence'), 0, $1, $2, $3, $4, $5, $6)
       on conflict (henkilo_id) do update set version = v.version + 1, aikaleima = $2, poikkeus = $3, viesti = $4,
         uudelleenyritys_maara = $5, uudelleenyritys_aikaleima = $6`,
      [henkiloId, now, poikkeus, viesti, uudelleenyritysMaara, uudelleenyritysAikaleima],
    );
  }
}
