import { Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CleanupModule } from './cleanup/cleanup.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { DuplikaatitModule } from './duplicates/duplikaatit.module.js';
import { LinkitysModule } from './duplicates/linkitys.module.js';
import { BindingModule } from './http/binding/binding.module.js';
import { HealthModule } from './health/health.module.js';
import { HenkiloMuokkausModule } from './henkilo/muutos/henkilo-muokkaus.module.js';
import { IdentificationModule } from './identification/identification.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { OppijatTuontiModule } from './oppijat-tuonti/oppijat-tuonti.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { VtjModule } from './vtj/vtj.module.js';
import { HenkiloReadModule } from './henkilo/luku/henkilo-luku.module.js';
import { HuoltajatReadModule } from './huoltajat/huoltajat-read.module.js';
import { IdentificationReadModule } from './identification/identification-read.module.js';
import { KotikuntaReadModule } from './kotikunta/kotikunta-read.module.js';
import { YksilointiModule } from './yksilointi/yksilointi.module.js';
import { YksilointiReadModule } from './yksilointi/yksilointi-read.module.js';
import { YleistunnisteHakuModule } from './yleistunniste/yleistunniste-haku.module.js';
import { YleistunnisteReadModule } from './yleistunniste/yleistunniste-read.module.js';

@Module({
  imports: [
    DatabaseModule.forRoot(ENTITIES),
    BindingModule,
    JobsModule,
    IntegrationsModule,
    OutboxModule,
    AuthModule,
    AuditModule,
    HealthModule,
    HenkiloMuokkausModule,
    IdentificationModule,
    DuplikaatitModule,
    LinkitysModule,
    OpenApiModule,
    VtjModule,
    CleanupModule,
    HenkiloReadModule,
    HuoltajatReadModule,
    IdentificationReadModule,
    KotikuntaReadModule,
    YksilointiModule,
    YksilointiReadModule,
    YleistunnisteHakuModule,
    YleistunnisteReadModule,
    OppijatTuontiModule,
  ],
})
export class AppModule {}
