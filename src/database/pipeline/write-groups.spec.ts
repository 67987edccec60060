import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Database } from '../database.js';
import { WriteGroups } from './write-groups.js';

const request = new AsyncLocalStorage<string>();

/** Writes are names; what was performed is noted as lists of them, a write that may wait with `!`. */
function groupsOf(perform: (writes: readonly string[], mayWait: boolean) => Promise<unknown> = () => sleep(5)) {
  const performed: string[] = [];
  const told: string[] = [];
  const effects: (() => unknown)[] = [];
  const db = {
    inTransaction: false,
    noteWrite: () => undefined,
    afterCommit: (effect: () => unknown) => void effects.push(effect),
    transaction: async <T>(work: () => Promise<T>) => {
      const result = await work();
      for (const effect of effects.splice(0)) await effect();
      return result;
    },
  };
  const doAll = async (writes: readonly string[], mayWait: boolean) => {
    performed.push(writes.join(' ') + (mayWait ? '!' : ''));
    await perform(writes, mayWait);
    return writes.map((write) => `${write} done`);
  };
  const groups = new WriteGroups<string, string>(db as unknown as Database, doAll, (result) =>
    told.push(`${result} in ${request.getStore() ?? 'none'}`),
  );
  return { groups, performed, db, told };
}

/** What the driver makes of an error that the server sent. */
const refusal = (code: string) => Object.assign(new DatabaseError(`Error ${code}`, 0, 'error'), { code });

it('starts one that comes alone at once; those that come meanwhile make one group', async () => {
  const { groups, performed } = groupsOf();
  const results = ['a', 'b', 'c', 'd'].map((write) => groups.add(write, 'user'));
  expect(performed).toEqual(['a']);
  expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done', 'd done']);
  expect(performed).toEqual(['a', 'b c d']);
  expect(await groups.add('e', 'user')).toBe('e done');
});

it('keeps keys apart', async () => {
  const { groups, performed } = groupsOf();
  await Promise.all([groups.add('a', 'one'), groups.add('b', 'two'), groups.add('c', 'one'), groups.add('d', 'two')]);
  expect(performed).toEqual(['a', 'b', 'c', 'd']);
});

it('has two writes on one subject never under way at once, and overtakes them with others', async () => {
  const { groups, performed } = groupsOf();
  const add = (write: string, subject: string) => groups.add(write, 'user', subject);
  await Promise.all([add('a1', 'a'), add('a2', 'a'), add('a3', 'a'), add('b1', 'b'), add('c1', 'c')]);
  expect(performed).toEqual(['a1', 'a2 b1 c1', 'a3']);
});

it('makes groups of twenty at most', async () => {
  const { groups, performed } = groupsOf();
  await Promise.all(Array.from({ length: 46 }, (_, n) => groups.add(`w${n}`, 'user')));
  expect(performed.map((group) => group.split(' ').length)).toEqual([1, 20, 20, 5]);
});

it('does each by itself where one fails: only that one fails', async () => {
  const { groups, performed } = groupsOf(async (writes) => {
    await sleep(5);
    if (writes.includes('bad')) throw new Error('refused');
  });
  const results = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((write) => groups.add(write, 'user')));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(results[2]).toMatchObject({ reason: new Error('refused') });
  expect(performed).toEqual(['a', 'b bad c', 'b!', 'bad!', 'c!']);
});

it('does not repeat what failed alone, unless for a lock, for which it then waits', async () => {
  const { groups, performed } = groupsOf(async (writes, mayWait) => {
    await sleep(1);
    if (writes.includes('bad')) throw new Error('refused');
    if (writes.includes('locked') && !mayWait) throw Object.assign(new Error('locked'), { code: '55P03' });
  });
  await expect(groups.add('bad', 'user')).rejects.toThrow('refused');
  expect(await groups.add('locked', 'user')).toBe('locked done');
  expect(performed).toEqual(['bad', 'locked', 'locked!']);
});

it.each([
  ['fails them all when the commit may have happened', new Error('Connection terminated unexpectedly'), ['a', 'b c']],
  ['does each by itself when the server refused the commit', refusal('23505'), ['a', 'b c', 'b!', 'c!']],
  ['fails them all when the server went away', refusal('57P01'), ['a', 'b c']],
])('%s', async (_, failure, expected) => {
  const { groups, performed, db } = groupsOf();
  db.transaction = async <T>(work: () => Promise<T>) => {
    const result = await work();
    if (Array.isArray(result) && result.length > 1) throw failure;
    return result;
  };
  const results = await Promise.allSettled(['a', 'b', 'c'].map((write) => groups.add(write, 'user')));
  expect(performed).toEqual(expected);
  const status = expected.length === 2 ? 'rejected' : 'fulfilled';
  expect(results.map((result) => result.status)).toEqual(['fulfilled', status, status]);
});

it('fails them all when there is no database', async () => {
  const { groups, performed, db } = groupsOf();
  let tries = 0;
  db.transaction = async <T>(): Promise<T> => {
    tries++;
    await sleep(5);
    throw new Error('timeout exceeded when trying to connect');
  };
  const results = await Promise.allSettled(['a', 'b', 'c'].map((write) => groups.add(write, 'user')));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect([performed, tries]).toEqual([[], 2]);
});

it('goes on beside a write that waits for a lock, and beside a slow group', async () => {
  const end: string[] = [];
  const { groups } = groupsOf(async (writes, mayWait) => {
    if (writes.includes('locked') && !mayWait) throw Object.assign(new Error('locked'), { code: '55P03' });
    await sleep(writes.some((write) => write === 'locked' || write === 'slow') ? 400 : 5);
    end.push(...writes);
  });
  const add = (write: string) => groups.add(write, 'user', write);
  const locked = add('locked');
  await sleep(1);
  const slow = add('slow');
  await sleep(1);
  await add('other');
  expect(end).toEqual(['other']);
  await Promise.all([locked, slow]);
});

it('runs a group as part of the request of its first write, and a write by itself as part of its own', async () => {
  const seen: string[] = [];
  const { groups, told } = groupsOf(async (writes) => {
    seen.push(`${writes.join(' ')} in ${request.getStore()}`);
    await sleep(5);
    if (writes.length > 1) throw new Error('no');
  });
  await Promise.all(['a', 'b', 'c'].map((write) => request.run(`request ${write}`, () => groups.add(write, 'user'))));
  expect(seen).toEqual(['a in request a', 'b c in request b', 'b in request b', 'c in request c']);
  expect(told.sort()).toEqual(['a done in request a', 'b done in request b', 'c done in request c']);
});

it('tells of each result in the context of its own request, before the answers', async () => {
  const { groups, told } = groupsOf();
  const add = (write: string) => request.run(`request ${write}`, () => groups.add(write, 'user'));
  await Promise.all([add('a'), add('b'), add('c')].map((result) => result.then((done) => told.push(done))));
  expect(told).toEqual([
    'a done in request a', 'a done', 'b done in request b', 'c done in request c', 'b done', 'c done',
  ]); // prettier-ignore
});

it('joins a transaction that is running', async () => {
  const { groups, performed, db } = groupsOf();
  db.inTransaction = true;
  expect(await Promise.all([groups.add('a', 'user'), groups.add('b', 'user')])).toEqual(['a done', 'b done']);
  expect(performed).toEqual(['a!', 'b!']);
});

it('keeps nothing of those who have written', async () => {
  const { groups } = groupsOf();
  await Promise.all(Array.from({ length: 30 }, (_, n) => groups.add('a', `user ${n % 10}`, 'a')));
  await sleep(1);
  expect((groups as unknown as { queues: Map<string, unknown> }).queues.size).toBe(0);
});
