import { readFileSync } from 'node:fs';
import path from 'node:path';
import { useTestApp } from '../support/test-app.js';

const text = readFileSync(path.join(__dirname, '../../docs/privacy.md'), 'utf8');
/** Tables that tell nothing of a person. */
const ABOUT_NOBODY = [
  'flyway_schema_history', 'kansalaisuus', 'kielisyys', 'kotikunta_historia_mass_update', 'onr_dokumentti_polvi', 'onr_dokumentti_taytto',
  'onr_job_run', 'onr_laskuri', 'onr_muutosluku', 'onr_muutosluku_sivu', 'onr_tuonti_rivi_nro', 'organisaatio', 'pgmigrations',
  'queuedemailstatus', 'scheduled_tasks', 'schema_table_onr', 'vtj_muutostieto_kirjausavain',
]; // prettier-ignore

const app = useTestApp();

it('docs/privacy.md names every table of the database but those that tell nothing of a person', async () => {
  const tables = await app.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(50);
  const named = (name: string) => text.includes(`\`${name}\``) || (name.endsWith('_aud') && text.includes('`*_aud`'));
  const missing = tables.map(({ name }) => name).filter((name) => !ABOUT_NOBODY.includes(name) && !named(name));
  expect(missing).toEqual([]);
});

it('the SQL of docs/privacy.md runs', async () => {
  const statements = [...text.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => sql!.trim());
  expect(statements).toHaveLength(1);
  for (const sql of statements) expect(await app.query(sql.replaceAll('<oid>', '1.2.246.562.24.1'))).toEqual([]);
});
