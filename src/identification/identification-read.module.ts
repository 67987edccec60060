import { Module } from '@nestjs/common';
import { HenkiloReadModule } from '../henkilo/luku/henkilo-luku.module.js';
import { IdentificationReadController } from './identification-read.controller.js';

/** Reading login identifiers. */
@Module({ imports: [HenkiloReadModule], controllers: [IdentificationReadController] })
export class IdentificationReadModule {}
