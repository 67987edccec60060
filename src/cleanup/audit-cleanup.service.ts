import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { HistoryCleanupRepository, REVISION_TABLES } from '../history/history-cleanup.repository.js';
import type { JobSummary } from '../jobs/job.decorator.js';

const DAY_MS = 24 * 3_600_000;

/** Deletes history older than it is to be kept (docs/spec/security-integrations-jobs.md#6.6). */
@Injectable()
export class AuditCleanupService {
  private readonly log = new Logger(AuditCleanupService.name);

  constructor(
    private readonly history: HistoryCleanupRepository,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** In batches, each a transaction of its own: what a broken off run has deleted stays deleted, the next goes on. */
  async run(signal: AbortSignal): Promise<JobSummary> {
    const keptSince = this.clock.now().getTime() - this.config.auditCleanup.retentionDays * DAY_MS;
    const cutoff = await this.history.findLastRevisionBefore(keptSince);
    let changed = 0;
    if (cutoff === null) this.log.log('There is no history old enough to be deleted');
    else for (const table of REVISION_TABLES) changed += await this.deleteUpTo(table, cutoff, signal);
    this.log.log('Oppijanumerorekisteri audit cleanup task completed'); // an alarm waits for this text
    return { seen: changed, changed, failed: 0 };
  }

  private async deleteUpTo(table: (typeof REVISION_TABLES)[number], rev: number, signal: AbortSignal): Promise<number> {
    const { batchSize } = this.config.auditCleanup;
    let deleted = 0;
    for (let count = batchSize; count === batchSize && !signal.aborted; deleted += count)
      count = await this.history.deleteUpTo(table, rev, batchSize);
    return deleted;
  }
}
