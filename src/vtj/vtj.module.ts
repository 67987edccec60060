import { Module } from '@nestjs/common';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { KotikuntaModule } from '../kotikunta/kotikunta.module.js';
import { HenkiloForceUpdateService } from './henkilo-force-update.service.js';
import { MuutostietoFetchService } from './muutostieto-fetch.service.js';
import { MuutostietoService } from './muutostieto.service.js';
import { PerustietoService } from './perustieto.service.js';
import { VtjHenkiloRepository } from './vtj-henkilo.repository.js';
import { VtjKoodistot } from './vtj-koodistot.js';
import { VtjMuutostietoRepository } from './vtj-muutostieto.repository.js';
import { VtjPaivitysService } from './vtj-paivitys.service.js';
import { MuutostietoFetchJob, MuutostietoJob, PerustietoJob } from './vtj.jobs.js';

/** The VTJ change API: base data, fetching and handling of changes. */
@Module({
  imports: [DuplicatesModule, HenkiloModule, HuoltajatModule, KooditModule, KotikuntaModule],
  providers: [
    HenkiloForceUpdateService,
    MuutostietoFetchJob,
    MuutostietoFetchService,
    MuutostietoJob,
    MuutostietoService,
    PerustietoJob,
    PerustietoService,
    VtjHenkiloRepository,
    VtjKoodistot,
    VtjMuutostietoRepository,
    VtjPaivitysService,
  ],
})
export class VtjModule {}
