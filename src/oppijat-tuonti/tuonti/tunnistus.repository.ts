import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { tunnisteKey, type TunnisteLaji, type TuontiRiviSisalto } from './tuonti-sisalto.mapper.js';

/** Finds the persons that import rows name. */
@Injectable()
export class TunnistusRepository {
  constructor(private readonly db: Database) {}

  /**
   * Persons by every identifier of the rows, exactly as written; passive persons, duplicates and the dead included. Where a
   * hetu is in use by one person and among all hetut of another, it means the second one
   * (docs/spec/duplicates-tuonti-yleistunniste.md#6.4). Of several owners of an e-mail the oldest counts (docs/spec/duplicates-tuonti-yleistunniste.md#O-30). One statement.
   *
   * @returns OIDs by `tunnisteKey`
   */
  async findKnown(rivit: readonly TuontiRiviSisalto[]): Promise<Map<string, string>> {
    const given = (laji: TunnisteLaji) => [...new Set(rivit.flatMap(({ henkilo }) => henkilo[laji] || []))];
    const rows = await this.db.prepared<{ laji: TunnisteLaji; arvo: string; oid: string }>(
      'tuonti-tunnistus',
      `select 'oid' as laji, h.oidhenkilo as arvo, h.oidhenkilo as oid, 0 as taso, h.id
         from henkilo h where h.oidhenkilo = any (array(select unnest($1::text[])))
       union all
       select 'hetu', h.hetu, h.oidhenkilo, 0, h.id
         from henkilo h where h.hetu = any (array(select unnest($2::text[])))
       union all
       select 'hetu', x.hetu, h.oidhenkilo, 1, h.id
         from henkilo_hetu x join henkilo h on h.id = x.henkilo_id where x.hetu = any (array(select unnest($2::text[])))
       union all
       select 'passinumero', x.passinumero, h.oidhenkilo, 0, h.id
         from henkilo_passinumero x join henkilo h on h.id = x.henkilo_id
        where x.passinumero = any (array(select unnest($3::text[])))
       union all
       select 'sahkoposti', i.identifier, h.oidhenkilo, 0, h.id
         from identification i join henkilo h on h.id = i.henkilo_id
        where i.idpentityid = 'email' and i.identifier = any (array(select unnest($4::text[])))
       order by taso, id desc`,
      [given('oid'), given('hetu'), given('passinumero'), given('sahkoposti')],
    );
    return new Map(rows.map(({ laji, arvo, oid }) => [tunnisteKey(laji, arvo), oid]));
  }
}
