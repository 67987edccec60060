import { Module } from '@nestjs/common';
import { LinkitysModule } from '../duplicates/linkitys.module.js';
import { HenkiloStoreModule } from '../henkilo/henkilo-store.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { HenkiloForceUpdateService } from './henkilo-force-update.service.js';

/** Updates by VTJ. */
@Module({
  imports: [HenkiloStoreModule, HuoltajatModule, LinkitysModule],
  providers: [HenkiloForceUpdateService],
  exports: [HenkiloForceUpdateService],
})
export class ForceUpdateModule {}
