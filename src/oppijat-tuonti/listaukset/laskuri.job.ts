import { Database } from '../../database/database.js';
import { Job, type JobHandler, type JobSummary } from '../../jobs/job.decorator.js';
import { fixedDelay } from '../../jobs/schedule.rules.js';

/**
 * Makes one row of the changes of each count. What is written meanwhile stays a row of its own; whoever reads sees either
 * the many or the one.
 */
@Job({ name: 'LaskuriTask', schedule: fixedDelay({ minutes: 10 }) })
export class LaskuriJob implements JobHandler {
  constructor(private readonly db: Database) {}

  async run(): Promise<JobSummary> {
    const changed = await this.db.execute(
      `with monena as (
         select nimi, kohde from onr_laskuri group by nimi, kohde having count(*) > 1
       ), poistetut as (
         delete from onr_laskuri l using monena m where l.nimi = m.nimi and l.kohde = m.kohde
         returning l.nimi, l.kohde, l.maara
       )
       insert into onr_laskuri (nimi, kohde, maara)
       select nimi, kohde, sum(maara) from poistetut group by nimi, kohde having sum(maara) <> 0`,
    );
    return { seen: changed, changed, failed: 0 };
  }
}
