import { httpUrl, share, text } from './setting-types.js';
import { milliseconds } from './setting-kinds.js';
import { optional, setting, type Settings } from './setting.js';

export const TELEMETRY_SETTINGS = {
  telemetry: {
    endpoint: optional({
      names: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
      type: httpUrl,
      description:
        'collector of OpenTelemetry, OTLP over HTTP, without `/v1/…`; without it nothing is traced and no metrics are sent (ADR 133)',
    }),
    headers: optional({
      names: ['OTEL_EXPORTER_OTLP_HEADERS'],
      type: text,
      description: 'headers for it: `name=value` with commas between',
    }),
    serviceName: setting({
      names: ['OTEL_SERVICE_NAME'],
      type: text,
      fallback: 'oppijanumerorekisteri',
      description: 'what traces and metrics call this service',
    }),
    tracedShare: setting({
      names: ['OTEL_TRACES_SAMPLER_ARG'],
      type: share,
      fallback: 1,
      description: 'share of the requests and jobs that are traced; a request with `traceparent` follows its caller',
    }),
    metricsMs: milliseconds(1_000, 3_600_000, {
      names: ['OTEL_METRIC_EXPORT_INTERVAL'],
      fallback: 60_000,
      description: 'how often metrics are sent',
    }),
  },
} as const satisfies Settings;
