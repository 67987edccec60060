import fc from 'fast-check';
import { readHetu } from '../common/hetu.js';
import { addYears, drawDay, drawTestihetu, type Draw } from './testihetu.rules.js';

const day = fc
  .date({ min: new Date('1800-01-01'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

it('is valid, tells its birth date and belongs to nobody real', () => {
  fc.assert(
    fc.property(day, (birthDate) => {
      const hetu = drawTestihetu(birthDate);
      expect(hetu).toMatch(/^\d{6}[-+YXWVUABCDEF]9\d\d[0-9A-Y]$/);
      expect(readHetu(hetu)).toMatchObject({ birthDate, isFake: true });
    }),
  );
});

it.each([
  ['1890-05-01', '+'],
  ['1990-05-01', '-UVWXY'],
  ['2010-05-01', 'ABCDEF'],
])('of a birth on %s has every one of the signs %s, and both sexes', (birthDate, signs) => {
  const drawn = Array.from({ length: 2_000 }, () => drawTestihetu(birthDate));
  expect([...new Set(drawn.map((hetu) => hetu[6]))].sort().join('')).toBe(signs);
  expect([...new Set(drawn.map((hetu) => readHetu(hetu)!.sukupuoli))].sort()).toEqual(['1', '2']);
  expect(new Set(drawn.map((hetu) => hetu.slice(7, 10))).size).toBe(100);
});

it('is drawn from what it is given', () => {
  const draws = [3, 7];
  const by: Draw = () => draws.shift()!;
  expect(drawTestihetu('1990-01-01', by)).toBe('010190W907X');
});

it.each(['1799-12-31', '2100-01-01'])('there is none of %s', (birthDate) => {
  expect(() => drawTestihetu(birthDate)).toThrow(`No hetu begins with a birth on ${birthDate}`);
});

it('days are drawn from the first to the one before the end', () => {
  const days = new Set(Array.from({ length: 500 }, () => drawDay('2024-02-28', '2024-03-02')));
  expect([...days].sort()).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
});

it.each([
  ['2026-11-28', -80, '1946-11-28'],
  ['2024-02-29', -7, '2017-02-28'],
  ['2024-02-29', 4, '2028-02-29'],
  ['2024-02-29', 1, '2025-02-28'],
])('%s and %i years is %s', (from, years, to) => expect(addYears(from, years)).toBe(to));
