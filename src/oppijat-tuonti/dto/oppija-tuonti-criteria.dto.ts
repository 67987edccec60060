import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  IsDate,
  IsInt,
  IsPrimitiveBoolean,
  IsSet,
  IsString,
  LONGEST_SEARCH,
  MaxLength,
} from '../../http/binding/rules.js';
import { MAX_ORGANISAATIOT } from '../../henkilo/dto/henkilo-limits.constants.js';

/** Which imported persons; all given conditions must hold (docs/spec/duplicates-tuonti-yleistunniste.md#7.3). */
export class OppijaTuontiCriteria {
  /** In this import. */
  @IsOptional()
  @IsInt()
  tuontiId: number | null = null;

  /** Changed at that instant or later. */
  @IsOptional()
  @IsDate()
  muokattuJalkeen: Date | null = null;

  /** Belonging to one of these organisations; those that are not the caller's count for nothing. */
  @IsOptional()
  @IsSet()
  @ArrayMaxSize(MAX_ORGANISAATIOT)
  @IsString({ each: true })
  organisaatioOids: string[] | null = null;

  /** Only those whose identification fails. */
  @IsPrimitiveBoolean()
  vainVirheet = false;

  /** OID or hetu, or the beginning of names. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_SEARCH)
  nimiHaku: string | null = null;
}
