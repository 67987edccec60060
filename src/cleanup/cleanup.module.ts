import { Module } from '@nestjs/common';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { YhteystiedotModule } from '../yhteystiedot/yhteystiedot.module.js';
import { HistoryModule } from '../history/history.module.js';
import { AuditCleanupService } from './audit-cleanup.service.js';
import { AuditCleanupJob, DeathCleanupJob, YhteystietoCleanupJob } from './cleanup.jobs.js';
import { DeathCleanupService } from './death-cleanup.service.js';
import { YhteystietoCleanupService } from './yhteystieto-cleanup.service.js';

/** Jobs that take away what must not stay. */
@Module({
  imports: [HenkiloModule, HistoryModule, YhteystiedotModule],
  providers: [
    AuditCleanupJob,
    AuditCleanupService,
    DeathCleanupJob,
    DeathCleanupService,
    YhteystietoCleanupJob,
    YhteystietoCleanupService,
  ],
})
export class CleanupModule {}
