import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import type { OppijaTuontiPerustiedotReadDto } from '../dto/oppija-tuonti.dto.js';
import type { TuontiApi } from '../entities/tuonti.entity.js';
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
  readonly dataId: number | null;
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

/** Imports waiting at once that are looked at; the rest wait for these. */
const MAX_WAITING_IMPORTS = 1_000;

/** The imports themselves: their request, progress and rows. */
@Injectable()
export class TuontiRepository {
  constructor(private readonly db: Database) {}

  /** Stores the import with its request. */
  async insert({ sisalto, api, kasittelijaOid, organisaatioIds }: UusiTuonti): Promise<OppijaTuontiPerustiedotReadDto> {
    const kasiteltavia = sisalto.henkilot.length;
    const [row] = await this.db.query<{ id: number }>(
      `with data as (
         insert into tuonti_data (id, version, data)
         values (nextval('hibernate_sequence'), 0, lo_from_bytea(0, convert_to($1, 'UTF8'))) returning id
       ), uusi as (
         insert into tuonti (id, version, sahkoposti, kasiteltavia, kasiteltyja, kasittelija_oid, data_id, ilmoitustarve_kasitelty, api)
         select nextval('hibernate_sequence'), 0, $2, $3, 0, $4, data.id, false, $5 from data returning id
       ), liitetyt as (
         insert into tuonti_organisaatio (tuonti_id, organisaatio_id) select uusi.id, unnest($6::bigint[]) from uusi
       )
       select id from uusi`,
      [JSON.stringify(sisalto), sisalto.sahkoposti, kasiteltavia, kasittelijaOid, api, organisaatioIds],
    );
    return toPerustiedot({ id: row!.id, kasiteltavia, kasiteltyja: 0 });
  }

  /** @throws NotFoundError there is no such import */
  async getPerustiedot(id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    const [row] = await this.db.prepared<{ id: number; kasiteltavia: number; kasiteltyja: number }>(
      'tuonti-perustiedot',
      'select id, kasiteltavia, kasiteltyja from tuonti where id = $1',
      [id],
    );
    if (!row) throw new NotFoundError(`Tuonti ${id} not found`);
    return toPerustiedot(row);
  }

  /** Gives an unfinished import without one the interface that it is gone on with. */
  async setMissingApi(id: number, api: TuontiApi): Promise<void> {
    await this.db.execute(
      'update tuonti set api = $2, version = version + 1 where id = $1 and api is null and kasiteltyja < kasiteltavia',
      [id, api],
    );
  }

  /** Imports with rows to handle, oldest first; at most 1 000. */
  listUnfinished(): Promise<KeskenerainenTuonti[]> {
    return this.db.prepared<KeskenerainenTuonti>(
      'tuonti-kesken',
      `select id, kasittelija_oid as "kasittelijaOid" from tuonti
        where kasiteltyja < kasiteltavia order by id limit ${MAX_WAITING_IMPORTS}`,
      [],
    );
  }

  /**
   * Locks an unfinished import until the end of the transaction: nobody else works on it meanwhile, and when this
   * process dies, the database lets it go. Null when it is finished or another process has it.
   */
  async lockForPart(id: number): Promise<LukittuTuonti | null> {
    const [row] = await this.db.prepared<LukittuTuontiRivi>(
      'tuonti-lock',
      `select t.id, t.kasiteltavia, t.kasiteltyja, t.kasittelija_oid as "kasittelijaOid", t.data_id as "dataId",
              (select json_agg(json_build_array(o.id, o.oid) order by o.id)
                 from tuonti_organisaatio x join organisaatio o on o.id = x.organisaatio_id
                where x.tuonti_id = t.id) as organisaatiot
         from tuonti t where t.id = $1 and t.kasiteltyja < t.kasiteltavia for no key update of t skip locked`,
      [id],
    );
    return row ? { ...row, organisaatiot: new Map(row.organisaatiot) } : null;
  }

  /** The stored request as text; null when it is missing. */
  async findData(dataId: number): Promise<string | null> {
    const [row] = await this.db.query<{ data: string }>(
      `select convert_from(lo_get(data), 'UTF8') as data from tuonti_data where id = $1`,
      [dataId],
    );
    return row?.data ?? null;
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

  /** Notes that the next row cannot be stored and moves the import on past it. @param virhe without personal data */
  async addVirhe(id: number, rivi: number, tunniste: string | null, virhe: string): Promise<void> {
    await this.db.query(
      `with virhe as (
         insert into onr_tuonti_virhe (tuonti_id, rivi, tunniste, virhe) values ($1, $2::integer, $3, $4)
         on conflict (tuonti_id, rivi) do nothing)
       update tuonti set kasiteltyja = $2::integer + 1, version = version + 1 where id = $1`,
      [id, rivi, tunniste, virhe],
    );
  }
}

function toPerustiedot(row: { id: number; kasiteltavia: number; kasiteltyja: number }): OppijaTuontiPerustiedotReadDto {
  const { id, kasiteltavia, kasiteltyja } = row;
  return { id, kasiteltavia, kasiteltyja, kasitelty: kasiteltyja >= kasiteltavia };
}
