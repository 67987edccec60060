import { Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { HealthModule } from './health/health.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { HenkiloReadModule } from './henkilo/henkilo-read.module.js';
import { HuoltajatReadModule } from './huoltajat/huoltajat-read.module.js';
import { IdentificationReadModule } from './identification/identification-read.module.js';
import { KotikuntaReadModule } from './kotikunta/kotikunta-read.module.js';
import { YksilointiReadModule } from './yksilointi/yksilointi-read.module.js';
import { YleistunnisteReadModule } from './yleistunniste/yleistunniste-read.module.js';

@Module({
  imports: [
    DatabaseModule.forRoot(ENTITIES),
    JobsModule,
    IntegrationsModule,
    OutboxModule,
    AuthModule,
    AuditModule,
    HealthModule,
    HenkiloReadModule,
    HuoltajatReadModule,
    IdentificationReadModule,
    KotikuntaReadModule,
    YksilointiReadModule,
    YleistunnisteReadModule,
  ],
})
export class AppModule {}
