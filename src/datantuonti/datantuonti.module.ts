import { Module } from '@nestjs/common';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { KotikuntaModule } from '../kotikunta/kotikunta.module.js';
import { VtjModule } from '../vtj/vtj.module.js';
import { DatantuontiImportService } from './datantuonti-import.service.js';
import { DatantuontiImportJob, KoskiDatantuonninMuokkausJob, TestidatantuontiImportJob } from './datantuonti.jobs.js';
import { DatantuontiRepository } from './datantuonti.repository.js';
import { KoskiMuokkausService } from './koski-muokkaus.service.js';
import { TestidatantuontiService } from './testidatantuonti.service.js';

/** Jobs that bring persons into test environments; none of them runs in the production (ADR 132). */
@Module({
  imports: [DuplicatesModule, HenkiloModule, KooditModule, KotikuntaModule, VtjModule],
  providers: [
    DatantuontiImportJob,
    DatantuontiImportService,
    DatantuontiRepository,
    KoskiDatantuonninMuokkausJob,
    KoskiMuokkausService,
    TestidatantuontiImportJob,
    TestidatantuontiService,
  ],
})
export class DatantuontiModule {}
