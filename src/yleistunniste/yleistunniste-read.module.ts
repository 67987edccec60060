import { Module } from '@nestjs/common';
import { YleistunnisteReadController } from './yleistunniste-read.controller.js';
import { YleistunnisteReadRepository } from './yleistunniste-read.repository.js';

/** Look-ups of the oppijanumero. */
@Module({
  controllers: [YleistunnisteReadController],
  providers: [YleistunnisteReadRepository],
  exports: [YleistunnisteReadRepository],
})
export class YleistunnisteReadModule {}
