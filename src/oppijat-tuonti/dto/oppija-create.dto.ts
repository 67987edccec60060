import {
  JsonDate,
  JsonObject,
  JsonPrimitiveBoolean,
  JsonSet,
  JsonText,
  JsonTextSet,
} from '../../http/binding/fields.js';
import { NotEmpty, NotNull } from '../../http/binding/rules.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import { MAX_KANSALAISUUDET, MAX_PASSINUMEROT, MAX_YHTEYSTIEDOT_RYHMAT } from '../../henkilo/dto/limits.js';
import { MaxLength255 } from '../../http/binding/storable-text.js';

/** A language that must be named. */
export class AidinkieliDto {
  /** Code in code set `kieli`, lower case, e.g. `fi`. */
  @JsonText()
  @NotEmpty()
  kieliKoodi!: string;

  /** Has no effect. */
  @JsonText()
  kieliTyyppi!: string | null;
}

/** One learner without a hetu. */
export class OppijaCreateDto {
  @JsonText()
  @NotEmpty()
  @MaxLength255()
  etunimet!: string;

  /** One of `etunimet`, or all of them. */
  @JsonText()
  @NotEmpty()
  @MaxLength255()
  kutsumanimi!: string;

  @JsonText()
  @NotEmpty()
  @MaxLength255()
  sukunimi!: string;

  /** The creator has made sure who the person is. */
  @JsonPrimitiveBoolean()
  yksiloity!: boolean;

  @JsonDate()
  @NotNull()
  syntymaaika!: string;

  /** Code of code set `sukupuoli`. */
  @JsonText()
  @NotEmpty()
  sukupuoli!: string;

  @JsonObject(() => AidinkieliDto, { valid: true })
  aidinkieli!: AidinkieliDto | null;

  @JsonSet(() => KansalaisuusDto, { max: MAX_KANSALAISUUDET, valid: true, elementsNotNull: true })
  @NotEmpty()
  kansalaisuus!: KansalaisuusDto[];

  /** Blank ones are left out. */
  @JsonTextSet({ max: MAX_PASSINUMEROT })
  passinumerot!: (string | null)[] | null;

  @JsonSet(() => YhteystiedotRyhmaDto, { max: MAX_YHTEYSTIEDOT_RYHMAT, valid: true })
  yhteystiedotRyhma!: (YhteystiedotRyhmaDto | null)[] | null;
}
