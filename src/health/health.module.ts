import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Scheduler } from '../jobs/scheduler.service.js';
import { ActuatorController } from './actuator.controller.js';
import { HealthService } from './health.service.js';
import { ManagementServer } from './management-server.service.js';
import { watchPool } from './metrics.registry.js';

@Global()
@Module({ controllers: [ActuatorController], providers: [HealthService, ManagementServer], exports: [HealthService] })
export class HealthModule implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly health: HealthService,
    private readonly scheduler: Scheduler,
  ) {}

  onModuleInit(): void {
    watchPool(this.db);
    this.health.register('scheduler', () => this.scheduler.isWell);
  }
}
