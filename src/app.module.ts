import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';

@Module({ imports: [ConfigModule, DatabaseModule] })
export class AppModule {}
