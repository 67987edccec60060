import { Module } from '@nestjs/common';
import { KotikuntaReadRepository } from './kotikunta-read.repository.js';
import { KotikuntaS2sController } from './kotikunta.s2s.controller.js';

/** Reading home municipalities. */
@Module({ controllers: [KotikuntaS2sController], providers: [KotikuntaReadRepository] })
export class KotikuntaReadModule {}
