import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Henkilo } from '../henkilo/entities/henkilo.entity.js';
import { VTJ_HENKILO } from '../henkilo/luku/henkilo-rivi.sql.js';
import type { AsumisRivi } from '../kotikunta/kotikunta-historia.repository.js';
import type { NykyinenHuoltaja } from './tietoryhmat/vtj-muutos.model.js';

/** What the mapping of change groups needs of a person besides its own row. */
export interface HenkilonTausta {
  readonly asiointikieli: string | null;
  readonly aidinkieli: string | null;
  readonly huoltajat: NykyinenHuoltaja[];
  /** Stays in municipalities, in the order in which they were stored. */
  readonly asumiset: AsumisRivi[];
}

/** Reads of persons for the VTJ change API. */
@Injectable()
export class VtjHenkiloRepository {
  constructor(private readonly db: Database) {}

  /** The next persons whose base data have not been fetched, by id after `afterId`. */
  listWithoutPerustieto(afterId: number, limit: number): Promise<{ id: number; hetu: string }[]> {
    return this.db.query(
      `select id, hetu from henkilo where vtj_bucket is null and ${VTJ_HENKILO} and id > $1 order by id limit $2`,
      [afterId, limit],
    );
  }

  /** Hetut of one bucket, 0 to 99: a hundredth of the register, as the change API wants them all. */
  async listBucketHetut(bucket: number): Promise<string[]> {
    const rows = await this.db.query<{ hetu: string }>(
      `select hetu from henkilo where vtj_bucket = $1 and ${VTJ_HENKILO} order by id`,
      [bucket],
    );
    return rows.map(({ hetu }) => hetu);
  }

  /** Languages by the ids in the row as it is in memory; every guardian relation, past ones too. */
  async getTausta({ id, asiointikieliId, aidinkieliId }: Henkilo): Promise<HenkilonTausta> {
    const [row] = await this.db.prepared<HenkilonTausta>(
      'vtj-henkilo-tausta',
      `select (select kielikoodi from kielisyys where id = $2) as asiointikieli,
              (select kielikoodi from kielisyys where id = $3) as aidinkieli,
              coalesce((select json_agg(json_build_object('suhdeId', s.id, 'huoltajaId', h.id, 'hetu', h.hetu,
                          'etunimet', h.etunimet, 'kutsumanimi', h.kutsumanimi, 'sukunimi', h.sukunimi,
                          'yksiloityVTJ', h.yksiloityvtj, 'alkupvm', s.alkupvm, 'loppupvm', s.loppupvm) order by s.id)
                  from henkilo_huoltaja_suhde s join henkilo h on h.id = s.huoltaja_id where s.lapsi_id = $1), '[]') as huoltajat,
              coalesce((select json_agg(json_build_object('id', k.id, 'kotikunta', k.kotikunta,
                          'kuntaanMuuttopv', k.kuntaan_muuttopv, 'kunnastaPoisMuuttopv', k.kunnasta_pois_muuttopv) order by k.id)
                  from kotikunta_historia k where k.henkilo_id = $1), '[]') as asumiset`,
      [id, asiointikieliId, aidinkieliId],
    );
    return row!;
  }

  /** Another, older person that has one of the hetut or one of this person's: why a change cannot be stored. */
  async findOlderHolder(henkiloOid: string, hetut: readonly string[]): Promise<string | undefined> {
    const [row] = await this.db.query<{ oid: string }>(
      `select h.oidhenkilo as oid from henkilo h, henkilo t
        where t.oidhenkilo = $1 and (h.created, h.id) < (t.created, t.id)
          and (h.hetu = any ($2) or exists (
               select 1 from henkilo_hetu x where x.henkilo_id = h.id and x.hetu = any ($2)))
        order by h.created, h.id limit 1`,
      [henkiloOid, hetut],
    );
    return row?.oid;
  }
}
