import { JsonText } from '../http/binding/fields.js';

/** A language. */
export class KielisyysDto {
  /** Code in code set `kieli`, lower case, e.g. `fi`. */
  @JsonText()
  kieliKoodi!: string | null;

  /** Name of the language as stored, e.g. `suomi`; null for languages added on demand. */
  @JsonText()
  kieliTyyppi!: string | null;
}
