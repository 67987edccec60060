import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { JobMetadata, type JobHandler } from './job.decorator.js';
import type { Schedule } from './schedule.rules.js';

export interface RegisteredJob {
  readonly name: string;
  readonly schedule: Schedule;
  readonly enabled: boolean;
  readonly handler: JobHandler;
}

/** Every provider with `@Job`, by name. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly byName = new Map<string, RegisteredJob>();

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    for (const provider of this.discovery.getProviders({ metadataKey: JobMetadata.KEY })) {
      const { name, schedule, enabled } = this.discovery.getMetadataByDecorator(JobMetadata, provider)!;
      if (this.byName.has(name)) throw new Error(`Two jobs are named ${name}`);
      this.byName.set(name, {
        name,
        schedule: typeof schedule === 'function' ? schedule(this.config) : schedule,
        enabled: enabled?.(this.config) ?? true,
        handler: provider.instance as JobHandler,
      });
    }
  }

  /** By name. */
  list(): RegisteredJob[] {
    return [...this.byName.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  find(name: string): RegisteredJob | undefined {
    return this.byName.get(name);
  }
}
