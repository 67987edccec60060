import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(__dirname, '../../src');
/** Rooms of values and functions, and of entry points: nothing in them is provided by Nest. */
const WITHOUT_MODULE = ['bin', 'common'];

/** Kinds of files, explained in docs/architecture.md. */
const KINDS = [
  'client', 'constants', 'controller', 'decorator', 'dto', 'entity', 'errors', 'filter', 'guard', 'html',
  'internal.controller', 'job', 'jobs', 'mapper', 'model', 'module', 'outbox', 'publisher', 'registry', 'repository',
  'rules', 's2s.controller', 'service', 'settings', 'sql', 'store', 'strategy', 'topic', 'validator',
]; // prettier-ignore
/** Rooms of entry points and tools: their files have plain names. */
const PLAIN = ['bin', 'common', 'config', 'database', 'http'];

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

  it('say in the name of each file what kind it is', () => {
    const unknown = files.filter((file) => {
      const [room, ...rest] = file.split('/');
      const [name, ...kind] = path
        .basename(file)
        .replace(/(\.spec)?\.ts$/, '')
        .split('.');
      const isPlain = rest.length === 0 || PLAIN.includes(room!) || name === room;
      return !KINDS.includes(kind.join('.')) && !(kind.length === 0 && isPlain);
    });
    expect(unknown).toEqual([
      'app.setup.ts',
      'common/unidecode.d.ts',
      'database/pg-parameter.d.ts',
      'http/binding/class-transformer-storage.d.ts',
    ]);
  });

  it('explain each kind in docs/architecture.md', () => {
    const document = readFileSync(path.resolve(SRC, '../docs/architecture.md'), 'utf8');
    const table = /\| Suffix \| Holds \|\n[^\n]*\n((?:\|.*\n)+)/.exec(document)![1]!;
    const described = table.split('\n').flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)]);
    expect(described.map(([, kind]) => kind!).sort()).toEqual([...KINDS].sort());
  });
});
