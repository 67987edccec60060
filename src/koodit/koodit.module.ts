import { Module } from '@nestjs/common';
import { KoodiValidator } from './koodi.validator.js';
import { KoodiriviRepository } from './koodirivi.repository.js';

const PROVIDERS = [KoodiValidator, KoodiriviRepository];

/** Codes: whether they exist, and their rows. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class KooditModule {}
