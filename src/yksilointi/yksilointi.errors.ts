import { ValidationError } from '../common/errors.js';
import { HETU_EI_OIKEA, HETU_EI_VTJ, HETU_PASSIVOITU } from '../yksilointitieto/yksilointivirhe-tila.rules.js';

const EIDAS = 'Henkilö on eIDAS-yksilöity: ';

const TEKSTIT = { HETU_EI_VTJ, HETU_EI_OIKEA, HETU_PASSIVOITU, EIDAS } as const;

/**
 * A person that VTJ cannot identify and that is not tried again on its own (the reference's
 * SuspendableIdentificationException). Clients are told without the hetu, 400 (ADR 50).
 */
export class EiYksiloitavissaError extends ValidationError {
  /** Text of the stored failure: production rows have it to the letter (docs/spec/yksilointi-vtj.md#1.3). */
  readonly viesti: string;

  /** @param tunniste hetu, or OID of a person identified with eIDAS */
  constructor(syy: keyof typeof TEKSTIT, tunniste: string) {
    super(TEKSTIT[syy].replace(/: $/, ''));
    this.viesti = TEKSTIT[syy] + tunniste;
  }
}
