import { Module } from '@nestjs/common';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { IdentificationController } from './identification.controller.js';
import { IdentificationService } from './identification.service.js';

/** Login identifiers. */
@Module({
  imports: [HenkiloModule],
  controllers: [IdentificationController],
  providers: [IdentificationService],
})
export class IdentificationModule {}
