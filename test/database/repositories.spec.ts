import { EntitySchema } from 'typeorm';
import type { Database } from '../../src/database/database.js';
import { DatabaseUnavailableError } from '../../src/database/unavailable.js';
import { useDatabase } from '../support/use-database.js';

interface Koe {
  id: number;
  teksti: string | null;
  hetki: Date | null;
}
const KOE = new EntitySchema<Koe>({
  name: 'Koe',
  tableName: 'onr_koe',
  columns: {
    id: { type: 'bigint', primary: true },
    teksti: { type: 'text', nullable: true },
    hetki: { type: 'timestamp', nullable: true },
  },
});

describe('repositories on Database.manager', () => {
  let db: Database;

  useDatabase((opened) => (db = opened), { poolSize: 2, entities: [KOE] });
  beforeAll(async () => {
    await db.execute('create table onr_koe (id bigint primary key, teksti text, hetki timestamp)');
  });
  beforeEach(() => db.execute('truncate onr_koe'));

  const koe = () => db.repository(KOE);
  const ids = async () => (await db.query<{ id: number }>('select id from onr_koe order by id')).map(({ id }) => id);
  const otherIds = () => db.newTransaction(ids);

  it('outside a transaction each statement is its own', async () => {
    await koe().insert({ id: 1, teksti: 'a', hetki: new Date('2026-01-31T10:15:30.123Z') });
    expect(await koe().update({ id: 1 }, { teksti: 'b' })).toMatchObject({ affected: 1 });
    expect(await koe().find()).toEqual([{ id: 1, teksti: 'b', hetki: new Date('2026-01-31T10:15:30.123Z') }]);
    const [row] = await db.query<{ hetki: string }>('select hetki::text from onr_koe');
    expect(row).toEqual({ hetki: '2026-01-31 10:15:30.123' });
    expect(await koe().delete({ id: 1 })).toMatchObject({ affected: 1 });
    expect(await koe().count()).toBe(0);
  });

  it('inside one they take part in it, beside statements by hand, from the first statement on', async () => {
    const seen = await db.transaction(async () => {
      await koe().insert({ id: 1 });
      await db.execute('insert into onr_koe values (2)');
      return { inside: await koe().count(), byHand: await ids(), outside: await otherIds() };
    });
    expect(seen).toEqual({ inside: 2, byHand: [1, 2], outside: [] });
    expect(await ids()).toEqual([1, 2]);
  });

  it('what they did is undone with the transaction', async () => {
    const work = db.transaction(async () => {
      await koe().insert({ id: 1 });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await ids()).toEqual([]);
  });

  it('what is to be written last sees what they wrote, and they may write it', async () => {
    const seen: number[] = [];
    await db.transaction(async () => {
      db.beforeCommit('by hand', async () => void seen.push(...(await ids())));
      db.beforeCommit('repository', async () => {
        await koe().insert({ id: 2 });
      });
      await koe().insert({ id: 1 });
    });
    expect(seen).toEqual([1]);
    expect(await ids()).toEqual([1, 2]);
  });

  it('two transactions side by side keep apart', async () => {
    const count = (id: number) =>
      db.transaction(async () => {
        await koe().insert({ id });
        return koe().count();
      });
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = db.transaction(async () => {
      await koe().insert({ id: 1 });
      await held;
      return koe().count();
    });
    expect(await count(2)).toBe(1);
    release();
    expect(await first).toBe(2);
  });

  it('may lock a row', async () => {
    await koe().insert({ id: 1 });
    await db.transaction(async () => {
      await koe().find({ where: { id: 1 }, lock: { mode: 'pessimistic_write' } });
      const sql = 'select id from onr_koe for update skip locked';
      expect(await db.newTransaction(() => db.query(sql))).toEqual([]);
    });
  });

  it('a failure is the one of the driver, without the values', async () => {
    await koe().insert({ id: 1, teksti: 'secret' });
    const error = await koe()
      .insert({ id: 1, teksti: 'secret' })
      .then(
        () => null,
        (e: unknown) => e,
      );
    expect(error).toMatchObject({ name: 'error', code: '23505' });
    expect(error).not.toHaveProperty('parameters');
    await expect(db.reserved.manager.query('select pg_sleep(10)')).rejects.toThrow(DatabaseUnavailableError);
  });

  it('a deadlock begins the work anew', async () => {
    await koe().insert([{ id: 1 }, { id: 2 }]);
    let meet!: () => void;
    let waiting = 2;
    const bothHoldOne = new Promise<void>((resolve) => (meet = resolve));
    const work = (first: number, second: number) =>
      db.newTransaction(async () => {
        await koe().update({ id: first }, { teksti: 'x' });
        if (--waiting === 0) meet();
        await bothHoldOne;
        await koe().update({ id: second }, { teksti: 'x' });
        return 'done';
      });
    expect(await Promise.all([work(1, 2), work(2, 1)])).toEqual(['done', 'done']);
  });

  it('TypeORM opens no transaction of its own', async () => {
    await expect(koe().save({ id: 1, teksti: null, hetki: null })).rejects.toThrow('Database.transaction opens');
    await expect(db.manager.transaction(() => ids())).rejects.toThrow('Database.transaction opens');
    await db.transaction(async () => {
      await koe().save({ id: 1, teksti: null, hetki: null });
      await expect(db.manager.transaction(() => ids())).rejects.toThrow('Database.transaction opens');
    });
    expect(await ids()).toEqual([1]);
  });
});
