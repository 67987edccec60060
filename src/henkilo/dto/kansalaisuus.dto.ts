import { JsonText } from '../../http/legacy-json/fields.js';
import { NotEmpty } from '../../http/legacy-json/rules.js';

/** A nationality. */
export class KansalaisuusDto {
  /** Code in code set `maatjavaltiot2`, three digits, e.g. `246`. */
  @JsonText()
  @NotEmpty()
  kansalaisuusKoodi!: string;
}
