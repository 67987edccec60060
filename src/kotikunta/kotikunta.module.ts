import { Module } from '@nestjs/common';
import { KotikuntaHistoriaRepository } from './kotikunta-historia.repository.js';
import { KotikuntaReadRepository } from './kotikunta-read.repository.js';
import { KotikuntaS2sController } from './kotikunta.s2s.controller.js';

/** Municipalities of residence. */
@Module({
  controllers: [KotikuntaS2sController],
  providers: [KotikuntaHistoriaRepository, KotikuntaReadRepository],
  exports: [KotikuntaHistoriaRepository],
})
export class KotikuntaModule {}
