import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = new Database(await createDataSource({ url: database.url, poolSize: 3 }).initialize());
});
afterAll(async () => {
  await db?.onApplicationShutdown();
  await database?.drop();
});

it('a connection keeps 500 statements prepared, and answers all others, too', async () => {
  await db.transaction(async () => {
    const ask = (n: number) => db.prepared<{ sum: number }>(`koe-${n}`, `select $1::int + ${n} as sum`, [1]);
    for (let n = 0; n < 620; n++) expect(await ask(n)).toEqual([{ sum: n + 1 }]);
    for (const n of [0, 499, 500, 619]) expect(await ask(n)).toEqual([{ sum: n + 1 }]);
    const [kept] = await db.query<{ count: number; first: boolean; last: boolean }>(
      `select count(*)::int as count, bool_or(name = 'koe-0') as first, bool_or(name = 'koe-619') as last from pg_prepared_statements`,
    );
    expect(kept).toEqual({ count: 500, first: true, last: false });
  });
});
