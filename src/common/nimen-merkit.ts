/**
 * Characters that nobody sees, or that stand for none: they make one name look like another. Controls, separators of lines,
 * marks of direction, whatever Unicode calls ignorable (zero width, soft hyphen, fillers, variants, tags), blanks that are
 * no spaces, private and replaced characters, noncharacters, halves of surrogate pairs.
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\ufffd\u{16fe4}\u{1d159}]/u;

/** Scripts in which joining or not joining two letters is spelling: Persian writes names with U+200C. */
const JOINING =
  '[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Nkoo}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Mymr}\\p{scx=Khmr}]';
/** A joiner that is spelling: between two letters of such a script. Letters, or marks upon them. */
const SPELT_JOINER = new RegExp(
  `(?<=(?=[\\p{L}\\p{M}])${JOINING})[\\u200c\\u200d](?=(?=[\\p{L}\\p{M}])${JOINING})`,
  'gu',
);

/** Does a name hold characters that nobody sees, or nothing to be seen? Such names are refused; '' is no such name. */
export const isUnreadableName = (nimi: string): boolean =>
  HIDDEN.test(nimi.replace(SPELT_JOINER, '')) || /^[\s\p{M}]+$/u.test(nimi);

/** The form of Unicode in which names are compared; what is stored stays as it was given (docs/adr/0101-names.md). */
export const toNfc = (nimi: string): string => nimi.normalize('NFC');
