import { Module } from '@nestjs/common';
import { HenkiloReadModule } from '../henkilo/luku/henkilo-luku.module.js';
import { HuoltajaReadRepository } from './huoltaja-read.repository.js';
import { HuoltajaReadService } from './huoltaja-read.service.js';
import { HuoltajatReadController } from './huoltajat-read.controller.js';

/** Reading guardians. */
@Module({
  imports: [HenkiloReadModule],
  controllers: [HuoltajatReadController],
  providers: [HuoltajaReadRepository, HuoltajaReadService],
})
export class HuoltajatReadModule {}
