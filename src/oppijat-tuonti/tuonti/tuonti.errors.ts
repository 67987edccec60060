import { DatabaseError } from 'pg';
import { NotFoundError } from '../../common/errors.js';

/** No row of the import can be handled, now or later: its request or its organisations are missing. */
export class TuontiUnusableError extends Error {}

/** The next row of the import can never be stored. */
export class RiviVirheellinenError extends Error {
  /** @param virhe the reason for its sender, without personal data */
  constructor(readonly virhe: string) {
    super(virhe);
  }
}

/** Codes of PostgreSQL for a value that no column takes, whatever the state of the database, with the reason for the sender. */
const VIRHE_BY_CODE = new Map([
  ['22001', 'Rivillä on liian pitkä arvo'],
  ['22007', 'Rivin tietoja ei voitu tallentaa'], // no date
  ['22008', 'Rivin tietoja ei voitu tallentaa'], // no day of the calendar
  ['22021', 'Rivin tietoja ei voitu tallentaa'], // a character that text cannot hold
]);
/** Constraints that keep one identifier from two persons; those on keys of our own making say nothing about a row. */
const UNIQUE_TUNNISTEET = new Set(['henkilo_hetu_key', 'uk_henkilo_hetu_01', 'uk_passinumero_01']);
/** Columns that the sender has to fill. */
const REQUIRED_NIMET = new Set(['etunimet', 'kutsumanimi', 'sukunimi']);

/**
 * Why a row of the part can never be stored, for its sender and without personal data. Null: no row is to blame, but the moment
 * (locks, a lost connection, a full disk), the database or the service itself. Only a row that is to blame may be left out.
 */
export function findRiviVirhe(error: unknown): string | null {
  if (error instanceof RiviVirheellinenError) return error.virhe;
  if (!(error instanceof DatabaseError)) return null;
  const { code = '', constraint = '', table, column = '' } = error;
  if (code === '23505' && UNIQUE_TUNNISTEET.has(constraint)) return 'Rivin tunniste on jo toisella henkilöllä';
  if (code === '23502' && table === 'henkilo' && REQUIRED_NIMET.has(column)) return 'Riviltä puuttuu pakollinen tieto';
  return VIRHE_BY_CODE.get(code) ?? null;
}

/** There is no such import. */
export const tuontiNotFound = (id: number): NotFoundError => new NotFoundError(`Tuonti ${id} not found`);
