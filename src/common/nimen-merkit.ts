/** Control characters, and marks that turn the direction of writing. */
const HIDDEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Does a name hold characters that nobody sees and that can make it look like another name? */
export const hasHiddenCharacters = (nimi: string): boolean => HIDDEN.test(nimi);
