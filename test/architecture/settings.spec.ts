import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../src/config/config.js';

/** Every name that is looked for in an environment without settings, whatever the mode. */
function settingNames(): string[] {
  const names = new Set<string>();
  const record = (fixed: Record<string, string>) =>
    new Proxy<Record<string, string>>(fixed, {
      get: (target, name) => {
        names.add(String(name));
        return target[String(name)];
      },
    });
  readConfig(record({}));
  readConfig(record({ postgresql_host: 'db' }));
  return [...names];
}

it('docs/settings.md names every setting', () => {
  const documented = readFileSync(path.resolve(__dirname, '../../docs/settings.md'), 'utf8');
  const names = settingNames();

  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});
