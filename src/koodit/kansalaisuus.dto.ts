import { IsNotEmpty, IsString } from '../http/binding/rules.js';

/** A nationality. */
export class KansalaisuusDto {
  /** Code in code set `maatjavaltiot2`, three digits, e.g. `246`. */
  @IsString()
  @IsNotEmpty()
  kansalaisuusKoodi!: string;
}
