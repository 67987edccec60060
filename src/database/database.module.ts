import { Global, Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Clock } from '../common/clock.js';
import { createDataSource } from './data-source.js';
import { Database } from './database.js';
import { ENTITIES } from './entities.js';

@Global()
@Module({
  providers: [
    { provide: Clock, useFactory: () => new Clock() },
    {
      provide: Database,
      inject: [CONFIG],
      useFactory: async (config: Config) => new Database(await createDataSource(config.database, ENTITIES).initialize()),
    },
  ],
  exports: [Database, Clock],
})
export class DatabaseModule {}
