import { Module } from '@nestjs/common';
import { EmailModule } from '../email/email.module.js';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { HenkiloviiteModule } from '../henkiloviite/henkiloviite.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { YksilointiModule } from '../yksilointi/yksilointi.module.js';
import { LaskuriJob } from './listaukset/laskuri.job.js';
import { LaskuriRepository } from './listaukset/laskuri.repository.js';
import { MuutosSijaintiRepository } from './listaukset/muutos-sijainti.repository.js';
import { MuuttuneetService } from './listaukset/muuttuneet.service.js';
import { OppijaListausRepository } from './listaukset/oppija-listaus.repository.js';
import { OppijaListausService } from './listaukset/oppija-listaus.service.js';
import { OppijaRajausService } from './listaukset/oppija-rajaus.service.js';
import { OppijaReadService } from './listaukset/oppija-read.service.js';
import { TuontiTulosRepository } from './listaukset/tuonti-tulos.repository.js';
import { TuontiTulosService } from './listaukset/tuonti-tulos.service.js';
import { TuontikoosteRepository } from './listaukset/tuontikooste.repository.js';
import { OppijaController } from './oppija.controller.js';
import { OppijaService } from './oppija.service.js';
import { LiittaminenService } from './tuonti/liittaminen.service.js';
import { TunnistusRepository } from './tuonti/tunnistus.repository.js';
import { TuontiIlmoitusService } from './tuonti/tuonti-ilmoitus.service.js';
import { TuontiOsaService } from './tuonti/tuonti-osa.service.js';
import { TuontiTyojonoService } from './tuonti/tuonti-tyojono.service.js';
import { TuontiInternalController } from './tuonti/tuonti.internal.controller.js';
import { TuontiRepository } from './tuonti/tuonti.repository.js';
import { TuontiService } from './tuonti/tuonti.service.js';
import { YleistunnisteTuontiController } from './yleistunniste-tuonti.controller.js';

/** Imports of learners: taking them in, working on them, and what became of them. */
@Module({
  imports: [EmailModule, HenkiloModule, HenkiloviiteModule, KooditModule, YksilointiModule],
  controllers: [OppijaController, TuontiInternalController, YleistunnisteTuontiController],
  providers: [
    LaskuriJob,
    LaskuriRepository,
    LiittaminenService,
    MuutosSijaintiRepository,
    MuuttuneetService,
    OppijaListausRepository,
    OppijaListausService,
    OppijaRajausService,
    OppijaReadService,
    OppijaService,
    TunnistusRepository,
    TuontiIlmoitusService,
    TuontiOsaService,
    TuontiRepository,
    TuontiService,
    TuontiTulosRepository,
    TuontiTulosService,
    TuontiTyojonoService,
    TuontikoosteRepository,
  ],
})
export class OppijatTuontiModule {}
