import { JsonBoolean, JsonText, JsonTextSet } from '../../http/binding/fields.js';
import { LONGEST_SEARCH, Size, Words } from '../../http/binding/rules.js';
import { MAX_OIDS } from './limits.js';

/** Conditions on persons; all given ones must hold (docs/spec/henkilo.md#8.1). */
export class HenkiloHakuCriteriaDto {
  /** Null or empty: anyone. */
  @JsonTextSet({ max: MAX_OIDS })
  henkiloOids!: (string | null)[] | null;

  @JsonBoolean()
  passivoitu!: boolean | null;

  /** Linked under another person. */
  @JsonBoolean()
  duplikaatti!: boolean | null;

  /** Split at single spaces; every part must be contained in first names or surname, whatever the case. At most ten parts. */
  @JsonText()
  @Size(0, LONGEST_SEARCH)
  @Words(10)
  nameQuery!: string | null;
}

/** Conditions on persons; all given ones must hold (docs/spec/henkilo.md#8.1). */
export class HenkiloCriteria extends HenkiloHakuCriteriaDto {
  /** Current hetu, exactly; empty: any. */
  @JsonText()
  hetu!: string | null;
}

/** The query parameters of `GET /henkilo`. */
export class HenkiloHakuCriteria {
  /** Absent or empty: whomever the caller may see. */
  @JsonTextSet({ max: MAX_OIDS })
  henkiloOids!: string[] | null;

  /** Current hetu, exactly; empty: any. */
  @JsonText()
  hetu!: string | null;

  @JsonBoolean()
  passivoitu!: boolean | null;

  /** Linked under another person. */
  @JsonBoolean()
  duplikaatti!: boolean | null;

  /** Handed on to käyttöoikeuspalvelu. */
  @JsonTextSet({ max: MAX_OIDS })
  organisaatioOids!: string[] | null;

  /** Handed on to käyttöoikeuspalvelu. */
  @JsonTextSet({ max: MAX_OIDS })
  kayttoOikeusRyhmaNimet!: string[] | null;
}
