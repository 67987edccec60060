import fc from 'fast-check';
import { drawHenkiloOid, henkiloOid } from './oid.js';

describe('henkilö OID', () => {
  it.each([
    [1_000_000_000, '10000000003', '10000000009'],
    [1_000_000_001, '10000000016', '10000000017'],
    [1_000_000_002, '10000000029', '10000000025'],
    [1_234_567_890, '12345678907', '12345678903'],
    [2_147_483_647, '21474836478', '21474836471'],
    [2_744_431_923, '27444319233', '27444319233'],
    [5_000_000_000, '50000000005', '50000000005'],
    [9_876_543_210, '98765432103', '98765432103'],
    [9_999_999_999, '99999999990', '99999999990'],
  ])('numbers %d', (number, node24, node98) => {
    expect(henkiloOid(24, number)).toBe(`1.2.246.562.24.${node24}`);
    expect(henkiloOid(98, number)).toBe(`1.2.246.562.98.${node98}`);
  });

  it('draws eleven digits without a leading zero', () => {
    for (let i = 0; i < 100; i++) expect(drawHenkiloOid(24)).toMatch(/^1\.2\.246\.562\.24\.[1-9]\d{10}$/);
  });
});

describe('any number', () => {
  const number = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 });
  /** The digits from the right, the check digit first, each as `weigh` counts it. */
  const sum = (oid: string, weigh: (digit: number, at: number) => number) =>
    [...oid.split('.').at(-1)!].reverse().reduce((total, digit, at) => total + weigh(Number(digit), at), 0);

  it('of node 24 weighs a multiple of ten by 1, 7, 3, 1 …, and with one wrong digit it does not', () =>
    fc.assert(
      fc.property(number, fc.nat(10), fc.integer({ min: 1, max: 9 }), (n, at, by) => {
        const weigh = (digit: number, place: number) => digit * (place === 0 ? 1 : [7, 3, 1][(place - 1) % 3]!);
        const oid = henkiloOid(24, n);
        expect(oid.slice(0, -1)).toBe(`1.2.246.562.24.${n}`);
        expect(sum(oid, weigh) % 10).toBe(0);
        const digits = [...oid.slice(-11)];
        digits[at] = String((Number(digits[at]) + by) % 10);
        expect(sum(digits.join(''), weigh) % 10).not.toBe(0);
      }),
    ));

  it('of another node is right by Luhn', () =>
    fc.assert(
      fc.property(number, fc.integer({ min: 25, max: 99 }), (n, node) => {
        const luhn = (digit: number, at: number) => (at % 2 === 0 ? digit : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]!);
        expect(sum(henkiloOid(node, n), luhn) % 10).toBe(0);
      }),
    ));
});
