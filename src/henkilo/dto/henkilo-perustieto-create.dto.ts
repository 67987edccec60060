import {
  JsonDate,
  JsonInstant,
  JsonList,
  JsonObject,
  JsonPrimitiveBoolean,
  JsonSet,
  JsonText,
  ObjectRuleFor,
} from '../../http/binding/fields.js';
import { Size, ValidateAsiointikieli, ValidateHetu } from '../../http/binding/rules.js';
import { IdentificationDto } from './identification.dto.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { MAX_KANSALAISUUDET, MAX_TUNNISTEET } from './limits.js';
import { MaxLength255 } from '../../http/binding/storable-text.js';

const isGivenWithoutOid = (member: 'etunimet' | 'kutsumanimi' | 'sukunimi') => (dto: HenkiloPerustietoCreateDto) =>
  dto.oidHenkilo !== null || !!dto[member];
const hasOneOfBoth = ({ hetu, eidasTunniste }: HenkiloPerustietoCreateDto) => hetu === null || eidasTunniste === null;

/**
 * A person to be found, else stored. Looked for by `oidHenkilo`, then `identifications`, then `hetu`, then
 * `eidasTunniste`; the names are needed even when the person would be found.
 */
@ObjectRuleFor<HenkiloPerustietoCreateDto>('etunimet', 'invalid.etunimet.empty', isGivenWithoutOid('etunimet'))
@ObjectRuleFor<HenkiloPerustietoCreateDto>('kutsumanimi', 'invalid.kutsumanimi.empty', isGivenWithoutOid('kutsumanimi'))
@ObjectRuleFor<HenkiloPerustietoCreateDto>('sukunimi', 'invalid.sukunimi.empty', isGivenWithoutOid('sukunimi'))
@ObjectRuleFor<HenkiloPerustietoCreateDto>(null, 'invalid.perustieto', hasOneOfBoth)
@ObjectRuleFor<HenkiloPerustietoCreateDto>(
  null,
  'Cannot findOrCreate henkilo with both hetu and eidasTunniste',
  hasOneOfBoth,
)
export class HenkiloPerustietoCreateDto {
  /** Only ever found, never stored under it. */
  @JsonText()
  @Size(1)
  oidHenkilo!: string | null;

  @JsonList(() => IdentificationDto, { max: MAX_TUNNISTEET, valid: true, elementsNotNull: true })
  identifications!: IdentificationDto[] | null;

  @JsonText()
  @ValidateHetu()
  hetu!: string | null;

  /** Identifier of eIDAS, e.g. `DE/FI/123abc`; not together with `hetu`. */
  @JsonText()
  eidasTunniste!: string | null;

  @JsonText()
  @Size(1)
  @MaxLength255()
  etunimet!: string | null;

  @JsonText()
  @Size(1)
  @MaxLength255()
  kutsumanimi!: string | null;

  @JsonText()
  @Size(1)
  @MaxLength255()
  sukunimi!: string | null;

  /** `YYYY-MM-DD` */
  @JsonDate()
  syntymaaika!: string | null;

  @JsonPrimitiveBoolean()
  turvakielto!: boolean;

  @JsonObject(() => KielisyysDto)
  aidinkieli!: KielisyysDto | null;

  /** Language of contact: `fi`, `sv` or `en`. */
  @JsonObject(() => KielisyysDto)
  @ValidateAsiointikieli()
  asiointiKieli!: KielisyysDto | null;

  @JsonSet(() => KansalaisuusDto, { max: MAX_KANSALAISUUDET })
  kansalaisuus!: (KansalaisuusDto | null)[] | null;

  /** Code in code set `sukupuoli`. */
  @JsonText()
  sukupuoli!: string | null;

  /** Ignored. */
  @JsonInstant()
  modified!: Date | null;
}
