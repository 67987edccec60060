import fc from 'fast-check';
import { centurySigns, isValidHetu, looksLikeHetu, makeHetu, readHetu } from './hetu.js';

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

  it('takes no text for a hetu that is none, made-up ones allowed or not', () => {
    expect(isValidHetu('010190-900X', { allowFake: true })).toBe(false);
    expect(isValidHetu('010190-900X', { allowFake: false })).toBe(false);
  });

  it.each(['010190-900P', '010190-900X', ' 010190a900p\t'])('may be meant by %j', (text) => {
    expect(looksLikeHetu(text)).toBe(true);
  });

  it.each(['x010190-900P', '010190-900Px', '010190-900', '010190/900P', 'Aino'])('is not meant by %j', (text) => {
    expect(looksLikeHetu(text)).toBe(false);
  });

  it.each([
    ['1799-12-31', ''],
    ['1899-12-31', '+'],
    ['1999-12-31', '-YXWVU'],
    ['2000-01-01', 'ABCDEF'],
    ['2100-01-01', ''],
  ])('of a birth on %s may have the signs %j', (birthDate, signs) => {
    expect(centurySigns(birthDate).join('')).toBe(signs);
  });

  it('is made of day, sign and number', () => {
    expect(makeHetu('1990-01-01', '-', '900')).toBe('010190-900P');
    expect(makeHetu('2003-02-01', 'A', '901')).toBe('010203A9013');
  });

  it('takes a made-up hetu only where they are allowed', () => {
    expect(isValidHetu('010190-900P', { allowFake: true })).toBe(true);
    expect(isValidHetu('010190-900P', { allowFake: false })).toBe(false);
    expect(isValidHetu(marked('010190-123'), { allowFake: false })).toBe(true);
    expect(isValidHetu(marked('010190-001'), { allowFake: false })).toBe(true);
  });
});

describe('any hetut', () => {
  const day = fc
    .date({ min: new Date('1800-01-01'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const hetu = fc.tuple(day, fc.nat(99), fc.nat(999)).map(([birthDate, n, number]) => {
    const signs = centurySigns(birthDate);
    const digits = String(number).padStart(3, '0');
    return { text: makeHetu(birthDate, signs[n % signs.length]!, digits), birthDate, digits };
  });

  it('tell what they were made of', () =>
    fc.assert(
      fc.property(hetu, ({ text, birthDate, digits }) => {
        const sukupuoli = '13579'.includes(digits[2]!) ? '1' : '2';
        expect(readHetu(text)).toEqual({ birthDate, sukupuoli, isFake: digits[0] === '9' });
        expect(isValidHetu(text, { allowFake: false })).toBe(digits[0] !== '9');
        expect(looksLikeHetu(text)).toBe(true);
      }),
    ));

  it('with one wrong digit, or with two neighbours changed round, are none', () =>
    fc.assert(
      fc.property(
        hetu,
        fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9),
        fc.integer({ min: 1, max: 9 }),
        ({ text }, at, by) => {
          const wrong = [...text];
          wrong[at] = String((Number(wrong[at]) + by) % 10);
          expect(readHetu(wrong.join(''))).toBeUndefined();
          const [one, next] = [text[at]!, text[at + 1]!];
          if (!/\d/.test(next) || at === 9 || one === next) return;
          expect(readHetu(text.slice(0, at) + next + one + text.slice(at + 2))).toBeUndefined();
        },
      ),
    ));

  it('are all that is read, and no text is too strange', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), hetu, (text, { text: real }) => {
        expect(readHetu(text)).toBeUndefined();
        if (text !== '') for (const longer of [text + real, real + text]) expect(readHetu(longer)).toBeUndefined();
      }),
    ));
});
