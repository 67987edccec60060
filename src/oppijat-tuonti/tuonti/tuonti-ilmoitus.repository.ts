import { Injectable } from '@nestjs/common';
import { isYksiloity } from '../../henkilo/luku/henkilo-rivi.sql.js';
import { Database } from '../../database/database.js';

/** A handled import whose importer may still have to be told; the alias of `tuonti` is `t`. */
const ODOTTAVA = 't.kasiteltyja = t.kasiteltavia and t.ilmoitustarve_kasitelty = false';
const YKSILOITY = isYksiloity('h');
const jossa = (ehto: string) =>
  `exists (select 1 from tuonti_rivi r join henkilo h on h.id = r.henkilo_id where r.tuonti_id = t.id and ${ehto})`;

/** Which importers are to be told of their imports. */
@Injectable()
export class TuontiIlmoitusRepository {
  constructor(private readonly db: Database) {}

  /** Marks the imports with a person that was tried in vain. @returns their addresses, one for each import */
  async markFailed(): Promise<string[]> {
    const rows = await this.db.query<{ sahkoposti: string }>(
      `update tuonti t set ilmoitustarve_kasitelty = true, version = version + 1
        where ${ODOTTAVA} and t.sahkoposti is not null and ${jossa(`h.yksilointi_yritetty and not ${YKSILOITY}`)}
       returning t.sahkoposti`,
    );
    return rows.map(({ sahkoposti }) => sahkoposti);
  }

  /** Marks those that need no mail: without an address, or where everyone with a hetu has been tried and someone was identified. */
  async markUneventful(): Promise<void> {
    await this.db.execute(
      `update tuonti t set ilmoitustarve_kasitelty = true, version = version + 1
        where ${ODOTTAVA}
          and (t.sahkoposti is null and ${jossa('h.yksilointi_yritetty')}
               or ${jossa(`h.yksilointi_yritetty and ${YKSILOITY}`)}
                  and not ${jossa(`h.hetu is not null and not h.yksilointi_yritetty and not ${YKSILOITY}`)})`,
    );
  }
}
