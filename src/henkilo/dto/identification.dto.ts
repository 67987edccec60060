import { JsonEnum, JsonText } from '../../http/binding/fields.js';
import { NotNull, Size } from '../../http/binding/rules.js';
import { IDP_ENTITY_IDS, type IdpEntityId } from '../henkilo-koodit.js';

/** One login identifier. */
export class IdentificationDto {
  @JsonText()
  @NotNull()
  @Size(1)
  identifier!: string;

  /** Code in code set `henkilontunnistetyypit`. */
  @JsonEnum(IDP_ENTITY_IDS)
  @NotNull()
  idpEntityId!: IdpEntityId;
}
