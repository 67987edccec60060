import { Module } from '@nestjs/common';
import { YhteystiedotRepository } from './yhteystiedot.repository.js';

/** Groups of contact details. */
@Module({ providers: [YhteystiedotRepository], exports: [YhteystiedotRepository] })
export class YhteystiedotModule {}
