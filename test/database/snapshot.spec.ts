import type { Database } from '../../src/database/database.js';
import { useDatabase } from '../support/use-database.js';

let db: Database;
useDatabase((opened) => (db = opened), { poolSize: 1 });

it('a copy leaves the event loop to others after each piece', async () => {
  let [turns, counting, bytes, pieces] = [0, true, 0, 0];
  const turn = () => {
    turns++;
    if (counting) setImmediate(turn);
  };
  setImmediate(turn);
  let longest = 0; // bytes that came without a turn in between
  await db.withSnapshot(60_000, async (snapshot) => {
    const rows = snapshot.copy(`copy (select repeat('x', 100) from generate_series(1, 400000)) to stdout`);
    let [turnBefore, since] = [turns, 0];
    for await (const piece of rows as AsyncIterable<Buffer>) {
      if (turns !== turnBefore) since = 0;
      turnBefore = turns;
      since += piece.length;
      longest = Math.max(longest, since);
      bytes += piece.length;
      pieces++;
    }
  });
  counting = false;
  expect(bytes).toBe(400_000 * 101);
  console.log(`${pieces} pieces, ${longest} bytes at most without a turn`);
  expect(longest).toBeLessThan(400_000);
});
