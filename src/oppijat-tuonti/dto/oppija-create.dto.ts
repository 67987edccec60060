import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsDefined,
  IsLocalDate,
  IsNotEmpty,
  IsPrimitiveBoolean,
  IsSet,
  IsString,
  MaxLength255,
  ValidateNested,
  WithoutNulls,
} from '../../http/binding/rules.js';
import { Passinumerot, YhteystiedotRyhmat } from '../../henkilo/dto/henkilo-jasenet.decorator.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import { MAX_KANSALAISUUDET } from '../../henkilo/dto/henkilo-limits.constants.js';

/** A language that must be named. */
export class AidinkieliDto {
  /** Code in code set `kieli`, lower case, e.g. `fi`. */
  @IsString()
  @IsNotEmpty()
  kieliKoodi!: string;

  /** Has no effect. */
  @IsOptional()
  @IsString()
  kieliTyyppi!: string | null;
}

/** One learner without a hetu. */
export class OppijaCreateDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength255()
  etunimet!: string;

  /** One of `etunimet`, or all of them. */
  @IsString()
  @IsNotEmpty()
  @MaxLength255()
  kutsumanimi!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength255()
  sukunimi!: string;

  /** The creator has made sure who the person is. */
  @IsPrimitiveBoolean()
  yksiloity!: boolean;

  @IsLocalDate()
  @IsDefined()
  syntymaaika!: string;

  /** Code of code set `sukupuoli`. */
  @IsString()
  @IsNotEmpty()
  sukupuoli!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AidinkieliDto)
  aidinkieli!: AidinkieliDto | null;

  @IsSet()
  @ArrayMaxSize(MAX_KANSALAISUUDET)
  @ValidateNested({ each: true })
  @Type(() => KansalaisuusDto)
  @ArrayNotEmpty()
  kansalaisuus!: KansalaisuusDto[];

  /** Blank ones are left out. */
  @Passinumerot()
  passinumerot!: (string | null)[] | null;

  @YhteystiedotRyhmat()
  @WithoutNulls()
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[] | null;
}
