import { clockText, ProgressMeter, progressText, secondsLeft, showProgress } from './progress.js';

it.each([
  [{ done: 1200, total: 10_000, seconds: 4 }, '1200 of 10000 (12 %), 300/s, 0:29 left'],
  [{ done: 7, total: null, seconds: 2 }, '7, 3.5/s'],
  [{ done: 0, total: 50, seconds: 1 }, '0 of 50 (0 %), 0.0/s'],
  [{ done: 50, total: 50, seconds: 100 }, '50 of 50 (100 %), 0.5/s, 0:00 left'],
  [{ done: 0, total: 0, seconds: 0 }, '0 of 0 (100 %), 0.0/s'],
  [{ done: 60, total: 50, seconds: 6 }, '60 of 50 (100 %), 10/s, 0:00 left'],
])('%j reads %s', (progress, text) => expect(progressText(progress)).toBe(text));

it.each([
  [0.4, '0:00'],
  [59.6, '1:00'],
  [754, '12:34'],
  [11_100, '3:05:00'],
])('%d s are %s', (seconds, text) => expect(clockText(seconds)).toBe(text));

it('tells the time left at the rate so far', () => {
  expect(secondsLeft({ done: 25, total: 100, seconds: 10 })).toBe(30);
  expect(secondsLeft({ done: 0, total: 100, seconds: 10 })).toBeNull();
  expect(secondsLeft({ done: 25, total: null, seconds: 10 })).toBeNull();
});

it('counts', () => {
  const meter = new ProgressMeter();
  meter.expect(10);
  meter.add();
  meter.add(3);
  expect(meter.read()).toMatchObject({ done: 4, total: 10 });
});

describe('what is shown', () => {
  const shown = async (isTTY: boolean, done: number) => {
    const texts: string[] = [];
    const stop = showProgress(
      'fill',
      () => ({ done, total: 4, seconds: 1 }),
      { isTTY, write: (text) => texts.push(text) },
      5,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
    return texts;
  };

  it('is one line that changes on a terminal', async () => {
    const texts = await shown(true, 2);
    expect(texts.length).toBeGreaterThan(1);
    expect(texts[0]).toBe('\r\u001b[Kfill: 2 of 4 (50 %), 2.0/s, 0:01 left');
    expect(texts.at(-1)).toBe('\r\u001b[Kfill: 2 of 4 (50 %), 2.0/s, 0:01 left\n');
  });

  it('is plain lines elsewhere', async () => {
    const texts = await shown(false, 2);
    expect(new Set(texts)).toEqual(new Set(['fill: 2 of 4 (50 %), 2.0/s, 0:01 left\n']));
  });

  it('is nothing while nothing is done', async () => expect(await shown(false, 0)).toEqual([]));
});
