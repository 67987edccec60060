import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  IsBoolean,
  IsSet,
  IsString,
  LONGEST_SEARCH,
  MaxLength,
  MaxWords,
} from '../../http/binding/rules.js';
import { MAX_OIDS } from './henkilo-limits.constants.js';

/** Conditions on persons; all given ones must hold (docs/spec/henkilo.md#8.1). */
export class HenkiloHakuCriteriaDto {
  /** Null or empty: anyone. */
  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_OIDS)
  @IsString({ each: true })
  henkiloOids!: (string | null)[] | null;

  @IsOptional()
  @IsBoolean()
  passivoitu!: boolean | null;

  /** Linked under another person. */
  @IsOptional()
  @IsBoolean()
  duplikaatti!: boolean | null;

  /** Split at single spaces; every part must be contained in first names or surname, whatever the case. At most ten parts. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_SEARCH)
  @MaxWords(10)
  nameQuery!: string | null;
}

/** Conditions on persons; all given ones must hold (docs/spec/henkilo.md#8.1). */
export class HenkiloCriteria extends HenkiloHakuCriteriaDto {
  /** Current hetu, exactly; empty: any. */
  @IsOptional()
  @IsString()
  hetu!: string | null;
}

/** The query parameters of `GET /henkilo`. */
export class HenkiloHakuCriteria {
  /** Absent or empty: whomever the caller may see. */
  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_OIDS)
  @IsString({ each: true })
  henkiloOids!: string[] | null;

  /** Current hetu, exactly; empty: any. */
  @IsOptional()
  @IsString()
  hetu!: string | null;

  @IsOptional()
  @IsBoolean()
  passivoitu!: boolean | null;

  /** Linked under another person. */
  @IsOptional()
  @IsBoolean()
  duplikaatti!: boolean | null;

  /** Handed on to käyttöoikeuspalvelu. */
  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_OIDS)
  @IsString({ each: true })
  organisaatioOids!: string[] | null;

  /** Handed on to käyttöoikeuspalvelu. */
  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_OIDS)
  @IsString({ each: true })
  kayttoOikeusRyhmaNimet!: string[] | null;
}
