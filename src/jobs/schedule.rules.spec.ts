import { dailyAt, describeSchedule, firstTime, fixedDelay, movedTime, nextTime } from './schedule.rules.js';

const at = (text: string) => new Date(`${text}Z`);
const daily = dailyAt(4, 30);
const hourly = fixedDelay({ hours: 1 });

describe('the next time', () => {
  it.each([
    ['2026-01-31T04:29:59.999', '2026-01-31T04:30:00'],
    ['2026-01-31T04:30:00', '2026-02-01T04:30:00'],
    ['2026-12-31T10:00:00', '2027-01-01T04:30:00'],
    ['2026-03-28T12:00:00', '2026-03-29T04:30:00'], // the night that Helsinki loses an hour
    ['2026-10-24T12:00:00', '2026-10-25T04:30:00'], // the night that it has an hour twice
    ['2028-02-28T12:00:00', '2028-02-29T04:30:00'],
  ])('of a daily job after %s is %s', (after, next) => expect(nextTime(daily, at(after))).toEqual(at(next)));

  it('of a fixed delay counts from the end', () => {
    expect(nextTime(hourly, at('2026-01-31T10:20:30'))).toEqual(at('2026-01-31T11:20:30'));
    expect(nextTime(fixedDelay({ minutes: 15, milliseconds: 5 }), at('2026-01-31T10:00:00'))).toEqual(
      at('2026-01-31T10:15:00.005'),
    );
  });
});

it('starts a fixed delay at once and a daily job at its time', () => {
  const now = at('2026-01-31T10:00:00');
  expect(firstTime(hourly, now)).toEqual(now);
  expect(firstTime(daily, now)).toEqual(at('2026-02-01T04:30:00'));
});

describe('at a later start', () => {
  const now = at('2026-01-31T10:00:00');
  const row = (executionTime: string, lastSuccess: string | null = null) => ({
    executionTime: at(executionTime),
    lastSuccess: lastSuccess ? at(lastSuccess) : null,
    lastFailure: null,
  });

  it.each([
    ['an overdue row', daily, row('2026-01-30T04:30:00'), null],
    ['a row due within ten seconds', daily, row('2026-01-31T10:00:10'), null],
    ['a daily row at its time', daily, row('2026-02-01T04:30:00'), null],
    ['a daily row at another time', daily, row('2026-02-01T03:30:00'), '2026-02-01T04:30:00'],
    ['a daily row days ahead', daily, row('2026-02-04T04:30:00'), '2026-02-01T04:30:00'],
    ['a fixed delay that is sooner than before', hourly, row('2026-01-31T12:00:00'), '2026-01-31T11:00:00'],
    ['a fixed delay that is later than before', hourly, row('2026-01-31T10:30:00'), null],
  ])('%s', (_, schedule, given, moved) => expect(movedTime(schedule, given, now)).toEqual(moved && at(moved)));

  it('does not bring back a daily run when the clock was set back over it', () => {
    const ran = row('2026-02-01T04:30:00', '2026-01-31T04:30:07');
    expect(movedTime(daily, ran, at('2026-01-31T04:10:00'))).toBeNull();
  });

  it('does not let a run of a clock days ahead hold the job back', () => {
    const ran = row('2026-02-04T04:30:00', '2026-02-03T04:30:07');
    expect(movedTime(daily, ran, now)).toEqual(at('2026-02-01T04:30:00'));
  });
});

it('is told to operators', () => {
  expect([daily, fixedDelay({ minutes: 15 }), fixedDelay({ milliseconds: 1500 })].map(describeSchedule)).toEqual([
    'daily 04:30 UTC',
    '15 min after the end',
    '1.5 s after the end',
  ]);
});
