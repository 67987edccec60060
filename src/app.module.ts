import { Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CleanupModule } from './cleanup/cleanup.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { LinkitysModule } from './duplicates/linkitys.module.js';
import { ForceUpdateModule } from './force-update/force-update.module.js';
import { HealthModule } from './health/health.module.js';
import { HenkiloMuokkausModule } from './henkilo/henkilo-muokkaus.module.js';
import { IdentificationModule } from './identification/identification.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { VtjModule } from './vtj/vtj.module.js';

@Module({
  imports: [
    DatabaseModule.forRoot(ENTITIES),
    JobsModule,
    IntegrationsModule,
    OutboxModule,
    AuthModule,
    AuditModule,
    HealthModule,
    HenkiloMuokkausModule,
    IdentificationModule,
    LinkitysModule,
    ForceUpdateModule,
    OpenApiModule,
    VtjModule,
    CleanupModule,
  ],
})
export class AppModule {}
