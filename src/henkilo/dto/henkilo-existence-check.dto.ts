import { isUnreadableName, toNfc } from '../../common/nimen-merkit.js';
import {
  IsHetu,
  IsNotEmpty,
  IsString,
  LONGEST_NAME,
  MaxLength,
  ObjectRule,
  StorableText,
  textRule,
} from '../../http/binding/rules.js';

/** Visible characters: anything but white space, control, surrogate and unassigned characters. */
const GRAPH = '[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]';
/** Words separated by single spaces. */
const WORDS = new RegExp(`^${GRAPH}+(?: ${GRAPH}+)*$`, 'u');
const WORD = new RegExp(`^${GRAPH}+$`, 'u');
const INVALID = 'Invalid pattern. Must contain an alphabetic character';

/** The name is of that pattern and holds no characters that nobody sees (docs/adr/0101-names.md). */
const VisibleName = (pattern: RegExp, message: string) =>
  textRule('visibleName', message, (name) => pattern.test(name) && !isUnreadableName(name));

/** Is the calling name one of the first names or a part of a hyphenated one, whatever the case and the form of Unicode (docs/spec/api.md#7.3)? */
function isOneOfEtunimet(kutsumanimi: string | null, etunimet: string | null): boolean {
  if (kutsumanimi === null || etunimet === null) return false;
  const names = toNfc(etunimet).toLowerCase().split(/\s/);
  const parts = names.filter((name) => name.includes('-')).flatMap((name) => name.split('-'));
  return [...names, ...parts].includes(toNfc(kutsumanimi).toLowerCase());
}

/** Names and hetu by which a person is looked for (docs/spec/api.md#7.3). */
@ObjectRule<HenkiloExistenceCheckDto>('nicknameOk', 'Nick name must be one of the first names', (dto) =>
  isOneOfEtunimet(dto.kutsumanimi, dto.etunimet),
)
export class HenkiloExistenceCheckDto {
  @IsString()
  @IsNotEmpty('Cannot be empty')
  @IsHetu()
  hetu!: string;

  @IsString()
  @IsNotEmpty('Cannot be empty')
  @VisibleName(WORDS, `${INVALID}.`)
  @MaxLength(LONGEST_NAME)
  @StorableText()
  etunimet!: string;

  /** One of `etunimet`. */
  @IsString()
  @IsNotEmpty('Cannot be empty')
  @VisibleName(WORD, INVALID)
  @MaxLength(LONGEST_NAME)
  @StorableText()
  kutsumanimi!: string;

  @IsString()
  @IsNotEmpty('Cannot be empty')
  @VisibleName(WORDS, INVALID)
  @MaxLength(LONGEST_NAME)
  @StorableText()
  sukunimi!: string;
}
