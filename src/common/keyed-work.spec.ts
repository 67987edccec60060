import { setTimeout as sleep } from 'node:timers/promises';
import { KeyedWork } from './keyed-work.js';

it('keeps the order within a key, works on several keys at once and never on more than the limit', async () => {
  const work = new KeyedWork(3);
  const ended: string[] = [];
  let running = 0;
  let most = 0;
  const items = ['a1', 'a2', 'b1', 'c1', 'a3', 'd1', 'b2', 'e1', 'e2'];
  for (const [i, item] of items.entries()) {
    await work.add(item[0]!, async () => {
      most = Math.max(most, ++running);
      await sleep(item.startsWith('a') ? 15 : 1 + (i % 3));
      running--;
      ended.push(item);
    });
  }
  await work.drain();
  expect([...ended].sort()).toEqual([...items].sort());
  for (const key of 'abe')
    expect(ended.filter((i) => i.startsWith(key))).toEqual(items.filter((i) => i.startsWith(key)));
  expect(ended.indexOf('b1')).toBeLessThan(ended.indexOf('a1'));
  expect([2, 3]).toContain(most);
});

it('starts nothing more after an error and tells it', async () => {
  const work = new KeyedWork(2);
  const done: number[] = [];
  await work.add('a', () => Promise.reject(new Error('no database')));
  await work.add('a', () => Promise.resolve(void done.push(1)));
  await expect(work.add('b', () => Promise.resolve(void done.push(2)))).rejects.toThrow('no database');
  await expect(work.drain()).rejects.toThrow('no database');
  expect(done).toEqual([]);
});
