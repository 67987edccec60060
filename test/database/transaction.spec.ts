import { Client } from 'pg';
import { assertOutsideTransaction } from '../../src/common/open-transaction.js';
import type { Database } from '../../src/database/database.js';
import { useDatabase } from '../support/use-database.js';

describe('a transaction', () => {
  let url: string;
  let db: Database;

  useDatabase((opened, address) => ([db, url] = [opened, address]), { poolSize: 3 });
  beforeAll(async () => {
    await db.execute('create table onr_koe (id int primary key, teksti text)');
  });
  beforeEach(() => db.execute('truncate onr_koe'));

  const insert = async (id: number): Promise<void> => {
    await db.execute('insert into onr_koe values ($1)', [id]);
  };
  const ids = async () => (await db.query<{ id: number }>('select id from onr_koe order by id')).map(({ id }) => id);

  it('stores what it wrote and what is to be written last, in that order, and then tells of it', async () => {
    const told: (number[] | string)[] = [];
    const answer = await db.transaction(async () => {
      db.beforeCommit('last', () => insert(2));
      db.beforeCommit('later', async () => {
        await insert(3);
        db.afterCommit(async () => told.push(await ids()));
      });
      await insert(1);
      return 'answer';
    });
    expect(answer).toBe('answer');
    expect(told).toEqual([[1, 2, 3]]);
  });

  it('stores nothing when a last statement fails, and tells nobody', async () => {
    const told: string[] = [];
    const work = db.transaction(async () => {
      db.afterCommit(() => told.push('committed'));
      db.beforeCommit('fails', () => insert(1));
      db.beforeCommit('works', () => insert(2));
      await insert(1);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('stores nothing when what is to happen last fails before it asks the database', async () => {
    const refuse = async (): Promise<void> => {
      await (async () => {
        throw new Error('not so');
      })();
      await insert(2);
    };
    const work = db.transaction(async () => {
      db.beforeCommit('refuses', refuse);
      db.beforeCommit('works', () => insert(3));
      await insert(1);
    });
    await expect(work).rejects.toThrow('not so');
    expect(await ids()).toEqual([]);
  });

  it('says so when something is to be written after its commit', async () => {
    const work = db.transaction(async () => {
      db.beforeCommit('too late', async () => {
        await insert(1);
        await insert(2);
      });
      await insert(3);
    });
    await expect(work).rejects.toThrow('The transaction has ended');
    expect(await ids()).toEqual([1, 3]);
  });

  it('fails when one of its statements failed, even if nobody minded', async () => {
    const work = db.transaction(async () => {
      await insert(1);
      await insert(1).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await ids()).toEqual([]);
  });

  it('is tried again when it and another wait for each other', async () => {
    await insert(1);
    await insert(2);
    let meet!: () => void;
    let waiting = 2;
    const bothHoldOne = new Promise<void>((resolve) => (meet = resolve));
    const lock = (id: number) => db.query('select id from onr_koe where id = $1 for update', [id]);
    const work = (first: number, second: number) =>
      db.newTransaction(async () => {
        await lock(first);
        if (--waiting === 0) meet();
        await bothHoldOne;
        await lock(second);
        return 'done';
      });
    expect(await Promise.all([work(1, 2), work(2, 1)])).toEqual(['done', 'done']);
  });

  it('lets nothing outside be called while it is open, but before, between its attempts and after it', async () => {
    const asked = () => {
      try {
        assertOutsideTransaction('peer');
        return 'asked';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const answers = [asked()];
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let fromThere!: Promise<string>;
    await db.transaction(async () => {
      fromThere = ended.then(asked);
      answers.push(db.outsideTransaction('call', async () => asked()));
      answers.push(asked());
      db.afterCommit(() => answers.push(asked()));
      await db.newTransaction(async () => db.afterCommit(() => answers.push(asked())));
    });
    end();
    answers.push(asked(), await fromThere);
    const refused = 'peer must not be called inside a transaction';
    expect(answers).toEqual(['asked', 'asked', refused, refused, 'asked', 'asked', 'asked']);
  });

  it('makes an outside call without holding anything, then begins anew', async () => {
    const calls: (number[] | string)[] = [];
    await db.transaction(async () => {
      await insert(1);
      const answer = db.outsideTransaction('call', async () => {
        calls.push(await ids());
        return 'granted';
      });
      calls.push(answer);
    });
    expect(calls).toEqual([[], 'granted']);
    expect(await ids()).toEqual([1]);
  });

  it('fails, and nothing else does, whenever its connection breaks', async () => {
    const admin = new Client({ connectionString: url });
    await admin.connect();
    let ended = false;
    const breaking = (async () => {
      while (!ended) {
        await admin.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const outcomes = new Set<string>();
    const until = Date.now() + 3_000;
    const work = async (n: number) => {
      while (Date.now() < until) {
        const one = n % 2 ? db.query('select 1') : db.transaction(() => db.query('select 1'));
        await one.then(
          () => outcomes.add('done'),
          () => outcomes.add('failed'),
        );
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => work(n)));
    ended = true;
    await breaking;
    await admin.end();
    expect(outcomes).toEqual(new Set(['done', 'failed']));
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('fails with its connection, and the next one works', async () => {
    const work = db.transaction(async () => {
      await insert(1);
      const [row] = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
      await db.newTransaction(() => db.query('select pg_terminate_backend($1)', [row!.pid]));
      await insert(2);
    });
    await expect(work).rejects.toThrow();
    await db.transaction(() => insert(3));
    expect(await ids()).toEqual([3]);
  });
});
