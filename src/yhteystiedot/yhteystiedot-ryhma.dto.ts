import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { isContactEmail } from '../common/sahkoposti.js';
import {
  ArrayMaxSize,
  IsDefined,
  IsIn,
  IsInt,
  IsPrimitiveBoolean,
  IsSet,
  IsString,
  ObjectRule,
  ValidateNested,
  WithoutNulls,
} from '../http/binding/rules.js';
import { YHTEYSTIETO_TYYPIT, type YhteystietoTyyppi } from './yhteystieto-tyyppi.constants.js';
import { MAX_YHTEYSTIEDOT } from './yhteystiedot-limits.constants.js';

/** One contact value, e.g. an e-mail address or a part of a postal address. */
@ObjectRule<YhteystietoDto>('yhteystietoArvoOk', 'Invalid address data', (dto) => isValidArvo(dto))
export class YhteystietoDto {
  @IsIn(YHTEYSTIETO_TYYPIT)
  @IsDefined()
  yhteystietoTyyppi!: YhteystietoTyyppi;

  @IsOptional()
  @IsString()
  yhteystietoArvo!: string | null;
}

/** Contact values that belong together, e.g. one address. */
export class YhteystiedotRyhmaDto {
  /** Null in a request: a new group. */
  @IsOptional()
  @IsInt()
  id!: number | null;

  /** Code in code set `yhteystietotyypit`, e.g. `yhteystietotyyppi2` (work). */
  @IsOptional()
  @IsString()
  ryhmaKuvaus!: string | null;

  /** Code in code set `yhteystietojenalkupera`; `alkupera1` is VTJ. */
  @IsString()
  @IsDefined()
  ryhmaAlkuperaTieto!: string;

  /** The group comes from an authority and cannot be edited. */
  @IsPrimitiveBoolean()
  readOnly!: boolean;

  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_YHTEYSTIEDOT)
  @ValidateNested({ each: true })
  @Type(() => YhteystietoDto)
  @WithoutNulls()
  yhteystieto!: YhteystietoDto[];
}

/** Only e-mail addresses have a form; an empty one passes (docs/spec/api.md#7.4). */
const isValidArvo = ({ yhteystietoTyyppi, yhteystietoArvo }: YhteystietoDto): boolean =>
  yhteystietoTyyppi !== 'YHTEYSTIETO_SAHKOPOSTI' || !yhteystietoArvo || isContactEmail(yhteystietoArvo);
