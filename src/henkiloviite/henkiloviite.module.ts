import { Module } from '@nestjs/common';
import { HenkiloviiteRepository } from './henkiloviite.repository.js';

/** Links between a master and its slaves. */
@Module({ providers: [HenkiloviiteRepository], exports: [HenkiloviiteRepository] })
export class HenkiloviiteModule {}
