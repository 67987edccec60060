import { Module } from '@nestjs/common';
import { YksilointitietoReadController } from './yksilointitieto-read.controller.js';
import { YksilointitietoReadRepository } from './yksilointitieto-read.repository.js';
import { YksilointitietoReadService } from './yksilointitieto-read.service.js';

/** Reading the VTJ data that waits for a decision. */
@Module({
  controllers: [YksilointitietoReadController],
  providers: [YksilointitietoReadRepository, YksilointitietoReadService],
})
export class YksilointiReadModule {}
