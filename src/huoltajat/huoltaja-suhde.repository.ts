import { Injectable } from '@nestjs/common';
import { Any, type Repository } from 'typeorm';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import type { LocalDate } from '../common/clock.js';
import { NOW_IN_UTC } from '../database/columns.js';
import { Database } from '../database/database.js';
import { nextVersion } from '../database/versioned-entity.js';
import {
  HAKU_COLUMNS,
  henkiloColumns,
  type HenkiloHakuRivi,
  type HenkilonTiedot,
} from '../henkilo/luku/henkilo-rivi.sql.js';
import { History } from '../history/history.js';
import { HenkiloHuoltajaSuhde } from './henkilo-huoltaja-suhde.entity.js';

/** `kotikunta` is not masked: for the mapper only. */
const HUOLTAJA = ['aidinkieliId', 'kotikunta'] as const;
export interface HuoltajaRivi extends HenkiloHakuRivi, HenkilonTiedot<(typeof HUOLTAJA)[number]> {
  /** See `SUOJATTU`. */
  readonly suojattu: boolean;
}

/** One guardian of a child: who (`Henkilo.id`), from what day on, and on what day it ended. */
export type HuoltajaSuhdeTieto = Readonly<Pick<HenkiloHuoltajaSuhde, 'huoltajaId' | 'alkupvm' | 'loppupvm'>>;

/** Guardian relations (docs/spec/henkilo.md#8.12) with their history. */
@Injectable()
export class HuoltajaSuhdeRepository {
  constructor(
    private readonly db: Database,
    private readonly history: History,
  ) {}

  /** All relations of the child, past ones too, by id. */
  listByLapsi(lapsiId: number): Promise<HenkiloHuoltajaSuhde[]> {
    return this.suhteet.find({ where: { lapsiId }, order: { id: 'asc' } });
  }

  /** Guardians of the child on a day: a relation that ends on it has ended. Oldest relation first. */
  listCurrent(lapsiOid: string, day: LocalDate): Promise<HuoltajaRivi[]> {
    return this.db.prepared(
      'huoltajat-of-lapsi',
      `select ${HAKU_COLUMNS}, ${henkiloColumns(HUOLTAJA)}, ${SUOJATTU} as suojattu
         from henkilo lapsi
         join henkilo_huoltaja_suhde s on s.lapsi_id = lapsi.id
         join henkilo h on h.id = s.huoltaja_id
        where lapsi.oidhenkilo = $1
          and (s.alkupvm is null or s.alkupvm <= $2) and (s.loppupvm is null or s.loppupvm > $2)
        order by s.id`,
      [lapsiOid, day],
    );
  }

  /**
   * Children, by OID, with a relation that was added or changed between two instants (epoch milliseconds, inclusive)
   * according to the history; a removal does not count (docs/spec/schema.md#5.4). Not bounded but by the history kept.
   */
  async listChangedBetween(from: number, to: number): Promise<string[]> {
    const rows = await this.db.query<{ oid: string }>(
      `select distinct h.oidhenkilo as oid
         from revinfo r
         join henkilo_huoltaja_suhde_aud a on a.rev = r.rev
         join henkilo h on h.id = a.lapsi_id
        where r.revtstmp >= $1 and r.revtstmp <= $2 and a.revtype <> 2
        order by 1`,
      [from, to],
    );
    return rows.map(({ oid }) => oid);
  }

  /** Children with a relation updated at or after `at`, in order of their latest update, so that pages are stable. */
  async listChangedSince(at: Date, offset: number, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ oid: string }>(
      `select h.oidhenkilo as oid
         from henkilo_huoltaja_suhde s join henkilo h on h.id = s.lapsi_id
        where s.updated >= $1
        group by h.id
        order by max(s.updated), h.id
        offset $2 limit $3`,
      [at, offset, limit],
    );
    return rows.map(({ oid }) => oid);
  }

  /** The guardian with exactly these names, in any form of Unicode, the one of the oldest relation; past relations count too. */
  async findHuoltajaOidByName(lapsiId: number, etunimet: string, sukunimi: string): Promise<string | undefined> {
    const rows = await this.db.query<{ oid: string }>(
      `select h.oidhenkilo as oid from henkilo_huoltaja_suhde s join henkilo h on h.id = s.huoltaja_id
        where s.lapsi_id = $1 and normalize(h.etunimet) = normalize($2) and normalize(h.sukunimi) = normalize($3) order by s.id limit 1`,
      [lapsiId, etunimet, sukunimi],
    );
    return rows[0]?.oid;
  }

  /**
   * Makes `suhteet` the relations of the child. A relation that is there already stays untouched, so that feeds of
   * guardian changes tell only real ones (docs/spec/schema.md#12.14, docs/spec/henkilo.md#O14); changed dates update the row.
   * @returns whether anything was written
   */
  async replace(lapsiId: number, suhteet: readonly HuoltajaSuhdeTieto[]): Promise<boolean> {
    const stored = await this.listByLapsi(lapsiId);
    const left = [...stored];
    const pending: HuoltajaSuhdeTieto[] = [];
    for (const suhde of suhteet) {
      const i = left.findIndex(
        (s) => s.huoltajaId === suhde.huoltajaId && s.alkupvm === suhde.alkupvm && s.loppupvm === suhde.loppupvm,
      );
      if (i >= 0) left.splice(i, 1);
      else pending.push(suhde);
    }
    for (const suhde of pending) {
      const i = left.findIndex((s) => s.huoltajaId === suhde.huoltajaId);
      if (i >= 0) await this.updateDates(left.splice(i, 1)[0]!, suhde);
      else await this.insert(lapsiId, suhde);
    }
    await this.remove(left);
    return pending.length + left.length > 0;
  }

  /** Removes every relation in which the person is the child. */
  async removeByLapsi(lapsiId: number): Promise<void> {
    await this.remove(await this.listByLapsi(lapsiId));
  }

  private async insert(lapsiId: number, { huoltajaId, alkupvm, loppupvm }: HuoltajaSuhdeTieto): Promise<void> {
    const id = await this.db.nextId();
    await this.suhteet.insert({ id, version: 0, lapsiId, huoltajaId, alkupvm, loppupvm, created: now, updated: now });
    this.history.inserted(HenkiloHuoltajaSuhde, id);
  }

  private async updateDates({ id }: HenkiloHuoltajaSuhde, { alkupvm, loppupvm }: HuoltajaSuhdeTieto): Promise<void> {
    await this.suhteet.update({ id }, { alkupvm, loppupvm, updated: now, version: nextVersion });
    this.history.updated(HenkiloHuoltajaSuhde, id);
  }

  private async remove(suhteet: readonly HenkiloHuoltajaSuhde[]): Promise<void> {
    if (suhteet.length === 0) return;
    await this.suhteet.delete({ id: Any(suhteet.map(({ id }) => id)) });
    for (const suhde of suhteet) this.history.deleted(HenkiloHuoltajaSuhde, suhde);
  }

  private get suhteet(): Repository<HenkiloHuoltajaSuhde> {
    return this.db.repository(HenkiloHuoltajaSuhde);
  }
}

/** The database's time. */
const now = () => NOW_IN_UTC;
