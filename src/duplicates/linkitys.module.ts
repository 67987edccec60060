import { Module } from '@nestjs/common';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { LinkitysOikeus } from './linkitys-oikeus.js';
import { LinkitysController } from './linkitys.controller.js';
import { LinkitysService } from './linkitys.service.js';

/** Linking of duplicates. */
@Module({
  imports: [HenkiloStoreModule, HuoltajatModule],
  controllers: [LinkitysController],
  providers: [LinkitysOikeus, LinkitysService],
  exports: [LinkitysService],
})
export class LinkitysModule {}
