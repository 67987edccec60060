import { Module } from '@nestjs/common';
import { HakutekstiModule } from '../hakuteksti/hakuteksti.module.js';
import { HenkiloModule } from '../henkilo/henkilo.module.js';
import { HenkiloviiteModule } from '../henkiloviite/henkiloviite.module.js';
import { HuoltajatModule } from '../huoltajat/huoltajat.module.js';
import { KotikuntaModule } from '../kotikunta/kotikunta.module.js';
import { DuplikaatitController } from './duplikaatit.controller.js';
import { DuplikaatitRepository } from './duplikaatit.repository.js';
import { DuplikaatitService } from './duplikaatit.service.js';
import { HakemuksetService } from './hakemukset.service.js';
import { LinkitysOikeusService } from './linkitys-oikeus.service.js';
import { LinkitysController } from './linkitys.controller.js';
import { LinkitysService } from './linkitys.service.js';
import { OppijahakuController } from './oppijahaku.controller.js';
import { OppijahakuRepository } from './oppijahaku.repository.js';

/** Persons who may be one: searching them and their applications, linking and unlinking; the search for learners. */
@Module({
  imports: [HakutekstiModule, HenkiloModule, HenkiloviiteModule, HuoltajatModule, KotikuntaModule],
  controllers: [DuplikaatitController, LinkitysController, OppijahakuController],
  providers: [
    DuplikaatitRepository,
    DuplikaatitService,
    HakemuksetService,
    LinkitysOikeusService,
    LinkitysService,
    OppijahakuRepository,
  ],
  exports: [LinkitysService],
})
export class DuplicatesModule {}
