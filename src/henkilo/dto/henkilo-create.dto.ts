import {
  JsonBoolean,
  JsonDate,
  JsonInstant,
  JsonObject,
  JsonPrimitiveBoolean,
  JsonSet,
  JsonText,
  JsonTextSet,
} from '../../http/binding/fields.js';
import { NotNull, Size, ValidateAsiointikieli, ValidateHetu } from '../../http/binding/rules.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import { MAX_KANSALAISUUDET, MAX_PASSINUMEROT, MAX_YHTEYSTIEDOT_RYHMAT } from './limits.js';
import { MaxLength255 } from '../../http/binding/storable-text.js';

/** A person to be stored. What is absent is unknown or false. */
export class HenkiloCreateDto {
  /** Current hetu; empty: none. Decides over `syntymaaika` and `sukupuoli`. */
  @JsonText()
  @ValidateHetu()
  hetu!: string | null;

  @JsonPrimitiveBoolean()
  passivoitu!: boolean;

  @JsonText()
  @NotNull()
  @Size(1)
  @MaxLength255()
  etunimet!: string;

  /** One or several neighbouring ones of `etunimet`, or the parts of a hyphenated one. */
  @JsonText()
  @NotNull()
  @Size(1)
  @MaxLength255()
  kutsumanimi!: string;

  @JsonText()
  @NotNull()
  @Size(1)
  @MaxLength255()
  sukunimi!: string;

  @JsonObject(() => KielisyysDto)
  aidinkieli!: KielisyysDto | null;

  /** Language of contact: `fi`, `sv` or `en`. */
  @JsonObject(() => KielisyysDto)
  @ValidateAsiointikieli()
  asiointiKieli!: KielisyysDto | null;

  /** Null elements are left out. */
  @JsonSet(() => KansalaisuusDto, { max: MAX_KANSALAISUUDET })
  kansalaisuus!: (KansalaisuusDto | null)[] | null;

  /** `YYYY-MM-DD` */
  @JsonDate()
  syntymaaika!: string | null;

  /** Code in code set `sukupuoli`: `1` man, `2` woman. */
  @JsonText()
  sukupuoli!: string | null;

  /** Code in code set `kunta`. */
  @JsonText()
  kotikunta!: string | null;

  /** Ignored. */
  @JsonText()
  oppijanumero!: string | null;

  @JsonBoolean()
  turvakielto!: boolean | null;

  @JsonBoolean()
  eiSuomalaistaHetua!: boolean | null;

  /** Identified by an official; only without hetu. */
  @JsonBoolean()
  yksiloity!: boolean | null;

  @JsonBoolean()
  yksiloityVTJ!: boolean | null;

  @JsonBoolean()
  yksilointiYritetty!: boolean | null;

  @JsonBoolean()
  duplicate!: boolean | null;

  /** Last refresh from VTJ. */
  @JsonInstant()
  vtjsynced!: Date | null;

  /** Null elements are left out; ids are ignored. */
  @JsonSet(() => YhteystiedotRyhmaDto, { max: MAX_YHTEYSTIEDOT_RYHMAT, valid: true })
  yhteystiedotRyhma!: (YhteystiedotRyhmaDto | null)[] | null;

  /** Blank ones are left out. A number that someone else has is 400. */
  @JsonTextSet({ max: MAX_PASSINUMEROT })
  passinumerot!: (string | null)[] | null;
}
