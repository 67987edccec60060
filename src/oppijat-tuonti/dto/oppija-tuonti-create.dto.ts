import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  AtLeastOneGiven,
  IsArray,
  IsDefined,
  IsEmail,
  IsHetu,
  IsLocalDate,
  IsNotEmpty,
  IsString,
  Length,
  StorableText,
  ValidateNested,
} from '../../http/binding/rules.js';
import { MAX_KANSALAISUUDET } from '../../henkilo/dto/henkilo-limits.constants.js';

/** Rows of one import at most. */
export const MAX_ROWS = 10_000;

/** A code of a code set. */
export class KoodiUpdateDto {
  @IsString()
  @IsDefined()
  @StorableText()
  koodi!: string;
}

/** The person of an import row. Hetu `''` counts as given but identifies nobody. */
@AtLeastOneGiven('oid', 'hetu', 'passinumero', 'sahkoposti')
export class OppijaTuontiRiviHenkiloCreateDto {
  @IsOptional()
  @IsString()
  @Length(1)
  @StorableText()
  oid!: string | null;

  @IsOptional()
  @IsString()
  @IsHetu()
  hetu!: string | null;

  @IsOptional()
  @IsString()
  @Length(1)
  @StorableText()
  passinumero!: string | null;

  @IsOptional()
  @IsString()
  @Length(1)
  @IsEmail()
  @StorableText()
  sahkoposti!: string | null;

  @IsString()
  @IsNotEmpty()
  @StorableText()
  etunimet!: string;

  /** Need not be one of `etunimet`. */
  @IsString()
  @IsNotEmpty()
  @StorableText()
  kutsumanimi!: string;

  @IsString()
  @IsNotEmpty()
  @StorableText()
  sukunimi!: string;

  @IsOptional()
  @IsLocalDate()
  syntymaaika!: string | null;

  /** Code set `sukupuoli`. */
  @IsOptional()
  @ValidateNested()
  @Type(() => KoodiUpdateDto)
  sukupuoli!: KoodiUpdateDto | null;

  /** Code set `kieli`, in upper case. */
  @IsOptional()
  @ValidateNested()
  @Type(() => KoodiUpdateDto)
  aidinkieli!: KoodiUpdateDto | null;

  /** Code set `maatjavaltiot2`; with `246` hetu is required. */
  @IsArray()
  @ArrayMaxSize(MAX_KANSALAISUUDET)
  @ValidateNested({ each: true })
  @Type(() => KoodiUpdateDto)
  @ArrayNotEmpty()
  kansalaisuus!: KoodiUpdateDto[];
}

/** A row of an import. */
export class OppijaTuontiRiviCreateDto {
  /** Key of the row in the sending system; not repeated within an import. */
  @IsOptional()
  @IsString()
  @StorableText()
  tunniste!: string | null;

  @ValidateNested()
  @Type(() => OppijaTuontiRiviHenkiloCreateDto)
  @IsDefined()
  henkilo!: OppijaTuontiRiviHenkiloCreateDto;
}

/** An import of learners, at most 10 000 rows. */
export class OppijaTuontiCreateDto {
  /** Address that is told when persons could not be identified. */
  @IsOptional()
  @IsString()
  @Length(1)
  @IsEmail()
  @StorableText()
  sahkoposti!: string | null;

  @IsArray()
  @ArrayMaxSize(MAX_ROWS)
  @ValidateNested({ each: true })
  @Type(() => OppijaTuontiRiviCreateDto)
  @ArrayNotEmpty()
  henkilot!: OppijaTuontiRiviCreateDto[];
}
