import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  IsAsiointikieli,
  IsBoolean,
  IsDefined,
  IsHetu,
  IsLocalDate,
  IsSet,
  IsString,
  MaxLength255,
} from '../../http/binding/rules.js';
import { Kieli, YhteystiedotRyhmat } from './henkilo-jasenet.decorator.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import { MAX_KANSALAISUUDET } from './henkilo-limits.constants.js';

/** New values for a person; null or absent leaves the old one. What VTJ has said of a person cannot be changed. */
export class HenkiloUpdateDto {
  /** Whom to change. */
  @IsOptional()
  @IsString()
  oidHenkilo!: string | null;

  /** false only by the register's keeper. */
  @IsOptional()
  @IsBoolean()
  passivoitu!: boolean | null;

  @IsOptional()
  @IsString()
  @MaxLength255()
  etunimet!: string | null;

  @IsOptional()
  @IsString()
  @MaxLength255()
  kutsumanimi!: string | null;

  @IsOptional()
  @IsString()
  @MaxLength255()
  sukunimi!: string | null;

  /** Empty: clears the hetu of a person that VTJ has not identified. */
  @IsOptional()
  @IsString()
  @IsHetu()
  hetu!: string | null;

  /** `YYYY-MM-DD`; a hetu decides over it. */
  @IsOptional()
  @IsLocalDate()
  syntymaaika!: string | null;

  /** `YYYY-MM-DD` */
  @IsOptional()
  @IsLocalDate()
  kuolinpaiva!: string | null;

  /** Code in code set `sukupuoli`; a hetu decides over it. */
  @IsOptional()
  @IsString()
  sukupuoli!: string | null;

  /** Code in code set `kunta`. */
  @IsOptional()
  @IsString()
  kotikunta!: string | null;

  /** Language of contact: `fi`, `sv` or `en`. */
  @Kieli()
  @IsAsiointikieli()
  asiointiKieli!: KielisyysDto | null;

  @Kieli()
  aidinkieli!: KielisyysDto | null;

  /** Replaces all; empty: none. */
  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_KANSALAISUUDET)
  @IsDefined({ each: true })
  @Type(() => KansalaisuusDto)
  kansalaisuus!: KansalaisuusDto[] | null;

  /** Replaces all groups that are not read-only; a read-only one stays whatever is sent under its id. */
  @YhteystiedotRyhmat()
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[] | null;
}
