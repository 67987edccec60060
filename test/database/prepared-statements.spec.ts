import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { useDatabase } from '../support/use-database.js';

let url: string;
let db: Database;

useDatabase((opened, address) => ([db, url] = [opened, address]), { poolSize: 3 });

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

describe('a statement that its connection has run before', () => {
  let one: Database;

  beforeAll(async () => {
    one = new Database(await createDataSource({ url, poolSize: 1 }).initialize());
  });
  afterAll(() => one?.onApplicationShutdown());

  /** All on one connection, which has no other statements. */
  const inOne = (work: () => Promise<void>) => one.transaction(work);

  it('gives rows of the same values as the first time', () =>
    inOne(async () => {
      const ask = (text: string | null, numbers: number[]) =>
        one.prepared(
          'koe-values',
          `select $1::text as teksti, date '2026-02-28' as paiva, timestamp '2026-02-28 12:30' as hetki, 9007199254740991::bigint as suuri,
                  true as tosi, $2::int[] as luvut, '{"a":[1]}'::jsonb as json, null::int as tyhja`,
          [text, numbers],
        );
      const rest = {
        paiva: '2026-02-28',
        hetki: new Date('2026-02-28T12:30:00Z'),
        suuri: 9007199254740991,
        tosi: true,
        json: { a: [1] },
        tyhja: null,
      };
      for (let time = 0; time < 3; time++) {
        expect(await ask('Ääkkönen', [1, 2])).toEqual([{ teksti: 'Ääkkönen', luvut: [1, 2], ...rest }]);
        expect(await ask(null, [])).toEqual([{ teksti: null, luvut: [], ...rest }]);
      }
    }));

  it('gives many rows, none, and what side by side others give, each to its own', () =>
    inOne(async () => {
      const count = (n: number) =>
        one.prepared<{ n: number }>('koe-series', 'select n from generate_series(1, $1::int) as n', [n]);
      await count(1);
      const answers = await one.together(() => Promise.all([count(3), count(0), count(2000), count(1)]));
      expect(answers.map((rows) => rows.length)).toEqual([3, 0, 2000, 1]);
      expect(answers[0]).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    }));

  it('fails alone: the next one of its connection works', async () => {
    const divide = (n: unknown) => one.prepared<{ x: number }>('koe-divide', 'select 10 / $1::int as x', [n]);
    expect(await divide(5)).toEqual([{ x: 2 }]);
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
    await expect(divide('x')).rejects.toMatchObject({ code: '22P02' });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    await expect(divide(circle)).rejects.toThrow('circular');
    expect(await divide(2)).toEqual([{ x: 5 }]);
  });

  it('is another one when its name has come to mean another text', () =>
    inOne(async () => {
      expect(await one.prepared('koe-name', 'select 1 as a', [])).toEqual([{ a: 1 }]);
      await expect(one.prepared('koe-name', 'select 2 as b', [])).rejects.toThrow('Prepared statements must be unique');
    }));
});
