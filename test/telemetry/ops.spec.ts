import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ManagementServer } from '../../src/health/management-server.service.js';
import { freePort } from '../../scripts/lib/free-port.ts';
import { TestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Rules {
  groups: {
    name: string;
    rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }[];
  }[];
}
interface Dashboard {
  title: string;
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  }[];
}
const rules = (load(read('ops/prometheus/alerts.yml')) as Rules).groups.flatMap((group) => group.rules);
const dashboards = readdirSync(join(ROOT, 'ops/grafana')).map(
  (file) => JSON.parse(read(`ops/grafana/${file}`)) as Dashboard,
);
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
];

/** Names of metrics: words that are followed by a selector, a range or an operator, and are neither labels nor functions. */
function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\bby \([^)]*\)/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/\b[a-z]\w*\b(?!\s*\()/g)]
    .map(([word]) => word)
    .filter((word) => /[a-z]/.test(word) && !['and', 'by', 'or', 'unless'].includes(word));
}

const app = new TestApp({ 'management.server.address': '127.0.0.1' }, []);
const names = new Set<string>();
beforeAll(async () => {
  const port = await freePort();
  Object.assign(app, { env: { 'management.server.port': String(port), 'management.server.address': '127.0.0.1' } });
  await app.start();
  await app.nest.get(ManagementServer).listen();
  await app.as(rekisterinpitaja).get('/cas/prequel');
  const text = await (await fetch(`http://127.0.0.1:${port}/actuator/prometheus`)).text();
  for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    names.add(name!);
    if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) names.add(`${name}_${part}`);
  }
});
afterAll(() => app.stop());

it('every metric that a rule or a panel names exists in /actuator/prometheus', () => {
  const named = [...new Set(expressions.flatMap(metricsOf))].filter((name) => name !== 'up'); // up is Prometheus's own
  expect(named.length).toBeGreaterThan(15);
  expect(named).toContain('http_server_requests_seconds_bucket');
  expect(named.filter((name) => !names.has(name))).toEqual([]);
});

it('every rule says how bad it is and what it means', () => {
  expect(rules.length).toBeGreaterThanOrEqual(8);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
    expect(annotations.summary).toMatch(/\S/);
  }
});

it('the panels of a dashboard do not lie on each other', () => {
  for (const { panels } of dashboards) {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  }
});

it('the rules are as Prometheus reads them, where promtool is here', () => {
  let version: string;
  try {
    version = execFileSync('promtool', ['--version'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    console.log('promtool is not installed: the rules were only parsed');
    return;
  }
  expect(version).toContain('promtool');
  expect(execFileSync('promtool', ['check', 'rules', join(ROOT, 'ops/prometheus/alerts.yml')], { encoding: 'utf8' })).toContain('SUCCESS'); // prettier-ignore
});

/** The reference's alarms wait for these lines (docs/spec/security-integrations-jobs.md#7.4); tests of their jobs wait for them too. */
const ALARM_TEXTS: Readonly<Record<string, string>> = {
  'Oppijanumerorekisteri export task completed': 'test/exports/exports.spec.ts',
  'Oppijanumerorekisteri henkilo export task completed': 'test/exports/exports.spec.ts',
  'Oppijanumerorekisteri datantuonti export task completed': 'test/exports/exports.spec.ts',
  'Oppijanumerorekisteri datantuonti import task completed': 'test/datantuonti/datantuonti.spec.ts',
  'Oppijanumerorekisteri audit cleanup task completed': 'test/cleanup/cleanup.spec.ts',
  'VTJKysely certification is valid at least 30 days.':
    'src/integrations/vtj-kysely/vtj-certification-check.job.spec.ts',
  'muutostieto processed successfully for henkilo': 'test/vtj/muutostieto.spec.ts',
  'updated with perustieto': 'test/vtj/perustieto.spec.ts',
};
it.each(Object.entries(ALARM_TEXTS))('the runbook lists "%s", and a test of its job waits for it', (text, file) => {
  expect(read('docs/runbook.md')).toContain(`| \`${text}\` |`);
  expect(read(file)).toContain(text);
});
