import { HenkiloHakuDto } from './henkilo-haku.dto.js';
import { type YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';

/** A person's contact details. */
export class HenkiloYhteystiedotDto extends HenkiloHakuDto {
  /** Code of the language of contact, e.g. `fi`; null when none is stored. */
  asiointikieli!: string | null;

  /**
   * Values that are null or empty are left out; their group stays. Empty for a person under turvakielto where the caller's
   * rights are by organisation.
   */
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[];
}

/** What a person is shown about themselves. */
export class HenkiloOmattiedotDto {
  /** Code of the language of contact; `fi` when none is stored. */
  asiointikieli!: string;

  kutsumanimi!: string | null;

  sukunimi!: string | null;
}
