import { Socket } from 'node:net';
import type { Database } from '../../src/database/database.js';
import { useDatabase } from '../support/use-database.js';

describe('statements that are sent together', () => {
  let db: Database;
  useDatabase((opened) => (db = opened), { poolSize: 1 });
  afterEach(() => jest.restoreAllMocks());

  /** System calls by which `work` is sent. */
  async function countWrites(work: () => Promise<unknown>): Promise<number> {
    const single = jest.spyOn(Socket.prototype, '_write');
    const several = jest.spyOn(Socket.prototype, '_writev' as '_write');
    await work();
    return single.mock.calls.length + several.mock.calls.length;
  }
  const select = (n: number) => db.query<{ n: number }>('select $1::int as n', [n]);

  it('leave in one system call, BEGIN with the first and COMMIT with the last ones', async () => {
    await select(0);
    const answers: unknown[] = [];
    const writes = await countWrites(() =>
      db.transaction(async () => {
        db.beforeCommit('last', async () => void answers.push(...(await select(4))));
        answers.push(...(await select(1)));
        answers.push(...(await db.together(() => Promise.all([select(2), select(3)]))).flat());
      }),
    );
    expect(answers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(writes).toBe(3);
  });
});
