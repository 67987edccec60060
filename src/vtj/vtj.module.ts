import { Module } from '@nestjs/common';
import { LinkitysModule } from '../duplicates/linkitys.module.js';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { KotikuntaHistoriaRepository } from '../kotikunta/kotikunta-historia.repository.js';
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
  imports: [HenkiloStoreModule, HuoltajatModule, LinkitysModule],
  providers: [
    HenkiloForceUpdateService,
    KotikuntaHistoriaRepository,
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
