import { JsonText } from '../http/binding/fields.js';
import { NotEmpty } from '../http/binding/rules.js';

/** A nationality. */
export class KansalaisuusDto {
  /** Code in code set `maatjavaltiot2`, three digits, e.g. `246`. */
  @JsonText()
  @NotEmpty()
  kansalaisuusKoodi!: string;
}
