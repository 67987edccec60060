import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig, SETTINGS } from '../../src/config/config.js';
import { listSettings } from '../../src/config/setting.js';
import { renderSettings } from '../../src/config/settings-page.js';

const settings = Object.values(SETTINGS).flatMap((section) => listSettings(section));

it('docs/settings.md is what the settings say; npm run settings writes it', () => {
  expect(readFileSync(path.resolve(__dirname, '../../docs/settings.md'), 'utf8')).toBe(renderSettings());
});

it('every setting says what it is, may be and is for', () => {
  expect(settings.length).toBeGreaterThan(80);
  expect(settings.filter(({ type, description }) => !type.description || !description)).toEqual([]);
});

it('every name that is looked for in the environment is that of a setting', () => {
  const names = new Set<string>();
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(env);
  expect([...names].filter((name) => !settings.some((setting) => setting.names.includes(name)))).toEqual([]);
});

it('reads numbers with their unit, at both bounds', () => {
  expect(readConfig({ ONR_STATEMENT_TIMEOUT_MS: '100' }).database.requests.statementMs).toBe(100);
  expect(readConfig({ ONR_STATEMENT_TIMEOUT_MS: '3600000' }).database.requests.statementMs).toBe(3_600_000);
  for (const wrong of ['99', '3600001', '1e3', '100.5', ' ']) {
    expect(() => readConfig({ ONR_STATEMENT_TIMEOUT_MS: wrong })).toThrow(
      'ONR_STATEMENT_TIMEOUT_MS must be a whole number from 100 to 3600000',
    );
  }
});
