import { Module } from '@nestjs/common';
import { Telemetry } from './telemetry.service.js';

/** Traces and metrics for OpenTelemetry. */
@Module({ providers: [Telemetry] })
export class TelemetryModule {}
