import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';

describe('schema', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());
  it('has the three mail states', async () => {
    const { rows } = await withClient(database.url, (c) => c.query('select id from queuedemailstatus order by id'));
    expect(rows).toEqual([{ id: 'ERROR' }, { id: 'QUEUED' }, { id: 'SENT' }]);
  });
});
