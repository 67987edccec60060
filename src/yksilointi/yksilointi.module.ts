import { Module } from '@nestjs/common';
import { LinkitysModule } from '../duplicates/linkitys.module.js';
import { HenkiloMuokkausModule } from '../henkilo/muutos/henkilo-muokkaus.module.js';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { HenkiloTarkistusService } from './henkilo-tarkistus.service.js';
import { HetuMuutosService } from './hetu-muutos.service.js';
import { KasinYksilointiService } from './kasin-yksilointi.service.js';
import { VtjHaku } from './vtj-haku.js';
import { VtjKopiointiService } from './vtj-kopiointi.service.js';
import { YksilointiController } from './yksilointi.controller.js';
import { YksilointiJob } from './yksilointi.job.js';
import { YksilointiService } from './yksilointi.service.js';
import { YksilointiajonPaatos } from './yksilointiajon-paatos.js';
import { YksilointitietoRepository } from '../yksilointitieto/yksilointitieto.repository.js';
import { YksiloitavatRepository } from './yksiloitavat.repository.js';

/** Identification against VTJ, by hand and by the job. */
@Module({
  imports: [HenkiloStoreModule, HenkiloMuokkausModule, HuoltajatModule, LinkitysModule],
  controllers: [YksilointiController],
  providers: [
    HenkiloTarkistusService,
    HetuMuutosService,
    KasinYksilointiService,
    VtjHaku,
    VtjKopiointiService,
    YksilointiJob,
    YksilointiService,
    YksilointiajonPaatos,
    YksilointitietoRepository,
    YksiloitavatRepository,
  ],
  exports: [HenkiloTarkistusService, YksilointiajonPaatos],
})
export class YksilointiModule {}
