import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { JobSummary } from '../jobs/job.decorator.js';

/** Tables with rows of a revision; the revisions themselves last. The reference leaves out the one not written any more. */
const TABLES = [
  'henkilo_aud',
  'henkilo_huoltaja_suhde_aud',
  'henkilo_kansalaisuus_aud',
  'henkilo_organisaatio_aud',
  'henkilo_passinumero_aud',
  'henkilo_kielisyys_aud',
  'revinfo',
] as const;
const DAY_MS = 24 * 3_600_000;

/** Deletes history older than it is to be kept (docs/spec/security-integrations-jobs.md#6.6). */
@Injectable()
export class AuditCleanupService {
  private readonly log = new Logger(AuditCleanupService.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** In batches, each a transaction of its own: what a broken off run has deleted stays deleted, the next goes on. */
  async run(signal: AbortSignal): Promise<JobSummary> {
    const cutoff = await this.findCutoff();
    let changed = 0;
    if (cutoff === null) this.log.log('There is no history old enough to be deleted');
    else for (const table of TABLES) changed += await this.deleteUpTo(table, cutoff, signal);
    this.log.log('Oppijanumerorekisteri audit cleanup task completed'); // an alarm waits for this text
    return { seen: changed, changed, failed: 0 };
  }

  /** The last revision that is too old; null: none is. */
  private async findCutoff(): Promise<number | null> {
    const before = this.clock.now().getTime() - this.config.auditCleanup.retentionDays * DAY_MS;
    const [row] = await this.db.query<{ rev: number | null }>(
      'select max(rev) as rev from revinfo where revtstmp < $1',
      [before],
    );
    return row?.rev ?? null;
  }

  private async deleteUpTo(table: (typeof TABLES)[number], cutoff: number, signal: AbortSignal): Promise<number> {
    const { batchSize } = this.config.auditCleanup;
    let deleted = 0;
    for (let count = batchSize; count === batchSize && !signal.aborted; deleted += count) {
      count = await this.db.execute(
        `delete from ${table} where ctid = any (array(select ctid from ${table} where rev <= $1 limit $2))`,
        [cutoff, batchSize],
      );
    }
    return deleted;
  }
}
