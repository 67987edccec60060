import { Module } from '@nestjs/common';
import { HenkiloviiteRepository } from './henkiloviite.repository.js';
import { LinkitetytRepository } from './linkitetyt.repository.js';
import { ViiteReadRepository } from './viite-read.repository.js';

const PROVIDERS = [HenkiloviiteRepository, LinkitetytRepository, ViiteReadRepository];

/** Links between a master and its slaves. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class HenkiloviiteModule {}
