import { Module } from '@nestjs/common';
import { HenkiloCreateService } from './henkilo-create.service.js';
import { HenkiloCreateValidator } from './henkilo-create.validator.js';
import { HenkiloFindOrCreateS2SController } from './henkilo-find-or-create.s2s.controller.js';
import { HenkiloFindOrCreateService } from './henkilo-find-or-create.service.js';
import { HenkiloMuokkausController } from './henkilo-muokkaus.controller.js';
import { HenkiloStoreModule } from './henkilo-store.module.js';
import { HenkiloUpdateService } from './henkilo-update.service.js';
import { OmatTiedot } from './omat-tiedot.js';
import { OsatRepository } from './osat.repository.js';
import { PassinumerotService } from './passinumerot.service.js';
import { PassivointiService } from './passivointi.service.js';
import { PerustietoRepository } from './perustieto.repository.js';
import { SamankaltaisuusModule } from './samankaltaisuus.module.js';
import { YksilointijaljetRepository } from './yksilointijaljet.repository.js';

/** Writing persons on behalf of clients. */
@Module({
  imports: [HenkiloStoreModule, SamankaltaisuusModule],
  controllers: [HenkiloMuokkausController, HenkiloFindOrCreateS2SController],
  providers: [
    HenkiloCreateService,
    HenkiloCreateValidator,
    HenkiloFindOrCreateService,
    HenkiloUpdateService,
    OmatTiedot,
    OsatRepository,
    PassinumerotService,
    PassivointiService,
    PerustietoRepository,
    YksilointijaljetRepository,
  ],
  exports: [HenkiloCreateService, YksilointijaljetRepository],
})
export class HenkiloMuokkausModule {}
