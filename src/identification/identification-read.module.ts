import { Module } from '@nestjs/common';
import { HenkiloReadModule } from '../henkilo/henkilo-read.module.js';
import { IdentificationReadController } from './identification-read.controller.js';

/** Reading login identifiers. */
@Module({ imports: [HenkiloReadModule], controllers: [IdentificationReadController] })
export class IdentificationReadModule {}
