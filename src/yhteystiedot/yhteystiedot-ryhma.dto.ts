import { isContactEmail } from '../common/sahkoposti.js';
import {
  JsonEnum,
  JsonInteger,
  JsonPrimitiveBoolean,
  JsonSet,
  JsonText,
  ObjectRuleFor,
} from '../http/binding/fields.js';
import { NotNull } from '../http/binding/rules.js';
import { YHTEYSTIETO_TYYPIT, type YhteystietoTyyppi } from './yhteystieto-tyyppi.js';
import { MAX_YHTEYSTIEDOT } from './limits.js';

/** One contact value, e.g. an e-mail address or a part of a postal address. */
@ObjectRuleFor<YhteystietoDto>('yhteystietoArvoOk', 'Invalid address data', (dto) => isValidArvo(dto))
export class YhteystietoDto {
  @JsonEnum(YHTEYSTIETO_TYYPIT)
  @NotNull()
  yhteystietoTyyppi!: YhteystietoTyyppi;

  @JsonText()
  yhteystietoArvo!: string | null;
}

/** Contact values that belong together, e.g. one address. */
export class YhteystiedotRyhmaDto {
  /** Null in a request: a new group. */
  @JsonInteger()
  id!: number | null;

  /** Code in code set `yhteystietotyypit`, e.g. `yhteystietotyyppi2` (work). */
  @JsonText()
  ryhmaKuvaus!: string | null;

  /** Code in code set `yhteystietojenalkupera`; `alkupera1` is VTJ. */
  @JsonText()
  @NotNull()
  ryhmaAlkuperaTieto!: string;

  /** The group comes from an authority and cannot be edited. */
  @JsonPrimitiveBoolean()
  readOnly!: boolean;

  @JsonSet(() => YhteystietoDto, { max: MAX_YHTEYSTIEDOT, valid: true })
  yhteystieto!: YhteystietoDto[];
}

/** Only e-mail addresses have a form; an empty one passes (docs/spec/api.md#7.4). */
const isValidArvo = ({ yhteystietoTyyppi, yhteystietoArvo }: YhteystietoDto): boolean =>
  yhteystietoTyyppi !== 'YHTEYSTIETO_SAHKOPOSTI' || !yhteystietoArvo || isContactEmail(yhteystietoArvo);
