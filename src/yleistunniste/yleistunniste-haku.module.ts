import { Module } from '@nestjs/common';
import { HenkiloMuokkausModule } from '../henkilo/muutos/henkilo-muokkaus.module.js';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { YksilointiModule } from '../yksilointi/yksilointi.module.js';
import { YleistunnisteReadModule } from './yleistunniste-read.module.js';
import { YleistunnisteHakuController } from './yleistunniste-haku.controller.js';
import { YleistunnisteHakuService } from './yleistunniste-haku.service.js';

/** Finding persons by hetu and names. */
@Module({
  imports: [HenkiloStoreModule, HenkiloMuokkausModule, YksilointiModule, YleistunnisteReadModule],
  controllers: [YleistunnisteHakuController],
  providers: [YleistunnisteHakuService],
})
export class YleistunnisteHakuModule {}
