import { Module } from '@nestjs/common';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { KotikuntaModule } from '../kotikunta/kotikunta.module.js';
import { HenkiloForceUpdateService } from './henkilo-force-update.service.js';
import { MuutostietoFetchService } from './muutostieto-fetch.service.js';
import { MuutostietoService } from './muutostieto.service.js';
import { VtjPerustietoService } from './vtj-perustieto.service.js';
import { VtjHenkiloRepository } from './vtj-henkilo.repository.js';
import { VtjKoodistotService } from './vtj-koodistot.service.js';
import { VtjMuutostietoRepository } from './vtj-muutostieto.repository.js';
import { VtjMuutosService } from './vtj-muutos.service.js';
import { MuutostietoFetchJob, MuutostietoJob, VtjPerustietoJob } from './vtj.jobs.js';

/** The VTJ change API: base data, fetching and handling of changes. */
@Module({
  imports: [DuplicatesModule, HenkiloModule, HuoltajatModule, KooditModule, KotikuntaModule],
  providers: [
    HenkiloForceUpdateService,
    MuutostietoFetchJob,
    MuutostietoFetchService,
    MuutostietoJob,
    MuutostietoService,
    VtjPerustietoJob,
    VtjPerustietoService,
    VtjHenkiloRepository,
    VtjKoodistotService,
    VtjMuutostietoRepository,
    VtjMuutosService,
  ],
  exports: [HenkiloForceUpdateService],
})
export class VtjModule {}
