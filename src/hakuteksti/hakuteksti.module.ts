import { Module } from '@nestjs/common';
import { HakutekstiCleanupJob } from './hakuteksti-cleanup.job.js';
import { HakutekstiMuistissa } from './hakuteksti-muistissa.store.js';
import { HakutekstiRepository } from './hakuteksti.repository.js';
import { SamankaltaisuusRepository } from './samankaltaisuus.repository.js';

/** Who resembles whom; one memory of search texts for the whole process. */
@Module({
  providers: [HakutekstiCleanupJob, HakutekstiMuistissa, HakutekstiRepository, SamankaltaisuusRepository],
  exports: [HakutekstiMuistissa, SamankaltaisuusRepository],
})
export class HakutekstiModule {}
