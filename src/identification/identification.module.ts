import { Module } from '@nestjs/common';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { IdentificationReadController } from './identification-read.controller.js';
import { IdentificationController } from './identification.controller.js';
import { IdentificationService } from './identification.service.js';

/** Login identifiers. */
@Module({
  imports: [HenkiloModule],
  controllers: [IdentificationController, IdentificationReadController],
  providers: [IdentificationService],
})
export class IdentificationModule {}
