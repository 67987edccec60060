import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traceWork, tracing } from '../../src/common/tracing.js';
import { CONFIG } from '../../src/config/config.module.js';
import type { Config } from '../../src/config/config.js';
import { HttpClient } from '../../src/integrations/http.client.js';
import { ObjectStorageClient } from '../../src/integrations/object-storage/object-storage.client.js';
import { JobRegistry } from '../../src/jobs/job-registry.service.js';
import { JobRunner } from '../../src/jobs/job-runner.service.js';
import { ScheduledTaskRepository } from '../../src/jobs/scheduled-task.repository.js';
import { Telemetry } from '../../src/telemetry/telemetry.service.js';
import { FakePeer } from '../support/fake-peer.js';
import { TestObjectStorage } from '../support/object-storage.js';
import { newHetu } from '../support/persons.js';
import { storeHenkilo } from '../support/stored-persons.js';
import { TestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number; doubleValue?: number };
}
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  traceState?: string;
  attributes: Attribute[];
  status?: { code?: number };
}
interface OtlpMetric {
  name: string;
  sum?: { isMonotonic: boolean; dataPoints: { attributes: Attribute[]; asDouble?: number; asInt?: number }[] };
  gauge?: { dataPoints: unknown[] };
  histogram?: {
    dataPoints: { attributes: Attribute[]; count: number; bucketCounts: number[]; explicitBounds: number[] }[];
  };
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const [SERVER, CLIENT, INTERNAL] = [2, 3, 1];

let collector: FakePeer;
let app: TestApp;
beforeAll(async () => {
  collector = await FakePeer.start(({ path }) => (path.startsWith('/v1/') ? { status: 200, body: {} } : undefined));
  process.env.OTEL_BSP_SCHEDULE_DELAY = '100';
  app = new TestApp(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, x-tenant=oph',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      ENV: 'qa',
    },
    [],
  );
  await app.start();
});
afterAll(async () => {
  await app.stop();
  await collector.stop();
});

const bodies = (path: string) => collector.calls.filter((call) => call.path === path).map(({ body }) => body);
const allSpans = (): OtlpSpan[] =>
  bodies('/v1/traces').flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans.flatMap(
      (resource) => resource.scopeSpans.flatMap(({ spans }) => spans),
    ),
  );
const facts = (attributes: Attribute[]) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue]),
  );
/** Spans of a trace, once one of them is named so. */
async function spansOf(traceId: string, name: string): Promise<OtlpSpan[]> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    const spans = allSpans().filter((span) => span.traceId === traceId);
    if (spans.some((span) => span.name === name)) return spans;
  }
  throw new Error(`No span ${name}: ${JSON.stringify(allSpans().map((span) => [span.traceId, span.name]))}`);
}

it('goes on with the trace of the caller, through statements, and never tells a hetu', async () => {
  const hetu = newHetu();
  const { oid } = await storeHenkilo(app, { hetu, etunimet: 'Salainen Etunimi', sukunimi: 'Sukunimiläinen' });
  const headers = {
    traceparent: `00-${TRACE}-${PARENT}-01`,
    tracestate: 'other=1',
    'caller-id': '1.2.246.562.10.1.koski',
  };
  const answer = await app.as(rekisterinpitaja).get(`/henkilo/hetu=${hetu}`, headers);
  expect([answer.status, answer.body.oidHenkilo]).toEqual([200, oid]);

  const name = 'GET /henkilo/hetu=:hetu';
  const spans = await spansOf(TRACE, name);
  const server = spans.find((span) => span.name === name)!;
  expect([server.parentSpanId, server.kind, server.traceState]).toEqual([PARENT, SERVER, 'other=1']);
  expect(facts(server.attributes)).toEqual({
    'http.request.method': 'GET',
    'http.route': '/henkilo/hetu=:hetu',
    'http.response.status_code': 200,
    'onr.request_id': app.access.at(-1)!.requestId,
    'onr.caller_id': '1.2.246.562.10.1.koski',
    'enduser.id': rekisterinpitaja.sub,
  });
  const steps = spans.filter((span) => span !== server);
  for (const span of steps) expect([span.kind, span.parentSpanId]).toEqual([CLIENT, server.spanId]);
  const told = steps.map(({ attributes }) => facts(attributes));
  expect(told).toContainEqual({ 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
  expect(told).toContainEqual({
    'peer.service': 'oauth2',
    'http.request.method': 'GET',
    'http.response.status_code': 200,
  });
  for (const body of bodies('/v1/traces')) {
    expect(body).not.toContain(hetu);
    expect(body).not.toMatch(/Salainen|Sukunimiläinen/);
  }
});

it('names the service, its environment and what the collector asks for', async () => {
  await spansOf(TRACE, 'GET /henkilo/hetu=:hetu');
  const call = collector.calls.find(({ path }) => path === '/v1/traces')!;
  const [resource] = (JSON.parse(call.body) as { resourceSpans: { resource: { attributes: Attribute[] } }[] })
    .resourceSpans;
  expect(facts(resource!.resource.attributes)).toMatchObject({
    'service.name': 'oppijanumerorekisteri',
    'deployment.environment.name': 'qa',
    'service.instance.id': expect.stringMatching(/-\d+$/) as unknown,
  });
  expect(call.headers).toMatchObject({ authorization: 'Bearer x', 'x-tenant': 'oph' });
});

it.each([
  ['without traceparent', undefined],
  ['with one that is none', '00-xyz-1-01'],
  ['with one of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
])('begins a trace of its own %s; a failed request and a masked caller-id', async (_, traceparent) => {
  const before = allSpans().length;
  const callerId = `010190-900P ${'x'.repeat(300)}`;
  await app
    .as(rekisterinpitaja)
    .get('/henkilo/1.2.3.4', { 'caller-id': callerId, ...(traceparent && { traceparent }) });
  const name = 'GET /henkilo/:oid';
  let span: OtlpSpan | undefined;
  for (const end = Date.now() + 60_000; !span && Date.now() < end; await sleep(100)) span = allSpans().slice(before).find((s) => s.name === name); // prettier-ignore
  expect(span!.traceId).not.toMatch(/^0+$/);
  expect(span!.parentSpanId ?? '').toBe('');
  const told = facts(span!.attributes);
  expect(told['http.response.status_code']).toBe(404);
  expect(told['onr.caller_id']).not.toContain('010190-900P');
  expect(String(told['onr.caller_id']).length).toBeLessThanOrEqual(200);
});

it('does not trace what the caller does not', async () => {
  const traceId = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  await app.as(rekisterinpitaja).get('/henkilo/1.2.3.4', { traceparent: `00-${traceId}-${PARENT}-00` });
  await app.as(rekisterinpitaja).get('/henkilo/1.2.3.4', { traceparent: `00-${'b'.repeat(32)}-${PARENT}-01` });
  await spansOf('b'.repeat(32), 'GET /henkilo/:oid');
  expect(allSpans().filter((span) => span.traceId === traceId)).toEqual([]);
});

it('traces a job with what it asks of the database and of others, and hands the trace on', async () => {
  const peer = await FakePeer.start(() => ({ status: 503 }));
  const [registry, tasks, runner] = [app.nest.get(JobRegistry), app.nest.get(ScheduledTaskRepository), app.nest.get(JobRunner)]; // prettier-ignore
  const name = 'cas client session cleaner';
  const job = registry.find(name)!;
  const client = new HttpClient({ peer: 'koski' });
  const handler = {
    run: async (...given: Parameters<typeof job.handler.run>) => {
      await client.send(`${peer.url}/x`, { operation: 'kysely' });
      await client.send('http://127.0.0.1:1/', { operation: 'poissa' }).catch(() => undefined);
      return job.handler.run(...given);
    },
  };
  await tasks.insertMissing([{ name, executionTime: new Date() }]);
  await runner.run({ ...job, handler }, (await tasks.claim(name, 'test'))!);

  let root: OtlpSpan | undefined;
  for (const end = Date.now() + 60_000; !root && Date.now() < end; await sleep(100)) root = allSpans().find((span) => span.name === `job ${name}`); // prettier-ignore
  expect([root!.kind, root!.parentSpanId ?? '', facts(root!.attributes)]).toEqual([INTERNAL, '', { 'onr.job': name }]);
  const steps = (await spansOf(root!.traceId, `job ${name}`)).filter(
    (span) => span !== root && span.name !== root!.name,
  );
  expect(steps.every((span) => span.parentSpanId === root!.spanId)).toBe(true);
  const call = steps.find((span) => span.name === 'koski kysely')!;
  expect(facts(call.attributes)).toEqual({ 'peer.service': 'koski', 'http.request.method': 'GET', 'http.response.status_code': 503 }); // prettier-ignore
  expect(peer.calls[0]!.headers.traceparent).toBe(`00-${root!.traceId}-${call.spanId}-01`);
  const failed = steps.find((span) => span.name === 'koski poissa')!;
  expect([failed.status?.code, facts(failed.attributes)['error.type']]).toEqual([2, 'ECONNREFUSED']);
  expect(steps.map((span) => facts(span.attributes)['db.operation.name'])).toContain('DELETE');
  await peer.stop();
});

it('makes a span for each call of the storage, a failed one with the code alone', async () => {
  const storage = await TestObjectStorage.start();
  await storage.bucket('there');
  const config = app.nest.get<Config>(CONFIG);
  const client = new ObjectStorageClient({ ...config, aws: { ...config.aws, endpoint: storage.url } });
  const { signal } = new AbortController();
  await traceWork('vienti', {}, async () => {
    await client.bucket('there').uploadText('a/b.json', '{}', { signal });
    await client
      .bucket('missing')
      .uploadText('a/b.json', '{}', { signal })
      .catch(() => undefined);
  });
  await storage.stop();

  let root: OtlpSpan | undefined;
  for (const end = Date.now() + 60_000; !root && Date.now() < end; await sleep(100)) root = allSpans().find((span) => span.name === 'vienti'); // prettier-ignore
  const calls = (await spansOf(root!.traceId, 'vienti')).filter((span) => span !== root && span.name !== 'vienti');
  expect(calls.map((span) => [span.name, span.kind, span.parentSpanId, span.status?.code, facts(span.attributes)])).toEqual([
    ['s3 PutObject', CLIENT, root!.spanId, 0, { 'peer.service': 's3' }],
    ['s3 PutObject', CLIENT, root!.spanId, 2, { 'peer.service': 's3', 'error.type': 'NoSuchBucket' }],
  ]); // prettier-ignore
});

it('sends every metric of the process under its own name', async () => {
  const metrics = (): OtlpMetric[] =>
    bodies('/v1/metrics')
      .slice(-1)
      .flatMap((body) =>
        (JSON.parse(body) as { resourceMetrics: { scopeMetrics: { metrics: OtlpMetric[] }[] }[] }).resourceMetrics.flatMap((r) =>
          r.scopeMetrics.flatMap((scope) => scope.metrics),
        ),
      ); // prettier-ignore
  await app.as(rekisterinpitaja).get('/henkilo/1.2.3.4');
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200))
    if (metrics().some(({ name, sum }) => name === 'onr_job_runs_total' && sum!.dataPoints.length > 0)) break;
  const find = (name: string) => metrics().find((metric) => metric.name === name)!;
  expect(find('process_resident_memory_bytes').gauge!.dataPoints).toHaveLength(1);
  expect(find('onr_job_runs_total').sum!.isMonotonic).toBe(true);
  const of404 = find('http_server_requests_seconds').histogram!.dataPoints.find(({ attributes }) => String(facts(attributes).status) === '404')!; // prettier-ignore
  expect(of404.explicitBounds).toEqual([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);
  expect(of404.bucketCounts).toHaveLength(15);
  expect(of404.bucketCounts.reduce((a, b) => a + b, 0)).toBe(of404.count);
});

it('serves on when the collector is away', async () => {
  collector.handle = () => ({ cut: 'before' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.as(rekisterinpitaja).get('/henkilo/1.2.3.4')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(404));
  await app.nest.get(Telemetry).onApplicationShutdown();
  expect(tracing.tracer).toBeNull();
  expect((await app.as(rekisterinpitaja).get('/henkilo/1.2.3.4')).status).toBe(404);
});

it('loads the SDK only where it is on', () => {
  const src = join(__dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const users = files.filter((file) => readFileSync(join(src, file), 'utf8').includes("from '@opentelemetry/"));
  expect(users.sort()).toEqual(['telemetry/otlp.client.ts', 'telemetry/prometheus.mapper.ts']);
  const importers = files.filter((file) => /^import (?!type).*(otlp\.client|prometheus\.mapper)\.js/m.test(readFileSync(join(src, file), 'utf8'))); // prettier-ignore
  expect(importers).toEqual(['telemetry/otlp.client.ts']);
});
