import type { LocalDate } from '../common/clock.js';

/** What makes the search text of a person, in the order of the generated column `duplicate_search_str`. */
export interface HakutekstinOsat {
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  /** null: not known, the text ends in a blank. */
  readonly syntymaaika: LocalDate | null;
}

/** The search text of names and birth date, before PostgreSQL's `duplicate_search_fmt`. */
export const toHakuteksti = ({ etunimet, kutsumanimi, sukunimi, syntymaaika }: HakutekstinOsat): string =>
  [etunimet, kutsumanimi, sukunimi, syntymaaika ?? ''].join(' ');

/** The same of a row of `henkilo`, where a name may be missing. */
export const HAKUTEKSTI = `concat_ws(' ', etunimet, kutsumanimi, sukunimi, date_to_char(syntymaaika))`;
