import { toNfc } from '../../common/nimen-merkit.js';

/**
 * Names that contain a term, whatever the case and the form of Unicode. The column `duplicate_search_str` holds all names of
 * a person without accents and in lower case and has a trigram index: it finds the candidates, the names themselves decide.
 * Taking accents away works letter by letter, so a name that contains the term has a search text that contains the term's.
 */

const escaped = (term: string): string => toNfc(term).replace(/[\\%_]/g, '\\$&');

/** For `nimi(name) like lower(pattern)`: `%` and `_` of the term are themselves. */
export const containsPattern = (term: string): string => `%${escaped(term)}%`;

/** As `containsPattern`, at the beginning only. */
export const startsPattern = (term: string): string => `${escaped(term)}%`;

/** Letters whose unaccented form means something in a pattern; any letter is allowed in their place. */
const BECOMES_WILDCARD = /[∖﹨＼﹪％＿]/g;

/** For `duplicate_search_str like duplicate_search_fmt(pattern)`. */
export const prefilterPattern = (term: string): string => containsPattern(term).replace(BECOMES_WILDCARD, '_');

/** Whether the trigram index can narrow a pattern: it needs three letters or digits in a row. */
export const hasTrigram = (term: string): boolean => /[\p{L}\p{N}]{3}/u.test(toNfc(term));

/** SQL of a name as terms are compared with it. */
export const nimi = (name: string): string => `lower(normalize(${name}, NFC))`;

/**
 * SQL: one of the names begins with the term. The indexes on `lower(…)` find it in names as nearly everyone has them; the few
 * persons with names in another form of Unicode are in an index of their own (onr_henkilo_ei_nfc_idx) and looked at first.
 * @param henkilo alias of the table
 * @param names of its columns
 * @param alku SQL of a `startsPattern` in lower case
 */
export function nimiAlkaa(henkilo: string, names: readonly Nimi[], alku: string): string {
  const begins = (toSql: (name: Nimi) => string) => names.map((name) => `${toSql(name)} like ${alku}`).join(' or ');
  return `(${begins((name) => `lower(${henkilo}.${name})`)} or ${henkilo}.id = any (array(
    select n.id from henkilo n
     where (n.etunimet is not nfc normalized or n.kutsumanimi is not nfc normalized or n.sukunimi is not nfc normalized)
       and (${begins((name) => nimi(`n.${name}`))}))))`;
}

type Nimi = 'etunimet' | 'kutsumanimi' | 'sukunimi';
