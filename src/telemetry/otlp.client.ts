import { hostname } from 'node:os';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, type Span as SdkSpan } from '@opentelemetry/sdk-trace-base'; // prettier-ignore
import type { Span, SpanFacts, Tracer } from '../common/tracing.js';
import { listMetrics } from './prometheus.mapper.js';

export interface OtlpOptions {
  /** Base of `/v1/traces` and `/v1/metrics`. */
  readonly endpoint: string;
  /** `name=value` with commas between, as the standard variable has it; null: none. */
  readonly headers: string | null;
  readonly serviceName: string;
  readonly environment: string;
  /** Of new traces; those of callers follow the caller. */
  readonly tracedShare: number;
  readonly metricsMs: number;
}

const SEND_TIMEOUT_MS = 10_000;
/** Of spans that wait to be sent; more are dropped. */
const MAX_WAITING_SPANS = 4_096;
const END_TIMEOUT_MS = 3_000;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

const propagator = new W3CTraceContextPropagator();
const fromHeaders = {
  get: (headers: unknown, name: string) => (headers as Record<string, string | string[] | undefined>)[name],
  keys: (headers: unknown) => Object.keys(headers as object),
};
const intoHeaders = {
  set: (headers: unknown, name: string, value: string) => void ((headers as Record<string, string>)[name] = value),
};

/** Spans as the SDK makes them, and all metrics of the process, by OTLP over HTTP. */
export class OtlpClient implements Tracer {
  private readonly traces: BasicTracerProvider;
  private readonly metrics: MeterProvider;

  constructor({ endpoint, headers, serviceName, environment, tracedShare, metricsMs }: OtlpOptions) {
    const resource = resourceFromAttributes({
      'service.name': serviceName,
      'service.instance.id': `${hostname()}-${process.pid}`,
      ...(environment && { 'deployment.environment.name': environment }),
    });
    const to = (path: string) => ({
      url: `${endpoint.replace(/\/$/, '')}/v1/${path}`,
      headers: parseHeaders(headers),
      timeoutMillis: SEND_TIMEOUT_MS,
    });
    this.traces = new BasicTracerProvider({
      resource,
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(tracedShare) }),
      spanProcessors: [
        new BatchSpanProcessor(new OTLPTraceExporter(to('traces')), {
          maxQueueSize: MAX_WAITING_SPANS,
          exportTimeoutMillis: SEND_TIMEOUT_MS,
        }),
      ],
    });
    this.metrics = new MeterProvider({
      resource,
      readers: [
        new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter(to('metrics')),
          exportIntervalMillis: metricsMs,
          exportTimeoutMillis: Math.min(SEND_TIMEOUT_MS, metricsMs),
          metricProducers: [
            {
              collect: async () => ({
                resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'onr' }, metrics: await listMetrics() }] },
                errors: [],
              }),
            },
          ],
        }),
      ],
    });
  }

  start(...[name, kind, parent, facts]: Parameters<Tracer['start']>): Span {
    const context = parent instanceof OtlpSpan ? parent.context : parent === null ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, parent, fromHeaders); // prettier-ignore
    const span = this.traces.getTracer('onr').startSpan(name, { kind: KINDS[kind], attributes: facts }, context);
    return new OtlpSpan(span as SdkSpan, trace.setSpan(context, span));
  }

  /** Sends what waits, if it is taken in time. */
  async end(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, END_TIMEOUT_MS).unref());
    const all = Promise.allSettled([this.traces.shutdown(), this.metrics.shutdown()]);
    await Promise.race([all, late]);
  }
}

class OtlpSpan implements Span {
  constructor(
    private readonly span: SdkSpan,
    readonly context: Context,
  ) {}

  get headers(): Readonly<Record<string, string>> {
    const headers = {};
    propagator.inject(this.context, headers, intoHeaders);
    return headers;
  }

  set(facts: SpanFacts): void {
    this.span.setAttributes(facts);
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  fail(reason: string): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', reason);
  }

  end(): void {
    this.span.end();
  }
}

const parseHeaders = (text: string | null): Record<string, string> =>
  Object.fromEntries(
    (text ?? '')
      .split(',')
      .map((pair) => /^\s*([^=\s]+)\s*=(.*)$/.exec(pair))
      .flatMap((match) => (match ? [[match[1]!, decodeURIComponent(match[2]!.trim())]] : [])),
  );
