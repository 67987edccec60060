import { Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { nextVersion } from '../database/versioned-entity.js';
import type { LoadedYhteystiedotRyhma } from '../yhteystiedot/loaded-yhteystiedot.model.js';
import { YhteystiedotRepository } from '../yhteystiedot/yhteystiedot.repository.js';
import { YksilointiKansalaisuus } from './yksilointi-kansalaisuus.entity.js';
import { Yksilointitieto } from './yksilointitieto.entity.js';

/** VTJ's data of a person whose names did not match, waiting for a decision (docs/spec/yksilointi-vtj.md#1.2). */
export interface YksilointitietoTiedot extends Readonly<Omit<Yksilointitieto, 'id' | 'version' | 'henkiloId'>> {
  /** `Kansalaisuus.id`. */
  readonly kansalaisuusIds: ReadonlySet<number>;
  readonly yhteystiedotRyhma: readonly LoadedYhteystiedotRyhma[];
}

/** Rows of `yksilointitieto` with what belongs to them, at most one per person. Whoever writes holds the lock of the person. */
@Injectable()
export class YksilointitietoRepository {
  constructor(
    private readonly db: Database,
    private readonly yhteystiedot: YhteystiedotRepository,
  ) {}

  /** @param henkiloId `Henkilo.id` */
  async find(henkiloId: number): Promise<YksilointitietoTiedot | undefined> {
    const tieto = await this.tiedot.findOneBy({ henkiloId });
    if (!tieto) return undefined;
    const kansalaisuusIds = await this.listKansalaisuusIds(tieto.id);
    return { ...tieto, kansalaisuusIds, yhteystiedotRyhma: await this.yhteystiedot.listByYksilointitieto(tieto.id) };
  }

  /** Stores the data or replaces the stored ones: nationalities are added to them, an unknown mother tongue keeps the old one. */
  async store(henkiloId: number, tiedot: YksilointitietoTiedot): Promise<void> {
    const { kansalaisuusIds, yhteystiedotRyhma, ...columns } = tiedot;
    const stored = await this.tiedot.findOneBy({ henkiloId });
    const id = stored?.id ?? (await this.db.nextId());
    if (stored) {
      const aidinkieliId = columns.aidinkieliId ?? stored.aidinkieliId;
      await this.tiedot.update({ id }, { ...columns, aidinkieliId, version: nextVersion });
    } else await this.tiedot.insert({ ...columns, id, version: 0, henkiloId });
    const known = await this.listKansalaisuusIds(id);
    const news = [...kansalaisuusIds].filter((kansalaisuusId) => !known.has(kansalaisuusId));
    if (news.length > 0)
      await this.kansalaisuudet.insert(news.map((kansalaisuusId) => ({ yksilointitietoId: id, kansalaisuusId })));
    await this.yhteystiedot.replaceOfYksilointitieto(id, yhteystiedotRyhma);
  }

  /** Removes the data of the person with all that belongs to them; nothing where there are none. */
  async remove(henkiloId: number): Promise<void> {
    const tieto = await this.tiedot.findOneBy({ henkiloId });
    if (!tieto) return;
    await this.yhteystiedot.replaceOfYksilointitieto(tieto.id, []);
    await this.kansalaisuudet.delete({ yksilointitietoId: tieto.id });
    await this.tiedot.delete({ id: tieto.id });
  }

  private async listKansalaisuusIds(yksilointitietoId: number): Promise<Set<number>> {
    const rows = await this.kansalaisuudet.find({ where: { yksilointitietoId }, order: { kansalaisuusId: 'asc' } });
    return new Set(rows.map(({ kansalaisuusId }) => kansalaisuusId));
  }

  private get tiedot(): Repository<Yksilointitieto> {
    return this.db.repository(Yksilointitieto);
  }

  private get kansalaisuudet(): Repository<YksilointiKansalaisuus> {
    return this.db.repository(YksilointiKansalaisuus);
  }
}
