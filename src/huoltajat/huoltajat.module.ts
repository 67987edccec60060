import { Module } from '@nestjs/common';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { HistoryModule } from '../history/history.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { HuoltajaReadService } from './huoltaja-read.service.js';
import { HuoltajaSuhdeRepository } from './huoltaja-suhde.repository.js';
import { HuoltajaService } from './huoltaja.service.js';
import { HuoltajatController } from './huoltajat.controller.js';

/** Guardians and their relations to children. */
@Module({
  imports: [HenkiloModule, HistoryModule, KooditModule],
  controllers: [HuoltajatController],
  providers: [HuoltajaReadService, HuoltajaService, HuoltajaSuhdeRepository],
  exports: [HuoltajaService, HuoltajaSuhdeRepository],
})
export class HuoltajatModule {}
