import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DataInconsistencyError, OptimisticLockError } from '../common/errors.js';
import { ProgressMeter } from '../common/progress.js';
import { Database } from '../database/database.js';
import { SlackClient } from '../integrations/slack/slack.client.js';
import {
  MuutostietoRetryError,
  VtjMuutosrajapintaClient,
} from '../integrations/vtj-muutosrajapinta/vtj-muutosrajapinta.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { describeFailure, isOutage, OUTAGES } from './vtj.errors.js';
import { RunAlertsService } from './run-alerts.service.js';
import { VtjHenkiloRepository } from './vtj-henkilo.repository.js';
import { VtjMuutostietoRepository } from './vtj-muutostieto.repository.js';
import { BUCKETS } from './vtj-muutos.service.js';

/** Fetches the changes of every bucket since its cursor and stores them (docs/spec/yksilointi-vtj.md#5.4). */
@Injectable()
export class MuutostietoFetchService {
  private readonly log = new Logger(MuutostietoFetchService.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly api: VtjMuutosrajapintaClient,
    private readonly muutostiedot: VtjMuutostietoRepository,
    private readonly henkilot: VtjHenkiloRepository,
    private readonly slack: SlackClient,
  ) {}

  /**
   * One bucket after the other. A bucket that fails keeps its cursor and is fetched again in the next run, the others go
   * on; when the provider is down the run ends early.
   */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const alerts = new RunAlertsService(this.slack);
    let changed = 0;
    let failed = 0;
    let buckets = 0;
    let outages = 0;
    progress.expect(BUCKETS);
    try {
      for (let bucket = 0; bucket < BUCKETS && !signal.aborted && outages < OUTAGES; bucket++) {
        buckets++;
        try {
          await this.fetchBucket(bucket, signal, (count) => (changed += count));
          outages = 0;
        } catch (error) {
          failed++;
          outages = isOutage(error) ? outages + 1 : 0;
          const detail = describeFailure(error);
          this.log.error(`Changes of bucket ${bucket} could not be fetched: ${detail}`);
          if (!(error instanceof MuutostietoRetryError)) await alerts.send('Virhe VTJ-muutostietojen haussa', detail);
        }
        progress.add();
      }
    } finally {
      await alerts.end();
    }
    return { seen: changed, changed, failed, buckets };
  }

  /** Until the provider says that there is nothing more. An empty bucket is asked for too: its cursor moves on. */
  private async fetchBucket(bucket: number, signal: AbortSignal, stored: (count: number) => void): Promise<void> {
    const hetut = await this.henkilot.listBucketHetut(bucket);
    let avain = await this.getKirjausavain(bucket);
    for (let isUpToDate = false; !isUpToDate && !signal.aborted;) {
      const { muutokset, viimeisinKirjausavain, ajanTasalla } = await this.api.getMuutokset(avain, hetut);
      if (!ajanTasalla && viimeisinKirjausavain === avain) {
        throw new DataInconsistencyError(`Bucket ${bucket}: there is said to be more, but the cursor stands still`);
      }
      const before = avain;
      await this.db.transaction(async () => {
        const isOurs = await this.muutostiedot.moveKirjausavain(
          bucket,
          before,
          viimeisinKirjausavain,
          this.clock.now(),
        );
        if (!isOurs) throw new OptimisticLockError(`Bucket ${bucket} has been fetched by another process`);
        await this.muutostiedot.add(muutokset);
      });
      stored(muutokset.length);
      avain = viimeisinKirjausavain;
      isUpToDate = ajanTasalla;
    }
  }

  /** The cursor of the bucket; the first one is that of today and stays even if the fetch fails. */
  private async getKirjausavain(bucket: number): Promise<number> {
    const stored = await this.muutostiedot.findKirjausavain(bucket);
    if (stored !== undefined) return stored;
    const avain = await this.api.getKirjausavain(this.clock.today());
    await this.muutostiedot.addKirjausavain(bucket, avain, this.clock.now());
    return (await this.muutostiedot.findKirjausavain(bucket)) ?? avain;
  }
}
