import { Module, type DynamicModule } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Clock, systemClock } from '../common/clock.js';
import { createDataSource, type EntityClass } from './data-source.js';
import { Database } from './database.js';

@Module({})
export class DatabaseModule {
  /** @param entities every entity class of the service (`src/entities.ts`) */
  static forRoot(entities: EntityClass[]): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Clock, useFactory: () => systemClock },
        {
          provide: Database,
          inject: [CONFIG],
          useFactory: async (config: Config) =>
            new Database(await createDataSource(config.database, entities).initialize()),
        },
      ],
      exports: [Database, Clock],
    };
  }
}
