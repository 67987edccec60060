import { Module } from '@nestjs/common';
import { HakutekstiModule } from '../hakuteksti/hakuteksti.module.js';
import { HenkiloviiteModule } from '../henkiloviite/henkiloviite.module.js';
import { HistoryModule } from '../history/history.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { YhteystiedotModule } from '../yhteystiedot/yhteystiedot.module.js';
import { YksilointitietoModule } from '../yksilointitieto/yksilointitieto.module.js';
import { DokumenttiKokoaja } from './dokumentti/dokumentti-kokoaja.service.js';
import { DokumenttiTarkistusJob, DokumenttiTayttoJob } from './dokumentti/dokumentti.jobs.js';
import { DokumenttiRepository } from './dokumentti/dokumentti.repository.js';
import { HenkiloDokumentit } from './dokumentti/henkilo-dokumentit.service.js';
import { HakutermiRepository } from './haku/hakutermi.repository.js';
import { HenkiloHakuRepository } from './haku/henkilo-haku.repository.js';
import { HenkiloHakuService } from './haku/henkilo-haku.service.js';
import { HenkiloReadRepository } from './luku/henkilo-read.repository.js';
import { HenkiloReadService } from './luku/henkilo-read.service.js';
import { HenkiloController } from './luku/henkilo.controller.js';
import { HenkiloS2sController } from './luku/henkilo.s2s.controller.js';
import { KuolleetRepository } from './luku/kuolleet.repository.js';
import { OsatRepository } from './luku/osat.repository.js';
import { HenkiloPerustietoRepository } from './luku/henkilo-perustieto.repository.js';
import { SuojausRepository } from './luku/suojaus.repository.js';
import { HenkiloCreateService } from './luonti/henkilo-create.service.js';
import { HenkiloCreateValidator } from './luonti/henkilo-create.validator.js';
import { HenkiloFindOrCreateS2SController } from './luonti/henkilo-find-or-create.s2s.controller.js';
import { HenkiloFindOrCreateService } from './luonti/henkilo-find-or-create.service.js';
import { HenkiloWriteController } from './muutos/henkilo-write.controller.js';
import { HenkiloWriteService } from './muutos/henkilo-write.service.js';
import { HenkiloStore } from './muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from './muutos/henkilo-tunniste.repository.js';
import { HenkiloUpdateService } from './muutos/henkilo-update.service.js';
import { HenkiloUpdateValidator } from './muutos/henkilo-update.validator.js';
import { OmatTiedotService } from './muutos/omat-tiedot.service.js';
import { OrganisaatioliitoksetService } from './muutos/organisaatioliitokset.service.js';
import { PassinumerotService } from './muutos/passinumerot.service.js';
import { PassivointiService } from './muutos/passivointi.service.js';

/** Persons: reading, searching, creating and changing them. Every other writer of persons builds on what is exported. */
@Module({
  imports: [
    HakutekstiModule,
    HenkiloviiteModule,
    HistoryModule,
    KooditModule,
    YhteystiedotModule,
    YksilointitietoModule,
  ],
  controllers: [HenkiloController, HenkiloS2sController, HenkiloWriteController, HenkiloFindOrCreateS2SController],
  providers: [
    DokumenttiKokoaja,
    DokumenttiRepository,
    DokumenttiTarkistusJob,
    DokumenttiTayttoJob,
    HakutermiRepository,
    HenkiloCreateService,
    HenkiloCreateValidator,
    HenkiloFindOrCreateService,
    HenkiloDokumentit,
    HenkiloHakuRepository,
    HenkiloHakuService,
    HenkiloWriteService,
    HenkiloReadRepository,
    HenkiloReadService,
    HenkiloStore,
    HenkiloTunnisteRepository,
    HenkiloUpdateService,
    HenkiloUpdateValidator,
    KuolleetRepository,
    OmatTiedotService,
    OrganisaatioliitoksetService,
    OsatRepository,
    PassinumerotService,
    PassivointiService,
    HenkiloPerustietoRepository,
    SuojausRepository,
  ],
  exports: [
    HenkiloCreateService,
    HenkiloWriteService,
    HenkiloReadService,
    HenkiloStore,
    HenkiloTunnisteRepository,
    HenkiloUpdateValidator,
    KuolleetRepository,
    OrganisaatioliitoksetService,
    OsatRepository,
    SuojausRepository,
  ],
})
export class HenkiloModule {}
