import { Module } from '@nestjs/common';
import { KoodiValidator } from './koodi-validator.js';
import { Koodirivit } from './koodirivit.js';

const PROVIDERS = [KoodiValidator, Koodirivit];

/** Codes: whether they exist, and their rows. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class KooditModule {}
