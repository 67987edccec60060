import { HealthService } from '../../src/health/health.service.js';
import { ManagementServer } from '../../src/health/management-server.service.js';
import { eventually } from '../support/eventually.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const MANAGEMENT_PORT = 19_000 + Math.floor(Math.random() * 1_000);
const app = useTestApp({ 'management.server.port': String(MANAGEMENT_PORT), 'management.server.address': '127.0.0.1' });
const UP = { status: 'UP', groups: ['liveness', 'readiness'] };

it('lists its addresses', async () => {
  const { body } = await app.anonymous.get('/actuator');
  expect(body).toEqual({
    _links: {
      self: { href: `${app.base}/actuator`, templated: false },
      health: { href: `${app.base}/actuator/health`, templated: false },
      'health-path': { href: `${app.base}/actuator/health/{*path}`, templated: true },
    },
  });
});

it('is healthy, alive and ready without a login', async () => {
  expect(await app.anonymous.get('/actuator/health')).toMatchObject({ status: 200, body: UP });
  for (const group of ['liveness', 'readiness'])
    expect(await app.anonymous.get(`/actuator/health/${group}`)).toMatchObject({ status: 200, body: { status: 'UP' } });
});

it('knows no other address: 404 with a login, 302 without', async () => {
  for (const path of ['/actuator/env', '/actuator/metrics', '/actuator/health/db']) {
    expect(await app.as(rekisterinpitaja).get(path)).toMatchObject({ status: 404 });
    expect(await app.anonymous.get(path)).toMatchObject({ status: 302 });
  }
  expect(await app.anonymous.post('/actuator/health')).toMatchObject({ status: 302 });
});

it('shows no metrics to callers, whoever they are: 404', async () => {
  for (const caller of [app.anonymous, app.as(rekisterinpitaja)]) {
    const answer = await caller.get('/actuator/prometheus');
    expect(answer).toMatchObject({ status: 404, body: { status: 404, error: 'Not Found' } });
    expect(answer.text).not.toContain('http_server_requests');
  }
});

it('counts requests by route, and shows pool, event loop and process, on the management port', async () => {
  await app.as(rekisterinpitaja).get('/cas/prequel');
  await app.as(rekisterinpitaja).get('/nosuch/1');
  await app.nest.get(ManagementServer).listen();
  const base = `http://127.0.0.1:${MANAGEMENT_PORT}`;
  for (const path of ['/actuator/prometheus', '/oppijanumerorekisteri-service/actuator/prometheus']) {
    const answer = await fetch(base + path);
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(text).toMatch(/^http_server_requests_seconds_count\{method="GET",uri="\/cas\/prequel",status="200"\} \d+$/m);
    expect(text).toMatch(/^http_server_requests_seconds_count\{method="GET",uri="UNKNOWN",status="404"\} \d+$/m);
    for (const name of [
      'db_pool_connections',
      'db_pool_waiting',
      'http_requests_waiting',
      'http_requests_refused_total',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ])
      expect(text).toMatch(new RegExp(`^${name} [\\d.e+-]+$`, 'm'));
  }
  expect((await fetch(`${base}/oppijanumerorekisteri-service/henkilo/1.2.3`)).status).toBe(404);
  expect((await fetch(`${base}/actuator/prometheus`, { method: 'POST' })).status).toBe(405);
});

it('is not ready while a part is not well', async () => {
  let well = false;
  app.nest.get(HealthService).register('part', () => well);
  expect(await app.anonymous.get('/actuator/health')).toMatchObject({ status: 503, body: { ...UP, status: 'DOWN' } });
  expect(await app.anonymous.get('/actuator/health/liveness')).toMatchObject({ status: 200 });
  well = true;
  expect(await app.anonymous.get('/actuator/health/readiness')).toMatchObject({ status: 200 });
});

it('is not ready while the database is away, and recovers by itself', async () => {
  const [{ name }] = (await app.query<{ name: string }>('select current_database() as name')) as [{ name: string }];
  const admin = app.adminClient();
  await admin.connect();
  try {
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await eventually(async () => (await app.anonymous.get('/actuator/health/readiness')).status === 503);
    expect(await app.anonymous.get('/actuator/health/liveness')).toMatchObject({ status: 200 });
    expect(await app.as(rekisterinpitaja).get('/cas/prequel')).toMatchObject({ status: 200 });
    await admin.query(`alter database ${name} allow_connections true`);
    await eventually(async () => (await app.anonymous.get('/actuator/health')).status === 200);
  } finally {
    await admin.query(`alter database ${name} allow_connections true`);
    await admin.end();
  }
});
