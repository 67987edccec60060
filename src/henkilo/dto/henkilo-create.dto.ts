import { IsOptional } from 'class-validator';
import {
  IsAsiointikieli,
  IsBoolean,
  IsDate,
  IsDefined,
  IsHetu,
  IsLocalDate,
  IsPrimitiveBoolean,
  IsString,
  Length,
  MaxLength255,
  WithoutNulls,
} from '../../http/binding/rules.js';
import { Kansalaisuudet, Kieli, Passinumerot, YhteystiedotRyhmat } from './henkilo-jasenet.decorator.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';

/** A person to be stored. What is absent is unknown or false. */
export class HenkiloCreateDto {
  /** Current hetu; empty: none. Decides over `syntymaaika` and `sukupuoli`. */
  @IsOptional()
  @IsString()
  @IsHetu()
  hetu!: string | null;

  @IsPrimitiveBoolean()
  passivoitu!: boolean;

  @IsString()
  @IsDefined()
  @Length(1)
  @MaxLength255()
  etunimet!: string;

  /** One or several neighbouring ones of `etunimet`, or the parts of a hyphenated one. */
  @IsString()
  @IsDefined()
  @Length(1)
  @MaxLength255()
  kutsumanimi!: string;

  @IsString()
  @IsDefined()
  @Length(1)
  @MaxLength255()
  sukunimi!: string;

  @Kieli()
  aidinkieli!: KielisyysDto | null;

  /** Language of contact: `fi`, `sv` or `en`. */
  @Kieli()
  @IsAsiointikieli()
  asiointiKieli!: KielisyysDto | null;

  /** Null elements are left out. */
  @Kansalaisuudet()
  kansalaisuus!: KansalaisuusDto[] | null;

  /** `YYYY-MM-DD` */
  @IsOptional()
  @IsLocalDate()
  syntymaaika!: string | null;

  /** Code in code set `sukupuoli`: `1` man, `2` woman. */
  @IsOptional()
  @IsString()
  sukupuoli!: string | null;

  /** Code in code set `kunta`. */
  @IsOptional()
  @IsString()
  kotikunta!: string | null;

  /** Ignored. */
  @IsOptional()
  @IsString()
  oppijanumero!: string | null;

  @IsOptional()
  @IsBoolean()
  turvakielto!: boolean | null;

  @IsOptional()
  @IsBoolean()
  eiSuomalaistaHetua!: boolean | null;

  /** Identified by an official; only without hetu. */
  @IsOptional()
  @IsBoolean()
  yksiloity!: boolean | null;

  @IsOptional()
  @IsBoolean()
  yksiloityVTJ!: boolean | null;

  @IsOptional()
  @IsBoolean()
  yksilointiYritetty!: boolean | null;

  @IsOptional()
  @IsBoolean()
  duplicate!: boolean | null;

  /** Last refresh from VTJ. */
  @IsOptional()
  @IsDate()
  vtjsynced!: Date | null;

  /** Null elements are left out; ids are ignored. */
  @YhteystiedotRyhmat()
  @WithoutNulls()
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[] | null;

  /** Blank ones are left out. A number that someone else has is 400. */
  @Passinumerot()
  passinumerot!: (string | null)[] | null;
}
