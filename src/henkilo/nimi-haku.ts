/**
 * Names that contain a term, whatever the case. The column `duplicate_search_str` holds all names of a person without
 * accents and in lower case and has a trigram index: it finds the candidates, the names themselves decide. Taking
 * accents away works letter by letter, so a name that contains the term has a search text that contains the term's.
 */

const escaped = (term: string): string => term.replace(/[\\%_]/g, '\\$&');

/** For `lower(name) like lower(pattern)`: `%` and `_` of the term are themselves. */
export const containsPattern = (term: string): string => `%${escaped(term)}%`;

/** As `containsPattern`, at the beginning only. */
export const startsPattern = (term: string): string => `${escaped(term)}%`;

/** Letters whose unaccented form means something in a pattern; any letter is allowed in their place. */
const BECOMES_WILDCARD = /[∖﹨＼﹪％＿]/g;

/** For `duplicate_search_str like duplicate_search_fmt(pattern)`. */
export const prefilterPattern = (term: string): string => containsPattern(term).replace(BECOMES_WILDCARD, '_');

/** Whether the trigram index can narrow a pattern: it needs three letters or digits in a row. */
export const hasTrigram = (term: string): boolean => /[\p{L}\p{N}]{3}/u.test(term);
