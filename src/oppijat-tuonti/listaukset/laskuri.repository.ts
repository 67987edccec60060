import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

/** Counts of imports and imported persons, kept as changes (docs/adr/0023-counts-of-imports.md). */
@Injectable()
export class LaskuriRepository {
  constructor(private readonly db: Database) {}

  /** Sums up the changes of each count into one row. @returns counts that had several */
  mergeChanges(): Promise<number> {
    return this.db.execute(
      `with monena as (
         select nimi, kohde from onr_laskuri group by nimi, kohde having count(*) > 1
       ), poistetut as (
         delete from onr_laskuri l using monena m where l.nimi = m.nimi and l.kohde = m.kohde
         returning l.nimi, l.kohde, l.maara
       )
       insert into onr_laskuri (nimi, kohde, maara)
       select nimi, kohde, sum(maara) from poistetut group by nimi, kohde having sum(maara) <> 0`,
    );
  }
}
