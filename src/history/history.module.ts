import { Module } from '@nestjs/common';
import { HistoryCleanupRepository } from './history-cleanup.repository.js';
import { History } from './history.js';

/** The history of rows. */
@Module({ providers: [History, HistoryCleanupRepository], exports: [History, HistoryCleanupRepository] })
export class HistoryModule {}
