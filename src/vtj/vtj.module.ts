import { Module } from '@nestjs/common';
import { ForceUpdateModule } from '../force-update/force-update.module.js';
import { HenkiloStoreModule } from '../henkilo/henkilo-store.module.js';
import { KotikuntaHistoriaRepository } from '../kotikunta/kotikunta-historia.repository.js';
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
  imports: [ForceUpdateModule, HenkiloStoreModule],
  providers: [
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
