import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { IntegrationsModule } from './integrations/integrations.module.js';

@Module({ imports: [ConfigModule, DatabaseModule.forRoot(ENTITIES), IntegrationsModule] })
export class AppModule {}
