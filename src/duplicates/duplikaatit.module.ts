import { Module } from '@nestjs/common';
import { HenkiloStoreModule } from '../henkilo/muutos/henkilo-store.module.js';
import { SamankaltaisuusModule } from '../hakuteksti/hakuteksti.module.js';
import { DuplikaatitController } from './duplikaatit.controller.js';
import { DuplikaatitRepository } from './duplikaatit.repository.js';
import { DuplikaatitService } from './duplikaatit.service.js';
import { HakemuksetService } from './hakemukset.service.js';
import { OppijahakuController } from './oppijahaku.controller.js';
import { OppijahakuRepository } from './oppijahaku.repository.js';

/** Search of duplicates, their applications, and of learners. */
@Module({
  imports: [HenkiloStoreModule, SamankaltaisuusModule],
  controllers: [DuplikaatitController, OppijahakuController],
  providers: [DuplikaatitRepository, DuplikaatitService, HakemuksetService, OppijahakuRepository],
})
export class DuplikaatitModule {}
