import { Injectable } from '@nestjs/common';
import { NOW_IN_UTC } from '../database/columns.js';
import { Database } from '../database/database.js';
import { History } from '../history/history.js';
import type { LocalDate } from '../common/clock.js';

/** One guardian of a child. */
export interface HuoltajaSuhdeTieto {
  /** `henkilo.id` of the guardian. */
  readonly huoltajaId: number;
  /** First day; null: unknown. */
  readonly alkupvm: LocalDate | null;
  /** Day on which it ended, exclusive; null while it lasts. */
  readonly loppupvm: LocalDate | null;
}

/** Guardian relations with their history. */
@Injectable()
export class HuoltajaSuhdeRepository {
  constructor(
    private readonly db: Database,
    private readonly history: History,
  ) {}

  /** All relations of the child, past ones too, by id. */
  listByLapsi(lapsiId: number): Promise<(HuoltajaSuhdeTieto & { id: number })[]> {
    return this.db.query(
      `select id, huoltaja_id as "huoltajaId", alkupvm, loppupvm from henkilo_huoltaja_suhde where lapsi_id = $1 order by id`,
      [lapsiId],
    );
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
      if (i >= 0) await this.updateDates(left.splice(i, 1)[0]!.id, suhde);
      else await this.insert(lapsiId, suhde);
    }
    await this.remove(left.map((s) => s.id));
    return pending.length + left.length > 0;
  }

  /** Removes every relation in which the person is the child. */
  async removeByLapsi(lapsiId: number): Promise<void> {
    await this.remove((await this.listByLapsi(lapsiId)).map((s) => s.id));
  }

  private async insert(lapsiId: number, { huoltajaId, alkupvm, loppupvm }: HuoltajaSuhdeTieto): Promise<void> {
    const [row] = await this.db.query<{ id: number }>(
      `insert into henkilo_huoltaja_suhde (id, version, lapsi_id, huoltaja_id, alkupvm, loppupvm, created, updated)
       values (nextval('hibernate_sequence'), 0, $1, $2, $3, $4, ${NOW_IN_UTC}, ${NOW_IN_UTC}) returning id`,
      [lapsiId, huoltajaId, alkupvm, loppupvm],
    );
    this.history.inserted('henkilo_huoltaja_suhde', row!.id);
  }

  private async updateDates(id: number, { alkupvm, loppupvm }: HuoltajaSuhdeTieto): Promise<void> {
    await this.db.execute(
      `update henkilo_huoltaja_suhde set alkupvm = $2, loppupvm = $3, updated = ${NOW_IN_UTC}, version = version + 1 where id = $1`,
      [id, alkupvm, loppupvm],
    );
    this.history.updated('henkilo_huoltaja_suhde', id);
  }

  private async remove(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const rows = await this.db.query<{ id: number }>(
      'delete from henkilo_huoltaja_suhde where id = any ($1) returning *',
      [ids],
    );
    for (const row of rows) this.history.deleted('henkilo_huoltaja_suhde', row);
  }
}
