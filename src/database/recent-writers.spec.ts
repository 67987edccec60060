import { RecentWriters } from './recent-writers.js';

describe('callers that have just written', () => {
  it('are known until their time is over, which each write begins anew', () => {
    jest.useFakeTimers();
    const writers = new RecentWriters(5_000);
    writers.add('a');
    jest.advanceTimersByTime(4_000);
    writers.add('b');
    expect([writers.has('a'), writers.has('b'), writers.has('c')]).toEqual([true, true, false]);
    writers.add('a');
    jest.advanceTimersByTime(4_000);
    expect([writers.has('a'), writers.has('b')]).toEqual([true, true]);
    jest.advanceTimersByTime(1_500);
    expect([writers.has('a'), writers.has('b')]).toEqual([false, false]);
    jest.useRealTimers();
  });

  it('of more than can be remembered nobody is taken for one who has not written', () => {
    jest.useFakeTimers();
    const writers = new RecentWriters(5_000);
    for (let i = 0; i < 10_001; i++) writers.add(`caller ${i}`);
    expect([writers.has('caller 0'), writers.has('caller 10000'), writers.has('somebody else')]).toEqual([
      true,
      true,
      true,
    ]);
    jest.advanceTimersByTime(5_001);
    expect([writers.has('caller 0'), writers.has('caller 10000'), writers.has('somebody else')]).toEqual([
      false,
      false,
      false,
    ]);
    jest.useRealTimers();
  });
});
