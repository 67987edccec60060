import { Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { newId, nextVersion } from '../database/versioned-entity.js';
import { YksilointitietoRepository } from './yksilointitieto.repository.js';
import { Yksilointivirhe } from './yksilointivirhe.entity.js';

/** A failure of the automatic identification as it is stored. */
export type YksilointivirheTiedot = Readonly<
  Pick<Yksilointivirhe, 'poikkeus' | 'viesti' | 'uudelleenyritysMaara' | 'uudelleenyritysAikaleima'>
>;

/** What earlier tries to identify a person have left. Whoever writes holds the lock of the person. */
@Injectable()
export class YksilointijaljetRepository {
  constructor(
    private readonly db: Database,
    private readonly tiedot: YksilointitietoRepository,
  ) {}

  /** Removes the data set aside from VTJ, with all that belongs to it, and the error of the last try. */
  async remove(henkiloId: number): Promise<void> {
    await this.removeVirhe(henkiloId);
    await this.removeTieto(henkiloId);
  }

  /** Removes the data set aside from VTJ, with all that belongs to it. */
  removeTieto(henkiloId: number): Promise<void> {
    return this.tiedot.remove(henkiloId);
  }

  /** Removes the error of the last try. */
  async removeVirhe(henkiloId: number): Promise<void> {
    await this.virheet.delete({ henkiloId });
  }

  /** Retries of the stored failure; null: it is not to be retried; undefined: there is none. */
  async findUudelleenyritysMaara(henkiloId: number): Promise<number | null | undefined> {
    return (await this.virheet.findOneBy({ henkiloId }))?.uudelleenyritysMaara;
  }

  /** Stores the failure of a person in the place of an earlier one. */
  async saveVirhe(henkiloId: number, tiedot: YksilointivirheTiedot, now: Date): Promise<void> {
    const { poikkeus, viesti, uudelleenyritysMaara, uudelleenyritysAikaleima } = tiedot;
    const virhe = { aikaleima: now, poikkeus, viesti, uudelleenyritysMaara, uudelleenyritysAikaleima };
    const { affected } = await this.virheet.update({ henkiloId }, { ...virhe, version: nextVersion });
    if (affected === 0) await this.virheet.insert({ ...virhe, id: newId, version: 0, henkiloId });
  }

  private get virheet(): Repository<Yksilointivirhe> {
    return this.db.repository(Yksilointivirhe);
  }
}
