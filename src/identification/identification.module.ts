import { Module } from '@nestjs/common';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { IdentificationController } from './identification.controller.js';
import { IdentificationService } from './identification.service.js';

/** Login identifiers. */
@Module({ imports: [HenkiloStoreModule], controllers: [IdentificationController], providers: [IdentificationService] })
export class IdentificationModule {}
