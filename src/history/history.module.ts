import { Module } from '@nestjs/common';
import { History } from './history.js';

/** The history of rows. */
@Module({ providers: [History], exports: [History] })
export class HistoryModule {}
