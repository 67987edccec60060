import { Module } from '@nestjs/common';
import { KotikuntaHistoriaRepository } from './kotikunta-historia.repository.js';
import { KotikuntaS2sController } from './kotikunta.s2s.controller.js';

/** Municipalities of residence. */
@Module({
  controllers: [KotikuntaS2sController],
  providers: [KotikuntaHistoriaRepository],
  exports: [KotikuntaHistoriaRepository],
})
export class KotikuntaModule {}
