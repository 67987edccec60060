import { type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { register } from 'prom-client';
import { systemClock } from '../common/clock.js';

/** What prom-client gives, for all kinds of metrics. */
interface PromMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly PromValue[];
}
interface PromValue {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Of histograms: the name with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
}

const PROCESS_BEGAN_MS = systemClock.millis() - process.uptime() * 1000;
const toHrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

/** All metrics of the process, under the names that `/actuator/prometheus` has. */
export async function listMetrics(): Promise<MetricData[]> {
  const times = { startTime: toHrTime(PROCESS_BEGAN_MS), endTime: toHrTime(systemClock.millis()) };
  const metrics = (await register.getMetricsAsJSON()) as unknown as readonly PromMetric[];
  return metrics.flatMap(({ name, help, type, values }): MetricData[] => {
    const common = {
      descriptor: { name, description: help, unit: name.includes('seconds') ? 's' : '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    const points = values.map(({ labels, value }) => ({ ...times, attributes: labels, value }));
    if (type === 'counter') return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points }]; // prettier-ignore
    if (type === 'gauge') return [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints: points }];
    if (type !== 'histogram') return [];
    const dataPoints = toHistograms(values).map((value) => ({ ...times, ...value }));
    return [{ ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints }];
  });
}

interface HistogramValue {
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly value: {
    readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
    sum: number;
    count: number;
  };
}

/** The values of one histogram put together by their labels; buckets hold what is in none of the smaller ones. */
function toHistograms(values: readonly PromValue[]): HistogramValue[] {
  const byLabels = new Map<string, HistogramValue & { below: number }>();
  for (const { labels, value, metricName = '' } of values) {
    const { le, ...attributes } = labels;
    const key = JSON.stringify(attributes);
    let of = byLabels.get(key);
    if (!of) {
      of = { attributes, below: 0, value: { buckets: { boundaries: [], counts: [] }, sum: 0, count: 0 } };
      byLabels.set(key, of);
    }
    if (metricName.endsWith('_sum')) of.value.sum = value;
    else if (metricName.endsWith('_count')) of.value.count = value;
    else {
      of.value.buckets.counts.push(value - of.below);
      of.below = value;
      if (le !== '+Inf') of.value.buckets.boundaries.push(Number(le));
    }
  }
  return [...byLabels.values()].map(({ attributes, value }) => ({ attributes, value }));
}
