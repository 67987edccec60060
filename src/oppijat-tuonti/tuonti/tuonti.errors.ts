import { OptimisticLockError } from '../../common/errors.js';

/** No row of the import can be handled, now or later: its request or its organisations are missing. */
export class TuontiUnusableError extends Error {}

/** The next row has a name that is refused (docs/adr/0101-names.md). */
export class UnreadableNameError extends Error {}

/** Codes of PostgreSQL that speak of the values: the same row fails again. Class 22: data, 23: constraints, P0: raised. */
const ABOUT_VALUES = /^(22|23|P0)/;

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/**
 * Is a row to blame, rather than the moment (locks, a lost connection, a full disk)? Only then may a row be left out. A
 * row of an old import may lack what a row must have, which shows as a TypeError.
 */
export function isRowFault(error: unknown): boolean {
  if (error instanceof OptimisticLockError || error instanceof TuontiUnusableError) return false;
  return ABOUT_VALUES.test(codeOf(error) ?? '') || error instanceof TypeError;
}

/** Why a row could not be stored, for its sender; without personal data. */
export function virheSyy(error: unknown): string {
  if (error instanceof UnreadableNameError)
    return 'Rivin nimessä on merkkejä, jotka eivät näy, tai pelkkiä välilyöntejä';
  switch (codeOf(error)) {
    case '22001':
      return 'Rivillä on liian pitkä arvo';
    case '23505':
      return 'Rivin tunniste on jo toisella henkilöllä';
    case '23502':
      return 'Riviltä puuttuu pakollinen tieto';
    case undefined:
      return 'Rivin sisältö on virheellinen';
    default:
      return 'Rivin tietoja ei voitu tallentaa';
  }
}
