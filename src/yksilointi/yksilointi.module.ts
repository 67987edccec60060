import { Module } from '@nestjs/common';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { HenkiloviiteModule } from '../henkiloviite/henkiloviite.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { YksilointitietoModule } from '../yksilointitieto/yksilointitieto.module.js';
import { HenkiloTarkistusService } from './henkilo-tarkistus.service.js';
import { HetuMuutosService } from './hetu-muutos.service.js';
import { KasinYksilointiService } from './kasin-yksilointi.service.js';
import { VtjHakuService } from './vtj-haku.service.js';
import { VtjKopiointiService } from './vtj-kopiointi.service.js';
import { YksilointiController } from './yksilointi.controller.js';
import { YksilointiJob } from './yksilointi.job.js';
import { YksilointiService } from './yksilointi.service.js';
import { YksilointiajonPaatosService } from './yksilointiajon-paatos.service.js';
import { YksilointitietoController } from './yksilointitieto.controller.js';
import { YksilointitietoReadRepository } from './yksilointitieto-read.repository.js';
import { YksilointitietoReadService } from './yksilointitieto-read.service.js';
import { YksiloitavatRepository } from './yksiloitavat.repository.js';

/** Identification against VTJ, by hand and by the job; the VTJ data that waits for a decision. */
@Module({
  imports: [DuplicatesModule, HenkiloModule, HenkiloviiteModule, HuoltajatModule, KooditModule, YksilointitietoModule],
  controllers: [YksilointiController, YksilointitietoController],
  providers: [
    HenkiloTarkistusService,
    HetuMuutosService,
    KasinYksilointiService,
    VtjHakuService,
    VtjKopiointiService,
    YksilointiJob,
    YksilointiService,
    YksilointiajonPaatosService,
    YksilointitietoReadRepository,
    YksilointitietoReadService,
    YksiloitavatRepository,
  ],
  exports: [HenkiloTarkistusService, YksilointiajonPaatosService],
})
export class YksilointiModule {}
