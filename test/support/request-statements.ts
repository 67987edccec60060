import { works } from '../../src/common/work.js';
import { Database } from '../../src/database/database.js';
import type { TestApp } from './test-app.js';

/**
 * What requests under way ask of the database, statement by statement, but for those in transactions. What the service asks
 * for itself meanwhile (messages that wait, imports, documents to be built) is left out.
 */
export function watchRequestStatements(app: TestApp): { readonly texts: string[]; stop(): void } {
  const pool = app.nest.get(Database, { strict: false }).pools.requests;
  const texts: string[] = [];
  const query = pool.query.bind(pool);
  const spy = jest.spyOn(pool, 'query').mockImplementation((statement) => {
    if (works.getStore()) texts.push(statement.text);
    return query(statement);
  });
  return { texts, stop: () => spy.mockRestore() };
}
