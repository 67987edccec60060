import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { tracing } from '../common/tracing.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import type { OtlpClient } from './otlp.client.js';

/** Sends traces and metrics where the settings say so; the SDK is loaded only then (ADR 133). */
@Injectable()
export class Telemetry implements OnModuleInit, OnApplicationShutdown {
  private client: OtlpClient | null = null;

  constructor(@InjectConfig() private readonly config: Config) {}

  async onModuleInit(): Promise<void> {
    const { endpoint } = this.config.telemetry;
    if (endpoint === null) return;
    const { OtlpClient } = await import('./otlp.client.js');
    this.client = new OtlpClient({ ...this.config.telemetry, endpoint, environment: this.config.environment });
    tracing.tracer = this.client;
    new Logger('Telemetry').log(`Traces and metrics go to ${new URL(endpoint).host}`);
  }

  /** What is not sent yet is sent now, if the receiver takes it. */
  async onApplicationShutdown(): Promise<void> {
    if (this.client === null) return;
    tracing.tracer = null;
    await this.client.end();
  }
}
