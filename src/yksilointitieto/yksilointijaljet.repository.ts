import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** What earlier tries to identify a person have left. */
@Injectable()
export class YksilointijaljetRepository {
  constructor(private readonly db: Database) {}

  /** Removes the data set aside from VTJ, with all that belongs to it, and the error of the last try. */
  async remove(henkiloId: number): Promise<void> {
    await this.removeVirhe(henkiloId);
    await this.removeTieto(henkiloId);
  }

  /** Removes the error of the last try. */
  async removeVirhe(henkiloId: number): Promise<void> {
    await this.db.execute('delete from yksilointivirhe where henkilo_id = $1', [henkiloId]);
  }

  /** Removes the data set aside from VTJ, with all that belongs to it. */
  async removeTieto(henkiloId: number): Promise<void> {
    const tiedot = await this.db.query<{ id: number }>('select id from yksilointitieto where henkiloid = $1', [
      henkiloId,
    ]);
    if (tiedot.length === 0) return;
    const ids = [tiedot.map(({ id }) => id)];
    await this.db.execute(
      `delete from yhteystiedot y using yhteystiedotryhma g where g.id = y.yhteystiedotryhma_id and g.yksilointitieto_id = any ($1)`,
      ids,
    );
    await this.db.execute('delete from yhteystiedotryhma where yksilointitieto_id = any ($1)', ids);
    await this.db.execute('delete from yksilointi_kansalaisuus where yksilointitieto_id = any ($1)', ids);
    await this.db.execute('delete from yksilointitieto where id = any ($1)', ids);
  }
}
