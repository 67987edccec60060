import { JsonDate, JsonList, JsonObject, JsonText } from '../../http/binding/fields.js';
import { Email, NotEmpty, NotNull, Size, ValidateAtLeastOneNotNull, ValidateHetu } from '../../http/binding/rules.js';
import { StorableText } from '../../http/binding/storable-text.js';
import { MAX_KANSALAISUUDET } from '../../henkilo/dto/limits.js';

/** Rows of one import at most. */
export const MAX_ROWS = 10_000;

/** A code of a code set. */
export class KoodiUpdateDto {
  @JsonText()
  @NotNull()
  @StorableText()
  koodi!: string;
}

/** The person of an import row. Hetu `''` counts as given but identifies nobody. */
@ValidateAtLeastOneNotNull('oid', 'hetu', 'passinumero', 'sahkoposti')
export class OppijaTuontiRiviHenkiloCreateDto {
  @JsonText()
  @Size(1)
  @StorableText()
  oid!: string | null;

  @JsonText()
  @ValidateHetu()
  hetu!: string | null;

  @JsonText()
  @Size(1)
  @StorableText()
  passinumero!: string | null;

  @JsonText()
  @Size(1)
  @Email()
  @StorableText()
  sahkoposti!: string | null;

  @JsonText()
  @NotEmpty()
  @StorableText()
  etunimet!: string;

  /** Need not be one of `etunimet`. */
  @JsonText()
  @NotEmpty()
  @StorableText()
  kutsumanimi!: string;

  @JsonText()
  @NotEmpty()
  @StorableText()
  sukunimi!: string;

  @JsonDate()
  syntymaaika!: string | null;

  /** Code set `sukupuoli`. */
  @JsonObject(() => KoodiUpdateDto, { valid: true })
  sukupuoli!: KoodiUpdateDto | null;

  /** Code set `kieli`, in upper case. */
  @JsonObject(() => KoodiUpdateDto, { valid: true })
  aidinkieli!: KoodiUpdateDto | null;

  /** Code set `maatjavaltiot2`; with `246` hetu is required. */
  @JsonList(() => KoodiUpdateDto, { max: MAX_KANSALAISUUDET, valid: true, elementsNotNull: true })
  @NotEmpty()
  kansalaisuus!: KoodiUpdateDto[];
}

/** A row of an import. */
export class OppijaTuontiRiviCreateDto {
  /** Key of the row in the sending system; not repeated within an import. */
  @JsonText()
  @StorableText()
  tunniste!: string | null;

  @JsonObject(() => OppijaTuontiRiviHenkiloCreateDto, { valid: true })
  @NotNull()
  henkilo!: OppijaTuontiRiviHenkiloCreateDto;
}

/** An import of learners, at most 10 000 rows. */
export class OppijaTuontiCreateDto {
  /** Address that is told when persons could not be identified. */
  @JsonText()
  @Size(1)
  @Email()
  @StorableText()
  sahkoposti!: string | null;

  @JsonList(() => OppijaTuontiRiviCreateDto, { max: MAX_ROWS, valid: true, elementsNotNull: true })
  @NotEmpty()
  henkilot!: OppijaTuontiRiviCreateDto[];
}
