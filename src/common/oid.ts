import { randomInt } from 'node:crypto';

const NODE_WITH_OWN_CHECK_DIGIT = 24;

/** Digits from the right weighted 7, 3, 1, 7 …: the check digit of node 24 (docs/spec/schema.md#9). */
function checkDigit731(digits: string): number {
  const sum = [...digits].reverse().reduce((s, digit, i) => s + Number(digit) * [7, 3, 1][i % 3]!, 0);
  return (10 - (sum % 10)) % 10;
}

/** Luhn: the check digit of every other node. */
function checkDigitLuhn(digits: string): number {
  const sum = [...digits].reverse().reduce((s, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return s + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** `1.2.246.562.<node>.<number><check digit>` (docs/spec/schema.md#9). @param number ten digits, no leading zero */
export function henkiloOid(solmuluokka: number, number: number): string {
  const digits = String(number);
  const check = solmuluokka === NODE_WITH_OWN_CHECK_DIGIT ? checkDigit731(digits) : checkDigitLuhn(digits);
  return `1.2.246.562.${solmuluokka}.${digits}${check}`;
}

/** A person OID drawn at random; whether it is free the database decides. */
export function drawHenkiloOid(solmuluokka: number): string {
  return henkiloOid(solmuluokka, randomInt(1_000_000_000, 10_000_000_000));
}
