import { Injectable } from '@nestjs/common';
import { IsNull, type Repository } from 'typeorm';
import { Database } from '../../database/database.js';
import { nextVersion } from '../../database/versioned-entity.js';
import { yksiloityEhto } from '../../henkilo/luku/henkilo-rivi.sql.js';
import type { OppijaTuontiPerustiedotReadDto } from '../dto/oppija-tuonti.dto.js';
import { TuontiData } from '../entities/tuonti-data.entity.js';
import { TuontiOrganisaatio } from '../entities/tuonti-organisaatio.entity.js';
import { TuontiVirhe } from '../entities/tuonti-virhe.entity.js';
import { Tuonti, type TuontiApi } from '../entities/tuonti.entity.js';
import { tuontiNotFound } from './tuonti.errors.js';
import type { TuontiSisalto } from './tuonti-sisalto.mapper.js';

/** A new import. */
export interface UusiTuonti {
  readonly sisalto: TuontiSisalto;
  readonly api: TuontiApi;
  readonly kasittelijaOid: string;
  /** Ids of rows of `organisaatio`, at least one. */
  readonly organisaatioIds: readonly number[];
}

/** An import that waits for its next part. */
export interface KeskenerainenTuonti {
  readonly id: number;
  /** Whose it is: the parts of several users take turns. */
  readonly kasittelijaOid: string | null;
}

/** An import whose next part is being handled; its row is locked. */
export interface LukittuTuonti {
  readonly id: number;
  readonly kasiteltavia: number;
  readonly kasiteltyja: number;
  readonly kasittelijaOid: string | null;
  /** OIDs by id of the row of `organisaatio`. */
  readonly organisaatiot: ReadonlyMap<number, string>;
}

interface LukittuTuontiRivi extends Omit<LukittuTuonti, 'organisaatiot'> {
  readonly organisaatiot: [id: number, oid: string][] | null;
}

/** A handled row. */
export interface KasiteltyRivi {
  readonly tunniste: string | null;
  readonly henkiloId: number;
  readonly conflict: boolean;
}

/** Most waiting imports that are considered at once; the others wait until some of these are finished. */
const MAX_WAITING_IMPORTS = 1_000;

/** A handled import whose importer may still have to be told; the alias of `tuonti` is `t`. */
const ODOTTAVA = 't.kasiteltyja = t.kasiteltavia and t.ilmoitustarve_kasitelty = false';
const YKSILOITY = yksiloityEhto('h');
const jossa = (ehto: string) =>
  `exists (select 1 from tuonti_rivi r join henkilo h on h.id = r.henkilo_id where r.tuonti_id = t.id and ${ehto})`;

/** The imports themselves: their request, progress and rows. */
@Injectable()
export class TuontiRepository {
  constructor(private readonly db: Database) {}

  /** Stores the import with its request. Inside a transaction. */
  async insert({ sisalto, api, kasittelijaOid, organisaatioIds }: UusiTuonti): Promise<OppijaTuontiPerustiedotReadDto> {
    const kasiteltavia = sisalto.henkilot.length;
    const [dataId, id] = (await this.db.nextIds(2)) as [number, number];
    await this.db
      .repository(TuontiData)
      .createQueryBuilder()
      .insert()
      .values({ id: dataId, version: 0, data: () => `lo_from_bytea(0, convert_to(:sisalto, 'UTF8'))` })
      .setParameter('sisalto', JSON.stringify(sisalto))
      .execute();
    const tuonti = {
      id,
      version: 0,
      sahkoposti: sisalto.sahkoposti,
      kasiteltavia,
      kasiteltyja: 0,
      kasittelijaOid,
      api,
    };
    await this.tuonnit.insert({ ...tuonti, dataId, ilmoitustarveKasitelty: false });
    const liitokset = organisaatioIds.map((organisaatioId) => ({ tuontiId: id, organisaatioId }));
    await this.db.repository(TuontiOrganisaatio).insert(liitokset);
    return toPerustiedot({ id, kasiteltavia, kasiteltyja: 0 });
  }

  /** @throws NotFoundError there is no such import */
  async getPerustiedot(id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    const select = { id: true, kasiteltavia: true, kasiteltyja: true };
    const tuonti = await this.tuonnit.findOne({ select, where: { id } });
    if (!tuonti) throw tuontiNotFound(id);
    return toPerustiedot(tuonti);
  }

  /** Sets the interface of an unfinished import that has none yet. */
  async setMissingApi(id: number, api: TuontiApi): Promise<void> {
    await this.tuonnit
      .createQueryBuilder()
      .update()
      .set({ api, version: nextVersion })
      .where({ id, api: IsNull() })
      .andWhere('kasiteltyja < kasiteltavia')
      .execute();
  }

  /** Imports with rows to handle, oldest first; at most 1 000. */
  listUnfinished(): Promise<KeskenerainenTuonti[]> {
    return this.tuonnit
      .createQueryBuilder('t')
      .select(['t.id', 't.kasittelijaOid'])
      .where('t.kasiteltyja < t.kasiteltavia')
      .orderBy('t.id')
      .limit(MAX_WAITING_IMPORTS)
      .getMany();
  }

  /**
   * Locks an unfinished import until the end of the transaction: nobody else works on it meanwhile, and when this
   * process dies, the database lets it go. From now on this transaction waits at most 10 s for the lock of a person, so that other
   * imports get their turn. Null when it is finished or another process has it.
   */
  async lockForPart(id: number): Promise<LukittuTuonti | null> {
    await this.db.query(`select set_config('lock_timeout', '10s', true)`);
    const [row] = await this.db.prepared<LukittuTuontiRivi>(
      'tuonti-lock',
      `select t.id, t.kasiteltavia, t.kasiteltyja, t.kasittelija_oid as "kasittelijaOid",
              (select json_agg(json_build_array(o.id, o.oid) order by o.id)
                 from tuonti_organisaatio x join organisaatio o on o.id = x.organisaatio_id
                where x.tuonti_id = t.id) as organisaatiot
         from tuonti t where t.id = $1 and t.kasiteltyja < t.kasiteltavia for no key update of t skip locked`,
      [id],
    );
    return row ? { ...row, organisaatiot: new Map(row.organisaatiot) } : null;
  }

  /** The stored request of an import as text; null when it is missing. @throws NotFoundError there is no such import */
  async getSisalto(id: number): Promise<string | null> {
    const row = await this.tuonnit
      .createQueryBuilder('t')
      .leftJoin(TuontiData, 'd', 'd.id = t.data_id')
      .select(`convert_from(lo_get(d.data), 'UTF8')`, 'data')
      .where('t.id = :id', { id })
      .getRawOne<{ data: string | null }>();
    if (!row) throw tuontiNotFound(id);
    return row.data;
  }

  /**
   * Adds the next rows, whose ids follow their order, and moves the import on.
   * @param alku number of the first row within the import, from 0
   */
  async addRivit(id: number, alku: number, rivit: readonly KasiteltyRivi[], kasiteltyja: number): Promise<void> {
    await this.db.prepared(
      'tuonti-rivit',
      `with rivi as materialized (
         select nextval('hibernate_sequence') as id, r.tunniste, r.henkilo_id, r.conflict, $5::integer + r.nro - 1 as nro
           from (select * from unnest($2::text[], $3::bigint[], $4::boolean[])
                   with ordinality r (tunniste, henkilo_id, conflict, nro) order by nro) r
       ), rivit as (
         insert into tuonti_rivi (id, version, tuonti_id, tunniste, henkilo_id, conflict)
         select id, 0, $1::bigint, tunniste, henkilo_id, conflict from rivi
       ), numerot as (
         insert into onr_tuonti_rivi_nro (tuonti_rivi_id, rivi) select id, nro from rivi where coalesce(tunniste, '') = ''
       )
       update tuonti set kasiteltyja = $6, version = version + 1 where id = $1::bigint`,
      [
        id,
        rivit.map((r) => r.tunniste),
        rivit.map((r) => r.henkiloId),
        rivit.map((r) => r.conflict),
        alku,
        kasiteltyja,
      ],
    );
  }

  /** Notes that the next row cannot be stored and moves the import on past it. Inside a transaction. @param virhe without personal data */
  async addVirhe(tuontiId: number, rivi: number, tunniste: string | null, virhe: string): Promise<void> {
    const row = { tuontiId, rivi, tunniste, virhe };
    await this.db.repository(TuontiVirhe).createQueryBuilder().insert().values(row).orIgnore().execute();
    await this.tuonnit.update({ id: tuontiId }, { kasiteltyja: rivi + 1, version: nextVersion });
  }

  /** Marks the handled imports with a person whose identification was tried in vain. @returns their addresses, one for each import */
  async markFailed(): Promise<string[]> {
    const rows = await this.db.query<{ sahkoposti: string }>(
      `update tuonti t set ilmoitustarve_kasitelty = true, version = version + 1
        where ${ODOTTAVA} and t.sahkoposti is not null and ${jossa(`h.yksilointi_yritetty and not ${YKSILOITY}`)}
       returning t.sahkoposti`,
    );
    return rows.map(({ sahkoposti }) => sahkoposti);
  }

  /** Marks the handled imports that need no mail: without an address, or where everyone with a hetu has been tried and someone was identified. */
  async markUneventful(): Promise<void> {
    await this.db.execute(
      `update tuonti t set ilmoitustarve_kasitelty = true, version = version + 1
        where ${ODOTTAVA}
          and (t.sahkoposti is null and ${jossa('h.yksilointi_yritetty')}
               or ${jossa(`h.yksilointi_yritetty and ${YKSILOITY}`)}
                  and not ${jossa(`h.hetu is not null and not h.yksilointi_yritetty and not ${YKSILOITY}`)})`,
    );
  }

  /** By person, rows with other names in imports into one of the organisations that were taken in during a day. */
  async countConflicts(
    henkiloIds: readonly number[],
    organisaatioIds: readonly number[],
  ): Promise<Map<number, number>> {
    const rows = await this.db.prepared<{ id: number; maara: number }>(
      'tuonti-arvaukset',
      `select r.henkilo_id as id, count(*) as maara
         from tuonti_rivi r join tuonti t on t.id = r.tuonti_id
        where r.henkilo_id = any (array(select unnest($1::bigint[]))) and r.conflict
          and t.aikaleima > localtimestamp - interval '1 day'
          and exists (select 1 from tuonti_organisaatio o where o.tuonti_id = t.id and o.organisaatio_id = any ($2::bigint[]))
        group by r.henkilo_id`,
      [henkiloIds, organisaatioIds],
    );
    return new Map(rows.map(({ id, maara }) => [id, maara]));
  }

  private get tuonnit(): Repository<Tuonti> {
    return this.db.repository(Tuonti);
  }
}

function toPerustiedot(row: { id: number; kasiteltavia: number; kasiteltyja: number }): OppijaTuontiPerustiedotReadDto {
  const { id, kasiteltavia, kasiteltyja } = row;
  return { id, kasiteltavia, kasiteltyja, kasitelty: kasiteltyja >= kasiteltavia };
}
