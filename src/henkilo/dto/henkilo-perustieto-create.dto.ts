import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  IsArray,
  IsAsiointikieli,
  IsDate,
  IsHetu,
  IsLocalDate,
  IsPrimitiveBoolean,
  IsString,
  Length,
  MaxLength255,
  ObjectRule,
  ValidateNested,
} from '../../http/binding/rules.js';
import { Kansalaisuudet, Kieli } from './henkilo-jasenet.decorator.js';
import { IdentificationDto } from './identification.dto.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { MAX_TUNNISTEET } from './henkilo-limits.constants.js';

const isGivenWithoutOid = (member: 'etunimet' | 'kutsumanimi' | 'sukunimi') => (dto: HenkiloPerustietoCreateDto) =>
  dto.oidHenkilo !== null || !!dto[member];
const hasOneOfBoth = ({ hetu, eidasTunniste }: HenkiloPerustietoCreateDto) => hetu === null || eidasTunniste === null;

/**
 * A person to be found, else stored. Looked for by `oidHenkilo`, then `identifications`, then `hetu`, then
 * `eidasTunniste`; the names are needed even when the person would be found.
 */
@ObjectRule<HenkiloPerustietoCreateDto>('etunimet', 'invalid.etunimet.empty', isGivenWithoutOid('etunimet'))
@ObjectRule<HenkiloPerustietoCreateDto>('kutsumanimi', 'invalid.kutsumanimi.empty', isGivenWithoutOid('kutsumanimi'))
@ObjectRule<HenkiloPerustietoCreateDto>('sukunimi', 'invalid.sukunimi.empty', isGivenWithoutOid('sukunimi'))
@ObjectRule<HenkiloPerustietoCreateDto>(null, 'invalid.perustieto', hasOneOfBoth)
@ObjectRule<HenkiloPerustietoCreateDto>(
  null,
  'Cannot findOrCreate henkilo with both hetu and eidasTunniste',
  hasOneOfBoth,
)
export class HenkiloPerustietoCreateDto {
  /** Only ever found, never stored under it. */
  @IsOptional()
  @IsString()
  @Length(1)
  oidHenkilo!: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TUNNISTEET)
  @ValidateNested({ each: true })
  @Type(() => IdentificationDto)
  identifications!: IdentificationDto[] | null;

  @IsOptional()
  @IsString()
  @IsHetu()
  hetu!: string | null;

  /** Identifier of eIDAS, e.g. `DE/FI/123abc`; not together with `hetu`. */
  @IsOptional()
  @IsString()
  eidasTunniste!: string | null;

  /** Needed without `oidHenkilo`. */
  @IsString()
  @Length(1)
  @MaxLength255()
  etunimet!: string | null;

  /** Needed without `oidHenkilo`. */
  @IsString()
  @Length(1)
  @MaxLength255()
  kutsumanimi!: string | null;

  /** Needed without `oidHenkilo`. */
  @IsString()
  @Length(1)
  @MaxLength255()
  sukunimi!: string | null;

  /** `YYYY-MM-DD` */
  @IsOptional()
  @IsLocalDate()
  syntymaaika!: string | null;

  @IsPrimitiveBoolean()
  turvakielto!: boolean;

  @Kieli()
  aidinkieli!: KielisyysDto | null;

  /** Language of contact: `fi`, `sv` or `en`. */
  @Kieli()
  @IsAsiointikieli()
  asiointiKieli!: KielisyysDto | null;

  @Kansalaisuudet()
  kansalaisuus!: KansalaisuusDto[] | null;

  /** Code in code set `sukupuoli`. */
  @IsOptional()
  @IsString()
  sukupuoli!: string | null;

  /** Ignored. */
  @IsOptional()
  @IsDate()
  modified!: Date | null;
}
