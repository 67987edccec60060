import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { ProgressMeter } from '../common/progress.js';
import { Database } from '../database/database.js';
import type { Kuolinsiivous } from '../henkilo/entities/henkilo.entity.js';
import { KuolleetRepository } from '../henkilo/luku/kuolleet.repository.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { KayttooikeusClient } from '../integrations/kayttooikeus/kayttooikeus.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';

interface Step {
  readonly name: Kuolinsiivous;
  /** The step that comes before; null: none has been taken. */
  readonly after: Kuolinsiivous | null;
}

/** In order; `henkilo.kuolinsiivous` holds the last one taken. */
const STEPS: readonly Step[] = [
  { name: 'INITIATED', after: null },
  { name: 'CLEAR_ONR_DATA', after: 'INITIATED' },
  { name: 'REMOVE_ACCESS_RIGHTS', after: 'CLEAR_ONR_DATA' },
];
const PERSONS_OF_PAGE = 200;
/** Ids may be negative in copied data. */
const LOWEST_ID = -Number.MAX_SAFE_INTEGER;

/**
 * Takes persons who have died out of use (docs/spec/security-integrations-jobs.md#6.5): passive, without municipality and
 * contact details, then without rights. Names, relations and stays remain. Nobody is told of it (no message, no audit
 * entry), as in the reference.
 */
@Injectable()
export class DeathCleanupService {
  private readonly log = new Logger(DeathCleanupService.name);

  constructor(
    private readonly db: Database,
    private readonly kuolleet: KuolleetRepository,
    private readonly store: HenkiloStore,
    private readonly kayttooikeus: KayttooikeusClient,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * Takes everyone who died before today through the steps. One person and step is one transaction; who fails stays at
   * the step before until tomorrow.
   */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const total = { seen: 0, changed: 0, failed: 0 };
    for (const step of STEPS) {
      const { seen, changed, failed } = await this.takeStep(step, signal, progress);
      if (seen > 0) this.log.log(`Death cleanup step ${step.name}: ${changed} succeeded, ${failed} failed`);
      if (failed > 0) this.log.error(`Death cleanup step ${step.name} failed for ${failed} persons`);
      total.seen += seen;
      total.changed += changed;
      total.failed += failed;
    }
    return total;
  }

  private async takeStep(step: Step, signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    const count = { seen: 0, changed: 0, failed: 0 };
    for (let afterId = LOWEST_ID; ;) {
      const henkilot = await this.kuolleet.list(this.clock.today(), step.after, afterId, PERSONS_OF_PAGE);
      for (const { id, oidHenkilo: henkiloOid } of henkilot) {
        if (signal.aborted) return count;
        afterId = id;
        count.seen++;
        progress.add();
        try {
          if (step.name === 'REMOVE_ACCESS_RIGHTS')
            await this.kayttooikeus.passivoi(henkiloOid, this.config.rootUserOid);
          await this.db.transaction(async () => this.takeStepOf(await this.store.lockOne(henkiloOid), step));
          count.changed++;
        } catch (error) {
          count.failed++;
          this.log.error(
            `Death cleanup step ${step.name} of henkilo ${henkiloOid} failed: ${(error as Error).message}`,
          );
        }
      }
      if (henkilot.length < PERSONS_OF_PAGE) return count;
    }
  }

  /** Nothing happens when the person has meanwhile moved on, or is found to live. */
  private async takeStepOf(henkilo: LoadedHenkilo, step: Step): Promise<void> {
    const { kuolinpaiva, kuolinsiivous } = henkilo;
    if (kuolinsiivous !== step.after || kuolinpaiva === null || kuolinpaiva >= this.clock.today()) return;
    if (step.name === 'CLEAR_ONR_DATA') {
      henkilo.passivoitu = true;
      henkilo.kotikunta = null;
      henkilo.yhteystiedotRyhma = [];
    }
    henkilo.kuolinsiivous = step.name;
    henkilo.kasittelijaOid = this.config.rootUserOid;
    await this.store.save(henkilo, { stamp: true });
  }
}
