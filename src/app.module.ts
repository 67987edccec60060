import { Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CleanupModule } from './cleanup/cleanup.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DatantuontiModule } from './datantuonti/datantuonti.module.js';
import { DuplicatesModule } from './duplicates/duplicates.module.js';
import { EmailModule } from './email/email.module.js';
import { ENTITIES } from './entities.js';
import { ExportsModule } from './exports/exports.module.js';
import { HealthModule } from './health/health.module.js';
import { HenkiloModule } from './henkilo/henkilo.module.js';
import { HttpModule } from './http/http.module.js';
import { HuoltajatModule } from './huoltajat/huoltajat.module.js';
import { IdentificationModule } from './identification/identification.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { KotikuntaModule } from './kotikunta/kotikunta.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { OppijatTuontiModule } from './oppijat-tuonti/oppijat-tuonti.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { TilaModule } from './tila/tila.module.js';
import { VtjModule } from './vtj/vtj.module.js';
import { YksilointiModule } from './yksilointi/yksilointi.module.js';
import { YleistunnisteModule } from './yleistunniste/yleistunniste.module.js';

/** One module for each room. Rooms that only others use (codes, links, history, …) are imported by these. */
@Module({
  imports: [
    DatabaseModule.forRoot(ENTITIES),
    HttpModule,
    JobsModule,
    IntegrationsModule,
    OutboxModule,
    AuthModule,
    AuditModule,
    HealthModule,
    OpenApiModule,
    EmailModule,
    HenkiloModule,
    HuoltajatModule,
    IdentificationModule,
    KotikuntaModule,
    DuplicatesModule,
    YksilointiModule,
    VtjModule,
    OppijatTuontiModule,
    YleistunnisteModule,
    CleanupModule,
    ExportsModule,
    DatantuontiModule,
    TelemetryModule,
    TilaModule,
  ],
})
export class AppModule {}
