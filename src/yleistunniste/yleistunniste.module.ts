import { Module } from '@nestjs/common';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { KooditModule } from '../koodit/koodit.module.js';
import { YksilointiModule } from '../yksilointi/yksilointi.module.js';
import { YleistunnisteController } from './yleistunniste.controller.js';
import { YleistunnisteHakuService } from './yleistunniste-haku.service.js';
import { YleistunnisteReadRepository } from './yleistunniste-read.repository.js';

/** Learner numbers for partners: by OID, and by hetu and names. */
@Module({
  imports: [HenkiloModule, KooditModule, YksilointiModule],
  controllers: [YleistunnisteController],
  providers: [YleistunnisteHakuService, YleistunnisteReadRepository],
})
export class YleistunnisteModule {}
