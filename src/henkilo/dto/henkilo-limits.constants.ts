/* Most elements of the lists that a person or a search holds: far above what anybody has, so that no request fills the memory. */

export const MAX_KANSALAISUUDET = 255;
export const MAX_PASSINUMEROT = 1_000;
export const MAX_TUNNISTEET = 1_000;
export const MAX_YHTEYSTIEDOT_RYHMAT = 500;
export const MAX_ORGANISAATIOT = 1_000;
/** Persons that a search is about. */
export const MAX_OIDS = 50_000;
/** Persons put under another at once. */
export const MAX_LINKITETTAVAT = 1_000;
