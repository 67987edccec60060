import { Module } from '@nestjs/common';
import { HenkiloCreateService } from '../luonti/henkilo-create.service.js';
import { HenkiloCreateValidator } from '../luonti/henkilo-create.validator.js';
import { HenkiloFindOrCreateS2SController } from '../luonti/henkilo-find-or-create.s2s.controller.js';
import { HenkiloFindOrCreateService } from '../luonti/henkilo-find-or-create.service.js';
import { HenkiloMuokkausController } from './henkilo-muokkaus.controller.js';
import { HenkiloStoreModule } from './henkilo-store.module.js';
import { HenkiloUpdateService } from './henkilo-update.service.js';
import { OmatTiedot } from './omat-tiedot.js';
import { OsatRepository } from '../luku/osat.repository.js';
import { PassinumerotService } from './passinumerot.service.js';
import { PassivointiService } from './passivointi.service.js';
import { PerustietoRepository } from '../luku/perustieto.repository.js';
import { SamankaltaisuusModule } from '../../hakuteksti/hakuteksti.module.js';
import { YksilointijaljetRepository } from '../../yksilointitieto/yksilointijaljet.repository.js';

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
