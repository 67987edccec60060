import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { LocalDate } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { Henkilo, type Kuolinsiivous } from '../entities/henkilo.entity.js';

/** Finds persons who have died. */
@Injectable()
export class KuolleetRepository {
  constructor(private readonly db: Database) {}

  /**
   * Who died before `day`, by id.
   * @param kuolinsiivous the last step of the clean-up that has been taken; null: none
   * @param afterId only persons with a greater id
   */
  list(day: LocalDate, kuolinsiivous: Kuolinsiivous | null, afterId: number, limit: number): Promise<Kuollut[]> {
    return this.db.repository(Henkilo).find({
      select: { id: true, oidHenkilo: true },
      where: { kuolinpaiva: LessThan(day), kuolinsiivous: kuolinsiivous ?? IsNull(), id: MoreThan(afterId) },
      order: { id: 'asc' },
      take: limit,
    });
  }
}

export type Kuollut = Readonly<Pick<Henkilo, 'id' | 'oidHenkilo'>>;
