import { Module } from '@nestjs/common';
import { HakutermiRepository } from '../haku/hakutermi.repository.js';
import { HenkiloHakuRepository } from '../haku/henkilo-haku.repository.js';
import { HenkiloHakuService } from '../haku/henkilo-haku.service.js';
import { HenkiloReadRepository } from './henkilo-luku.repository.js';
import { HenkiloReadService } from './henkilo-luku.service.js';
import { HenkiloController } from './henkilo.controller.js';
import { HenkiloS2sController } from './henkilo.s2s.controller.js';
import { OsatRepository } from './osat.repository.js';
import { ViiteReadRepository } from '../../henkiloviite/viite-read.repository.js';

/** Reading persons. */
@Module({
  controllers: [HenkiloController, HenkiloS2sController],
  providers: [
    HakutermiRepository,
    HenkiloHakuRepository,
    HenkiloHakuService,
    HenkiloReadRepository,
    HenkiloReadService,
    OsatRepository,
    ViiteReadRepository,
  ],
  exports: [HenkiloReadRepository, HenkiloReadService, OsatRepository],
})
export class HenkiloReadModule {}
