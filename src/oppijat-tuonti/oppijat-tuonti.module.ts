import { Module } from '@nestjs/common';
import { EmailModule } from '../email/email.module.js';
import { HenkiloMuokkausModule } from '../henkilo/henkilo-muokkaus.module.js';
import { HenkiloStoreModule } from '../henkilo/henkilo-store.module.js';
import { OsatRepository } from '../henkilo/osat.repository.js';
import { YksilointiModule } from '../yksilointi/yksilointi.module.js';
import { LaskuriJob } from './laskuri.job.js';
import { LiittaminenService } from './liittaminen.service.js';
import { LinkitetytRepository } from './linkitetyt.repository.js';
import { MuutosSijaintiRepository } from './muutos-sijainti.repository.js';
import { MuuttuneetService } from './muuttuneet.service.js';
import { OppijaHakuRepository } from './oppija-haku.repository.js';
import { OppijaListausService } from './oppija-listaus.service.js';
import { OppijaRajaus } from './oppija-rajaus.js';
import { OppijaReader } from './oppija-reader.js';
import { OppijaController } from './oppija.controller.js';
import { OppijaService } from './oppija.service.js';
import { TunnistusRepository } from './tunnistus.repository.js';
import { TuontiIlmoitusService } from './tuonti-ilmoitus.service.js';
import { TuontiOsaService } from './tuonti-osa.service.js';
import { TuontiTulosRepository } from './tuonti-tulos.repository.js';
import { TuontiTulosService } from './tuonti-tulos.service.js';
import { TuontiTyojono } from './tuonti-tyojono.js';
import { TuontiInternalController } from './tuonti.internal.controller.js';
import { TuontiRepository } from './tuonti.repository.js';
import { TuontiService } from './tuonti.service.js';
import { TuontikoosteRepository } from './tuontikooste.repository.js';
import { YleistunnisteTuontiController } from './yleistunniste-tuonti.controller.js';

/** Imports of learners: taking them in, working on them, and what became of them. */
@Module({
  imports: [EmailModule, HenkiloStoreModule, HenkiloMuokkausModule, YksilointiModule],
  controllers: [OppijaController, TuontiInternalController, YleistunnisteTuontiController],
  providers: [
    LaskuriJob,
    LiittaminenService,
    LinkitetytRepository,
    MuutosSijaintiRepository,
    MuuttuneetService,
    OppijaHakuRepository,
    OppijaListausService,
    OppijaRajaus,
    OppijaReader,
    OppijaService,
    OsatRepository,
    TunnistusRepository,
    TuontiIlmoitusService,
    TuontiOsaService,
    TuontiRepository,
    TuontiService,
    TuontiTulosRepository,
    TuontiTulosService,
    TuontiTyojono,
    TuontikoosteRepository,
  ],
})
export class OppijatTuontiModule {}
