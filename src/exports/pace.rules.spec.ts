import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Pace } from './pace.rules.js';

const pieces = (count: number, bytes: number) =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(bytes, 'x')));

it('what flows through takes the time that its bytes have, in all streams together, and nothing of it is lost', async () => {
  const pace = new Pace(() => 100_000);
  const began = performance.now();
  const [one, other] = await Promise.all([
    buffer(pieces(10, 2_000).pipe(pace.stream())),
    buffer(pieces(10, 1_000).pipe(pace.stream())),
  ]);
  expect([one.length, other.length]).toEqual([20_000, 10_000]);
  expect(performance.now() - began).toBeGreaterThan(270); // the last piece passes when those before it have had theirs
});

it('time in which nothing flowed is not made up for', async () => {
  const pace = new Pace(() => 100_000);
  await buffer(pieces(1, 1_000).pipe(pace.stream()));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  await buffer(pieces(11, 1_000).pipe(pace.stream()));
  expect(performance.now() - began).toBeGreaterThan(95);
});
