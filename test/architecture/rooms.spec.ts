import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(__dirname, '../../src');
/** Rooms of values and functions, and of entry points: nothing in them is provided by Nest. */
const WITHOUT_MODULE = ['bin', 'common', 'yhteystiedot'];

const rooms = readdirSync(SRC, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const modules = files.filter((file) => file.endsWith('.module.ts'));

describe('The rooms of src', () => {
  it('have one Nest module each, named after the room', () => {
    const expected = rooms.filter((room) => !WITHOUT_MODULE.includes(room)).map((room) => `${room}/${room}.module.ts`);
    expect([...modules].sort()).toEqual(['app.module.ts', ...expected].sort());

    for (const module of modules) {
      const name = path.basename(module, '.module.ts').replaceAll('-', '');
      const classes = [...readFileSync(path.join(SRC, module), 'utf8').matchAll(/export class (\w+)Module\b/g)];
      expect([module, classes.map(([, word]) => word!.toLowerCase())]).toEqual([module, [name]]);
    }
  });

  it('provide each class once', () => {
    const providers = modules.flatMap((module) => {
      const text = readFileSync(path.join(SRC, module), 'utf8');
      const lists = [...text.matchAll(/(?:providers:|PROVIDERS =|CLIENTS =) \[([^\]]*)\]/g)];
      return lists.flatMap(([, list]) =>
        [...list!.matchAll(/^\s*(\w+)(?=,|$)|(?<=, )(\w+)/gm)].map(([word]) => word.trim()),
      );
    });
    expect(providers.length).toBeGreaterThan(80);
    expect(providers.filter((provider, at) => providers.indexOf(provider) !== at)).toEqual([]);
  });
});
