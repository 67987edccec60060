import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tableOf, type EntityOf } from '../../src/database/entity-columns.js';
import { ENTITIES } from '../../src/entities.js';

const SRC = path.resolve(__dirname, '../../src');
const BY_HAND =
  /\b(?:insert into|update|delete from)\s+(\w+)\s+(?:(?!set|where)\w+\s+)?(?:\(|set\b|where\b|using\b|as\b|select\b)/g;
const REPOSITORY = /\brepository\((\w+)\)/g;
const WRITES = /\.(?:insert|update|delete|upsert|save|remove)\(/;

/** Tables that a file writes by hand, or of which it holds the repository while it writes by some. */
function writtenBy(text: string): Set<string> {
  const byHand = [...text.matchAll(BY_HAND)].map((match) => match[1]!);
  const held = WRITES.test(text) ? [...text.matchAll(REPOSITORY)].map((match) => match[1]!) : [];
  const tables = held.flatMap((name) =>
    (ENTITIES as EntityOf<object>[]).filter((entity) => entity.name === name).map(tableOf),
  );
  return new Set([...byHand, ...tables]);
}

it('each table is written in one place', () => {
  const writers = new Map<string, string[]>();
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('database/'),
  );
  for (const file of files) {
    for (const table of writtenBy(readFileSync(path.join(SRC, file), 'utf8')))
      writers.set(table, [...(writers.get(table) ?? []), file]);
  }
  expect(writers.get('henkilo')).toEqual(['henkilo/muutos/henkilo.store.ts']);
  expect(writers.get('yhteystiedot')).toEqual(['yhteystiedot/yhteystiedot.repository.ts']);
  expect(writers.get('yksilointitieto')).toEqual(['yksilointitieto/yksilointitieto.repository.ts']);
  const several = [...writers].filter(([, places]) => places.length > 1);
  expect(several).toEqual([]);
});
