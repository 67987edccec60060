import { isValidHetu, readHetu } from './hetu.js';

const marked = (start: string) => {
  const mark = '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(start.slice(0, 6) + start.slice(7)) % 31]!;
  return start + mark;
};

describe('hetu', () => {
  it.each([
    ['010190-900P', '1990-01-01', '2'],
    ['010203A9013', '2003-02-01', '1'],
    [marked('010199+931'), '1899-01-01', '1'],
    [marked('070770Y927'), '1970-07-07', '1'],
    [marked('060606C926'), '2006-06-06', '2'],
    [marked('310299-900'), '1999-02-28', '2'],
    [marked('290200-901'), '1900-02-28', '1'],
    [marked('310200A902'), '2000-02-29', '2'],
    [marked('310499-903'), '1999-04-30', '1'],
  ])('reads %s', (hetu, birthDate, sukupuoli) => {
    expect(readHetu(hetu)).toEqual({ birthDate, sukupuoli, isFake: true });
  });

  it.each([...'+-YXWVUABCDEF'])('knows the century sign %s', (sign) => {
    expect(readHetu(marked(`010170${sign}901`))).toBeDefined();
  });

  it.each([
    '010190-900X', '010190-900p', ' 010190-900P', '010190-900P ', '010190-900', '', marked('000190-900'), marked('320190-900'),
    marked('010090-900'), marked('011390-900'), '010190a900P', '010190G900P',
  ])('refuses %j', (text) => {
    expect(readHetu(text)).toBeUndefined();
  }); // prettier-ignore

  it('takes a made-up hetu only where they are allowed', () => {
    expect(isValidHetu('010190-900P', { allowFake: true })).toBe(true);
    expect(isValidHetu('010190-900P', { allowFake: false })).toBe(false);
    expect(isValidHetu(marked('010190-123'), { allowFake: false })).toBe(true);
    expect(isValidHetu(marked('010190-001'), { allowFake: false })).toBe(true);
  });
});
