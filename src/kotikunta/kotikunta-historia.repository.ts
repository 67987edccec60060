import { Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import type { LocalDate } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { KotikuntaHistoriaDto } from './kotikunta-historia.dto.js';
import { KotikuntaHistoria } from './kotikunta-historia.entity.js';

/** One stay in a municipality. Codes are stored as VTJ gives them, also those that code set kunta does not know. */
export interface Asuminen {
  readonly kotikunta: string;
  /** First day; null: unknown. */
  readonly kuntaanMuuttopv: LocalDate | null;
  /** Day of moving out; null: lives there. */
  readonly kunnastaPoisMuuttopv: LocalDate | null;
}

/** A stored stay. */
export interface AsumisRivi extends Asuminen {
  readonly id: number;
}

/** Changes to the stored stays of a person. */
export interface Asumismuutokset {
  readonly lisatyt: readonly Asuminen[];
  readonly muutetut: readonly AsumisRivi[];
  readonly poistetutIds: readonly number[];
}

/** Where persons live and lived (docs/spec/yksilointi-vtj.md#6.3); without history of its own. */
@Injectable()
export class KotikuntaHistoriaRepository {
  constructor(private readonly db: Database) {}

  /** All stays of a person, in the order in which they were stored. */
  listByHenkilo(henkiloId: number): Promise<AsumisRivi[]> {
    const select = { id: true, kotikunta: true, kuntaanMuuttopv: true, kunnastaPoisMuuttopv: true };
    return this.asumiset.find({ select, where: { henkiloId }, order: { id: 'asc' } });
  }

  /**
   * Stays of the persons that are now protected (`SUOJATTU`) or are not, by first day (unknown last) and id. An unknown OID is absent.
   * The list of OIDs is as long as the caller makes it.
   */
  listByOids(henkiloOids: readonly (string | null)[], suojattu: boolean): Promise<KotikuntaHistoriaDto[]> {
    return this.db.prepared(
      'kotikunta-historia',
      `select h.oidhenkilo as oid, k.kotikunta, k.kuntaan_muuttopv as "kuntaanMuuttopv",
              k.kunnasta_pois_muuttopv as "kunnastaPoisMuuttopv"
         from henkilo h join kotikunta_historia k on k.henkilo_id = h.id
        where h.oidhenkilo = any (array(select unnest($1::text[]))) and ${SUOJATTU} = $2
        order by k.kuntaan_muuttopv, k.id`,
      [henkiloOids, suojattu],
    );
  }

  /** One statement, as VTJ's changes write it thousands of times; nothing when there is nothing to change. */
  async save(henkiloId: number, { lisatyt, muutetut, poistetutIds }: Asumismuutokset): Promise<void> {
    if (lisatyt.length + muutetut.length + poistetutIds.length === 0) return;
    await this.db.prepared(
      'kotikunta-historia-save',
      `with muutetut as (
         update kotikunta_historia k set version = version + 1, kotikunta = u.kotikunta,
                kuntaan_muuttopv = u.alku, kunnasta_pois_muuttopv = u.loppu
           from unnest($2::bigint[], $3::text[], $4::date[], $5::date[]) u (id, kotikunta, alku, loppu)
          where k.id = u.id),
       lisatyt as (
         insert into kotikunta_historia (id, version, henkilo_id, kotikunta, kuntaan_muuttopv, kunnasta_pois_muuttopv)
         select nextval('hibernate_sequence'), 0, $1::bigint, u.* from unnest($6::text[], $7::date[], $8::date[]) u)
       delete from kotikunta_historia where id = any ($9)`,
      [henkiloId, muutetut.map(({ id }) => id), ...columns(muutetut), ...columns(lisatyt), poistetutIds],
    );
  }

  /** Forgets where a person has lived. */
  async removeByHenkilo(henkiloId: number): Promise<void> {
    await this.asumiset.delete({ henkiloId });
  }

  /** Makes `asumiset` all that is stored of the person; a stay that is there already keeps its row. */
  async replace(henkiloId: number, asumiset: readonly Asuminen[]): Promise<void> {
    const stored = await this.listByHenkilo(henkiloId);
    const lisatyt = asumiset.filter((asuminen) => {
      const i = stored.findIndex((rivi) => isSamaAsuminen(rivi, asuminen));
      if (i >= 0) stored.splice(i, 1);
      return i < 0;
    });
    await this.save(henkiloId, { lisatyt, muutetut: [], poistetutIds: stored.map(({ id }) => id) });
  }

  private get asumiset(): Repository<KotikuntaHistoria> {
    return this.db.repository(KotikuntaHistoria);
  }
}

export function isSamaAsuminen(a: Asuminen, b: Asuminen): boolean {
  return (
    a.kotikunta === b.kotikunta &&
    a.kuntaanMuuttopv === b.kuntaanMuuttopv &&
    a.kunnastaPoisMuuttopv === b.kunnastaPoisMuuttopv
  );
}

function columns(asumiset: readonly Asuminen[]): unknown[] {
  return [
    asumiset.map(({ kotikunta }) => kotikunta),
    asumiset.map(({ kuntaanMuuttopv }) => kuntaanMuuttopv),
    asumiset.map(({ kunnastaPoisMuuttopv }) => kunnastaPoisMuuttopv),
  ];
}
