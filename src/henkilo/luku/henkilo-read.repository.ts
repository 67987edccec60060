import { Injectable } from '@nestjs/common';
import { SUOJATTU } from '../../auth/permissions/suojattu.sql.js';
import type { Suojattava } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { arrayParameter } from '../../database/array-parameter.js';
import { Database } from '../../database/database.js';
import { masterOf } from '../../henkiloviite/henkiloviite.sql.js';
import { ownerOf } from './henkilo-avain.sql.js';
import {
  HAKU_COLUMNS,
  HENKILO_COLUMNS,
  PERUSTIETO_COLUMNS,
  type HenkiloHakuRivi,
  type HenkiloRivi,
  type PerustietoRivi,
} from './henkilo-rivi.sql.js';

export interface OmattiedotRivi {
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  /** Code of the language of contact, null when none is stored. */
  readonly asiointikieli: string | null;
}

/** `any` over a sub-select: the values stay hidden from the planner, see OsatRepository. */
const IN_LIST = `= any (array(select unnest($1::text[])))`;
/** Rows of persons by key. Statements are planned once per connection. */
@Injectable()
export class HenkiloReadRepository {
  constructor(private readonly db: Database) {}

  findByOid(henkiloOid: string): Promise<HenkiloRivi | undefined> {
    return this.first('henkilo-by-oid', `select ${HENKILO_COLUMNS} from henkilo h where h.oidhenkilo = $1`, henkiloOid);
  }

  /** The person's master, or the person itself when it has none. */
  findMaster(henkiloOid: string): Promise<HenkiloRivi | undefined> {
    const sql = `select ${HENKILO_COLUMNS} from henkilo h where h.oidhenkilo = coalesce(${masterOf('$1')}, $1)`;
    return this.first('henkilo-master', sql, henkiloOid);
  }

  findByHetu(hetu: string): Promise<HenkiloRivi | undefined> {
    return this.first('henkilo-by-hetu', `select ${HENKILO_COLUMNS} from henkilo h where ${ownerOf('$1')}`, hetu);
  }

  findHakuByHetu(hetu: string): Promise<HenkiloHakuRivi | undefined> {
    return this.first('haku-by-hetu', `select ${HAKU_COLUMNS} from henkilo h where ${ownerOf('$1')}`, hetu);
  }

  async findOidByHetu(hetu: string): Promise<string | null> {
    const sql = `select h.oidhenkilo as oid from henkilo h where ${ownerOf('$1')}`;
    return (await this.first<{ oid: string }>('oid-by-hetu', sql, hetu))?.oid ?? null;
  }

  async findOidByEidas(tunniste: string): Promise<string | null> {
    const sql = `select h.oidhenkilo as oid from eidastunniste e join henkilo h on h.id = e.henkilo_id where e.tunniste = $1`;
    return (await this.first<{ oid: string }>('oid-by-eidas', sql, tunniste))?.oid ?? null;
  }

  /** At most two persons with exactly this identifier, by id: more than one is a conflict. */
  listByIdentification(idpEntityId: string, identifier: string): Promise<HenkiloRivi[]> {
    return this.db.prepared(
      'henkilo-by-identification',
      `select ${HENKILO_COLUMNS} from henkilo h
        where h.id in (select i.henkilo_id from identification i where i.identifier = $2 and i.idpentityid = $1)
        order by h.id limit 2`,
      [idpEntityId, identifier],
    );
  }

  /** By id; an unknown OID is absent. At most 5 000. */
  listByOids(henkiloOids: readonly (string | null)[]): Promise<HenkiloRivi[]> {
    const sql = `select ${HENKILO_COLUMNS} from henkilo h where h.oidhenkilo ${IN_LIST} order by h.id`;
    return this.db.prepared('henkilo-by-oids', sql, [arrayParameter(henkiloOids)]);
  }

  /** One row for each known OID of the list: its master, or itself. At most 5 000. */
  listMasters(henkiloOids: readonly (string | null)[]): Promise<(HenkiloRivi & { readonly pyydettyOid: string })[]> {
    return this.db.prepared(
      'henkilo-masters',
      `select p.oid as "pyydettyOid", ${HENKILO_COLUMNS}
         from unnest($1::text[]) p (oid)
         join henkilo h on h.oidhenkilo = coalesce(${masterOf('p.oid')}, p.oid)
        order by p.oid`,
      [arrayParameter(henkiloOids)],
    );
  }

  /** Persons linked under this one, by id. Not bounded: links are made by hand. */
  listSlaves(masterOid: string): Promise<HenkiloRivi[]> {
    return this.db.prepared(
      'henkilo-slaves',
      `select ${HENKILO_COLUMNS} from henkilo h
        where h.oidhenkilo in (select v.slave_oid from henkiloviite v where v.master_oid = $1) order by h.id`,
      [masterOid],
    );
  }

  /** By id; an unknown OID is absent. At most 5 000. */
  listPerustiedotByOids(henkiloOids: readonly (string | null)[]): Promise<PerustietoRivi[]> {
    const sql = `select ${PERUSTIETO_COLUMNS} from henkilo h where h.oidhenkilo ${IN_LIST} order by h.id`;
    return this.db.prepared('perustieto-by-oids', sql, [arrayParameter(henkiloOids)]);
  }

  /** By current hetu only (docs/spec/henkilo.md#O26), in order of id. At most 5 000. */
  listPerustiedotByHetut(hetut: readonly (string | null)[]): Promise<PerustietoRivi[]> {
    const sql = `select ${PERUSTIETO_COLUMNS} from henkilo h where h.hetu ${IN_LIST} order by h.id`;
    return this.db.prepared('perustieto-by-hetut', sql, [arrayParameter(hetut)]);
  }

  findOmattiedot(henkiloOid: string): Promise<OmattiedotRivi | undefined> {
    const sql = `select h.kutsumanimi, h.sukunimi, k.kielikoodi as asiointikieli
      from henkilo h left join kielisyys k on k.id = h.asiointikieli_id where h.oidhenkilo = $1`;
    return this.first('omattiedot', sql, henkiloOid);
  }

  /** Whether there is such a person; `hetu` tells whether it has one. */
  findExistence(henkiloOid: string): Promise<(Suojattava & { id: number; hasHetu: boolean }) | undefined> {
    const sql = `select h.id, h.oidhenkilo as "oidHenkilo", ${SUOJATTU} as suojattu, coalesce(h.hetu, '') <> '' as "hasHetu" from henkilo h where h.oidhenkilo = $1`;
    return this.first('henkilo-existence', sql, henkiloOid);
  }

  /** Is none of these the OID of a person? */
  async areUnknown(henkiloOids: readonly (string | null)[]): Promise<boolean> {
    if (henkiloOids.length === 0) return true;
    const sql = `select 1 from henkilo h where h.oidhenkilo ${IN_LIST} limit 1`;
    return (await this.db.prepared('henkilot-unknown', sql, [arrayParameter(henkiloOids)])).length === 0;
  }

  private async first<Row extends object>(name: string, sql: string, value: string): Promise<Row | undefined> {
    return (await this.db.prepared<Row>(name, sql, [value]))[0];
  }
}
