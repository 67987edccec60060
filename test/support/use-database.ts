import { createDataSource, type EntityClass } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/**
 * A new database and the service's door to it, for the tests of this file or `describe`; both are taken away afterwards.
 * @param opened gets them before other `beforeAll` of the tests run
 */
export function useDatabase(
  opened: (db: Database, url: string) => void,
  { poolSize, entities = [] }: { poolSize: number; entities?: EntityClass[] },
): void {
  let database: TestDatabase | undefined;
  let db: Database | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = new Database(await createDataSource({ url: database.url, poolSize }, entities).initialize());
    opened(db, database.url);
  });
  afterAll(async () => {
    await db?.onApplicationShutdown();
    await database?.drop();
  });
}
