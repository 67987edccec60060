import { JsonList, JsonObject, JsonText } from '../../http/binding/fields.js';
import { Email, NotBlank, NotNull, Size } from '../../http/binding/rules.js';
import { StorableText } from '../../http/binding/storable-text.js';
import { HenkiloExistenceCheckDto } from '../../henkilo/dto/henkilo-existence-check.dto.js';
import { MAX_ROWS } from './oppija-tuonti-create.dto.js';

/** A row of an import. */
export class YleistunnisteInputRow {
  /** Key of the row in the sending system; not repeated within an import. */
  @JsonText()
  @NotNull()
  @NotBlank()
  @StorableText()
  tunniste!: string;

  @JsonObject(() => HenkiloExistenceCheckDto, { valid: true })
  @NotNull()
  henkilo!: HenkiloExistenceCheckDto;
}

/** An import of persons by hetu, at most 10 000 rows. */
export class YleistunnisteInput {
  /** Address that is told when persons could not be identified; may be empty. */
  @JsonText()
  @Email()
  @StorableText()
  sahkoposti!: string | null;

  @JsonList(() => YleistunnisteInputRow, { min: 1, max: MAX_ROWS, valid: true, elementsNotNull: true })
  @NotNull()
  @Size(1, MAX_ROWS)
  henkilot!: YleistunnisteInputRow[];
}
