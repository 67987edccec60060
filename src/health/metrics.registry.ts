import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, register } from 'prom-client';
import { countLostLines } from '../common/lines.js';
import type { Database } from '../database/database.js';
import type { OverloadGate } from '../http/overload.js';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Seconds and number of requests by method, route pattern and status. */
const requests = new Histogram({
  name: 'http_server_requests_seconds',
  help: 'Time from the arrival of a request to the end of its answer',
  labelNames: ['method', 'uri', 'status'] as const,
  buckets: BUCKETS,
});
/** Audit lines are among them: an alarm belongs on it. */
new Counter({
  name: 'log_lines_lost_total',
  help: 'Lines of the logs, audit included, that were lost because nobody read the output fast enough',
  collect() {
    this.reset();
    this.inc(countLostLines());
  },
});
collectDefaultMetrics(); // process, memory, garbage collection, event loop lag

type Observer = { observe(seconds: number): void };
const observers = new Map<string, Observer>();

/** Unknown paths share one label, so that nobody can fill the memory with them. */
export function observeRequest(request: FastifyRequest, reply: FastifyReply): void {
  const uri = request.routeOptions.url ?? 'UNKNOWN';
  const key = `${request.method} ${reply.statusCode} ${uri}`;
  let observer = observers.get(key);
  if (!observer)
    observers.set(key, (observer = requests.labels({ method: request.method, uri, status: reply.statusCode })));
  observer.observe(reply.elapsedTime / 1000);
}

/** A metric whose value is read when it is asked for; the last application of the process counts. */
function gauge(name: string, help: string, read: () => number): void {
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    collect() {
      this.set(read());
    },
  });
}

const REPLICA_METRICS = ['db_replica_lag_seconds', 'db_replica_serves', 'db_replica_reads_total'] as const;

/** Connections for requests: open, idle, and callers that wait for one; and the standby, where there is one. */
export function watchPool({ pools }: Database): void {
  const { pool } = pools.requests;
  gauge('db_pool_connections', 'Open database connections', () => pool.totalCount);
  gauge('db_pool_connections_idle', 'Open database connections that nobody uses', () => pool.idleCount);
  gauge('db_pool_waiting', 'Callers that wait for a database connection', () => pool.waitingCount);
  const { replica } = pools;
  for (const name of REPLICA_METRICS) register.removeSingleMetric(name);
  if (!replica) return;
  gauge(REPLICA_METRICS[0], 'By how much the standby is behind; +Inf while it is away', () => replica.lagMs / 1000);
  gauge(REPLICA_METRICS[1], '1 while the standby serves reads', () => (replica.refuses(null) ? 0 : 1));
  new Counter({
    name: REPLICA_METRICS[2],
    help: 'Reads that the standby may serve: by it, or by the primary and why',
    labelNames: ['by'] as const,
    collect() {
      this.reset();
      for (const [by, count] of Object.entries(replica.served)) this.inc({ by }, count);
    },
  });
}

/** Requests under way, those that wait for their turn, and those that were refused because there were too many. */
export function watchOverload(gate: OverloadGate): void {
  gauge('http_requests_in_progress', 'Requests that are being answered', () => gate.inProgress);
  gauge('http_requests_waiting', 'Requests that wait for their turn, since there are many', () => gate.waiting);
  gauge(
    'http_requests_refused_total',
    'Requests refused with 503 because there were more than can be answered',
    () => gate.refused,
  );
}
