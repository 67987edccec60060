import { IsDefined, IsIn, IsString, Length } from '../../http/binding/rules.js';
import { IDP_ENTITY_IDS, type IdpEntityId } from '../henkilo-koodit.constants.js';

/** One login identifier. */
export class IdentificationDto {
  @IsString()
  @IsDefined()
  @Length(1)
  identifier!: string;

  /** Code in code set `henkilontunnistetyypit`. */
  @IsIn(IDP_ENTITY_IDS)
  @IsDefined()
  idpEntityId!: IdpEntityId;
}
