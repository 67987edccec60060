import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';

@Module({ imports: [ConfigModule, DatabaseModule.forRoot(ENTITIES)] })
export class AppModule {}
