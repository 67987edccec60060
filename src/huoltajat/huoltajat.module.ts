import { Module } from '@nestjs/common';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { HuoltajaSuhdeRepository } from './huoltaja-suhde.repository.js';
import { HuoltajaService } from './huoltaja.service.js';

/** Guardians and their relations to children. */
@Module({
  imports: [HenkiloStoreModule],
  providers: [HuoltajaSuhdeRepository, HuoltajaService],
  exports: [HuoltajaSuhdeRepository, HuoltajaService],
})
export class HuoltajatModule {}
