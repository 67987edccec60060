import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('prepared statements', () => {
  let database: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    db = new Database(await createDataSource({ url: database.url, poolSize: 1 }).initialize());
  });
  afterAll(async () => {
    await db?.onApplicationShutdown();
    await database?.drop();
  });

  it('are kept by a connection up to a number, however many shapes are asked for; all answer', async () => {
    await db.transaction(async () => {
      for (let i = 0; i < 400; i++) {
        expect(await db.prepared(`shape-${i}`, `select $1::int + ${i} as sum`, [1])).toEqual([{ sum: 1 + i }]);
      }
      expect(await db.prepared('shape-0', 'select $1::int + 0 as sum', [5])).toEqual([{ sum: 5 }]);
      const [row] = await db.query(
        `select count(*)::int as kept from pg_prepared_statements where name like 'shape-%'`,
      );
      expect(row).toEqual({ kept: 300 });
    });
  });
});
