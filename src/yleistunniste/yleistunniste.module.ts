import { Module } from '@nestjs/common';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { YksilointiModule } from '../yksilointi/yksilointi.module.js';
import { YleistunnisteHakuController } from './yleistunniste-haku.controller.js';
import { YleistunnisteHakuService } from './yleistunniste-haku.service.js';
import { YleistunnisteReadController } from './yleistunniste-read.controller.js';
import { YleistunnisteReadRepository } from './yleistunniste-read.repository.js';

/** Learner numbers for partners: by OID, and by hetu and names. */
@Module({
  imports: [HenkiloModule, KooditModule, YksilointiModule],
  controllers: [YleistunnisteHakuController, YleistunnisteReadController],
  providers: [YleistunnisteHakuService, YleistunnisteReadRepository],
})
export class YleistunnisteModule {}
