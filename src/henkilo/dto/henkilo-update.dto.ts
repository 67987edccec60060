import { JsonBoolean, JsonDate, JsonObject, JsonSet, JsonText } from '../../http/binding/fields.js';
import { ValidateAsiointikieli, ValidateHetu } from '../../http/binding/rules.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import { MAX_KANSALAISUUDET, MAX_YHTEYSTIEDOT_RYHMAT } from './limits.js';
import { MaxLength255 } from '../../http/binding/storable-text.js';

/** New values for a person; null or absent leaves the old one. What VTJ has said of a person cannot be changed. */
export class HenkiloUpdateDto {
  /** Whom to change. */
  @JsonText()
  oidHenkilo!: string | null;

  /** false only by the register's keeper. */
  @JsonBoolean()
  passivoitu!: boolean | null;

  @JsonText()
  @MaxLength255()
  etunimet!: string | null;

  @JsonText()
  @MaxLength255()
  kutsumanimi!: string | null;

  @JsonText()
  @MaxLength255()
  sukunimi!: string | null;

  /** Empty: clears the hetu of a person that VTJ has not identified. */
  @JsonText()
  @ValidateHetu()
  hetu!: string | null;

  /** `YYYY-MM-DD`; a hetu decides over it. */
  @JsonDate()
  syntymaaika!: string | null;

  /** `YYYY-MM-DD` */
  @JsonDate()
  kuolinpaiva!: string | null;

  /** Code in code set `sukupuoli`; a hetu decides over it. */
  @JsonText()
  sukupuoli!: string | null;

  /** Code in code set `kunta`. */
  @JsonText()
  kotikunta!: string | null;

  /** Language of contact: `fi`, `sv` or `en`. */
  @JsonObject(() => KielisyysDto)
  @ValidateAsiointikieli()
  asiointiKieli!: KielisyysDto | null;

  @JsonObject(() => KielisyysDto)
  aidinkieli!: KielisyysDto | null;

  /** Replaces all; empty: none. */
  @JsonSet(() => KansalaisuusDto, { max: MAX_KANSALAISUUDET, elementsNotNull: true })
  kansalaisuus!: KansalaisuusDto[] | null;

  /** Replaces all groups that are not read-only; a read-only one stays whatever is sent under its id. */
  @JsonSet(() => YhteystiedotRyhmaDto, { max: MAX_YHTEYSTIEDOT_RYHMAT, valid: true, elementsNotNull: true })
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[] | null;
}
