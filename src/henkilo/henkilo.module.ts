import { Module } from '@nestjs/common';
import { HakutekstiModule } from '../hakuteksti/hakuteksti.module.js';
import { HenkiloviiteModule } from '../henkiloviite/henkiloviite.module.js';
import { HistoryModule } from '../history/history.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { YksilointitietoModule } from '../yksilointitieto/yksilointitieto.module.js';
import { HakutermiRepository } from './haku/hakutermi.repository.js';
import { HenkiloHakuRepository } from './haku/henkilo-haku.repository.js';
import { HenkiloHakuService } from './haku/henkilo-haku.service.js';
import { HenkiloReadRepository } from './luku/henkilo-luku.repository.js';
import { HenkiloReadService } from './luku/henkilo-luku.service.js';
import { HenkiloController } from './luku/henkilo.controller.js';
import { HenkiloS2sController } from './luku/henkilo.s2s.controller.js';
import { OsatRepository } from './luku/osat.repository.js';
import { PerustietoRepository } from './luku/perustieto.repository.js';
import { SuojausRepository } from './luku/suojaus.repository.js';
import { HenkiloCreateService } from './luonti/henkilo-create.service.js';
import { HenkiloCreateValidator } from './luonti/henkilo-create.validator.js';
import { HenkiloFindOrCreateS2SController } from './luonti/henkilo-find-or-create.s2s.controller.js';
import { HenkiloFindOrCreateService } from './luonti/henkilo-find-or-create.service.js';
import { HenkiloMuokkausController } from './muutos/henkilo-muokkaus.controller.js';
import { HenkiloMuokkaus } from './muutos/henkilo-muokkaus.js';
import { HenkiloStore } from './muutos/henkilo-store.js';
import { HenkiloTunnisteRepository } from './muutos/henkilo-tunniste.repository.js';
import { HenkiloUpdateService } from './muutos/henkilo-update.service.js';
import { HenkiloUpdateValidator } from './muutos/henkilo-update.validator.js';
import { OmatTiedot } from './muutos/omat-tiedot.js';
import { Organisaatioliitokset } from './muutos/organisaatioliitokset.js';
import { PassinumerotService } from './muutos/passinumerot.service.js';
import { PassivointiService } from './muutos/passivointi.service.js';

/** Persons: reading, searching, creating and changing them. Every other writer of persons builds on what is exported. */
@Module({
  imports: [HakutekstiModule, HenkiloviiteModule, HistoryModule, KooditModule, YksilointitietoModule],
  controllers: [HenkiloController, HenkiloS2sController, HenkiloMuokkausController, HenkiloFindOrCreateS2SController],
  providers: [
    HakutermiRepository,
    HenkiloCreateService,
    HenkiloCreateValidator,
    HenkiloFindOrCreateService,
    HenkiloHakuRepository,
    HenkiloHakuService,
    HenkiloMuokkaus,
    HenkiloReadRepository,
    HenkiloReadService,
    HenkiloStore,
    HenkiloTunnisteRepository,
    HenkiloUpdateService,
    HenkiloUpdateValidator,
    OmatTiedot,
    Organisaatioliitokset,
    OsatRepository,
    PassinumerotService,
    PassivointiService,
    PerustietoRepository,
    SuojausRepository,
  ],
  exports: [
    HenkiloCreateService,
    HenkiloMuokkaus,
    HenkiloReadService,
    HenkiloStore,
    HenkiloTunnisteRepository,
    HenkiloUpdateValidator,
    Organisaatioliitokset,
    OsatRepository,
    SuojausRepository,
  ],
})
export class HenkiloModule {}
