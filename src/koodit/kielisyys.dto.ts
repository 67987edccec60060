import { IsOptional } from 'class-validator';
import { IsString } from '../http/binding/rules.js';

/** A language. */
export class KielisyysDto {
  /** Code in code set `kieli`, lower case, e.g. `fi`. */
  @IsOptional()
  @IsString()
  kieliKoodi!: string | null;

  /** Name of the language as stored, e.g. `suomi`; null for languages added on demand. */
  @IsOptional()
  @IsString()
  kieliTyyppi!: string | null;
}
