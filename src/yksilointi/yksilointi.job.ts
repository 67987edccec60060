import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { maskHetut } from '../common/hetu-mask.js';
import { ProgressMeter } from '../common/progress.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Job, type JobHandler, type JobProgress, type JobSummary } from '../jobs/job.decorator.js';
import { fixedDelay } from '../jobs/schedule.rules.js';
import { YksilointiService, type Yksilointitulos } from './yksilointi.service.js';
import { YksiloitavatRepository } from './yksiloitavat.repository.js';
import { YksilointiajonPaatosService } from './yksilointiajon-paatos.service.js';

type Counts = Record<Yksilointitulos | 'failed' | 'seen', number>;

/**
 * Identifies every person that waits for it, each once a run and one after the other, with the configured pause before
 * each (docs/spec/yksilointi-vtj.md#2.1). Candidates are paged by id: the reference's offset skipped some (docs/spec/yksilointi-vtj.md#9, item 2; docs/spec/security-integrations-jobs.md#O-16).
 */
@Job({
  name: 'yksilointi task',
  schedule: ({ yksilointi }) => fixedDelay({ milliseconds: yksilointi.fixedDelayMs }),
  enabled: ({ yksilointi }) => yksilointi.enabled,
})
export class YksilointiJob implements JobHandler {
  private readonly log = new Logger(YksilointiJob.name);

  constructor(
    private readonly yksiloitavat: YksiloitavatRepository,
    private readonly yksilointi: YksilointiService,
    private readonly paatos: YksilointiajonPaatosService,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Config,
  ) {}

  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const { batchSize, requestDelayMs } = this.config.yksilointi;
    const counts: Counts = { seen: 0, identified: 0, linked: 0, namesDiffer: 0, skipped: 0, failed: 0 };
    const started = this.clock.now(); // a failure stored in this run is not tried again in the same run, however long it takes
    for (let afterId = Number.MIN_SAFE_INTEGER; ;) {
      const batch = await this.yksiloitavat.list(afterId, batchSize, started);
      for (const { id, henkiloOid } of batch) {
        await sleep(requestDelayMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return toSummary(counts);
        counts.seen++;
        counts[await this.yksiloi(henkiloOid)]++;
        progress.add();
        afterId = id;
      }
      if (batch.length < batchSize) break;
    }
    await this.paatos.runAll();
    return toSummary(counts);
  }

  /** Never fails because of one person: what went wrong is stored with it, and the run goes on. */
  private async yksiloi(henkiloOid: string): Promise<Yksilointitulos | 'failed'> {
    try {
      return await this.yksilointi.yksiloiAutomaattisesti(henkiloOid);
    } catch (error) {
      this.log.warn(`Identifying ${henkiloOid} failed: ${toText(error)}`);
      await this.yksilointi
        .saveVirhe(henkiloOid, error)
        .catch((e: unknown) => this.log.error(`The failure of ${henkiloOid} could not be stored: ${toText(e)}`));
      return 'failed';
    }
  }
}

const toSummary = ({ seen, identified, linked, namesDiffer, failed }: Counts): JobSummary => ({
  seen,
  changed: identified + linked,
  namesDiffer,
  failed,
});

const toText = (error: unknown): string => maskHetut(error instanceof Error ? error.message : String(error));
