import { Job, type JobHandler, type JobProgress, type JobSummary } from '../jobs/job.decorator.js';
import { dailyAt } from '../jobs/schedule.rules.js';
import { AuditCleanupService } from './audit-cleanup.service.js';
import { DeathCleanupService } from './death-cleanup.service.js';
import { YhteystietoCleanupService } from './yhteystieto-cleanup.service.js';

/** Takes persons who have died out of use. */
@Job({ name: 'DeathCleanupTask', schedule: dailyAt(4, 30) })
export class DeathCleanupJob implements JobHandler {
  constructor(private readonly cleanup: DeathCleanupService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.cleanup.run(signal, progress);
  }
}

/** Deletes old history. */
@Job({
  name: 'AuditCleanupTask',
  schedule: ({ auditCleanup }) => dailyAt(auditCleanup.hour, auditCleanup.minute),
  enabled: (config) => config.auditCleanup.enabled,
})
export class AuditCleanupJob implements JobHandler {
  constructor(private readonly cleanup: AuditCleanupService) {}

  run(signal: AbortSignal): Promise<JobSummary> {
    return this.cleanup.run(signal);
  }
}

/** Deletes contact details without an owner. Not in the reference, which ignores and in time deletes the unknown row. */
@Job({ name: 'YhteystietoCleanupTask', schedule: dailyAt(4, 45) })
export class YhteystietoCleanupJob implements JobHandler {
  constructor(private readonly cleanup: YhteystietoCleanupService) {}

  run(signal: AbortSignal): Promise<JobSummary> {
    return this.cleanup.run(signal);
  }
}
