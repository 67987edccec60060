import { Module } from '@nestjs/common';
import { AjonKaynnistys } from './ajon-kaynnistys.service.js';
import { TilaController } from './tila.internal.controller.js';
import { TilaRepository } from './tila.repository.js';
import { TilaService } from './tila.service.js';

/** What operators see of the running service, and what they may do there. */
@Module({ controllers: [TilaController], providers: [AjonKaynnistys, TilaRepository, TilaService] })
export class TilaModule {}
