import { JsonInstant, JsonInteger, JsonPrimitiveBoolean, JsonText, JsonTextSet } from '../../http/binding/fields.js';
import { MAX_ORGANISAATIOT } from '../../henkilo/dto/limits.js';
import { LONGEST_SEARCH, Size } from '../../http/binding/rules.js';

/** Which imported persons; all given conditions must hold (docs/spec/duplicates-tuonti-yleistunniste.md#7.3). */
export class OppijaTuontiCriteria {
  /** In this import. */
  @JsonInteger()
  tuontiId: number | null = null;

  /** Changed at that instant or later. */
  @JsonInstant()
  muokattuJalkeen: Date | null = null;

  /** Belonging to one of these organisations; those that are not the caller's count for nothing. */
  @JsonTextSet({ max: MAX_ORGANISAATIOT })
  organisaatioOids: string[] | null = null;

  /** Only those whose identification fails. */
  @JsonPrimitiveBoolean()
  vainVirheet = false;

  /** OID or hetu, or the beginning of names. */
  @JsonText()
  @Size(0, LONGEST_SEARCH)
  nimiHaku: string | null = null;
}
