import { Injectable } from '@nestjs/common';
import type { FieldError } from '../common/errors.js';
import { KoodistoClient, koodistoUri, type Koodisto } from '../integrations/koodisto/koodisto.client.js';

/** One value, or one set of values, to be looked up in a code list. */
export interface KoodiCheck {
  readonly koodisto: Koodisto;
  readonly field: string;
  /** Code of the error, e.g. `invalid.sukupuoli`. */
  readonly code: string;
  /** null or absent: not checked; koodisto is not even asked. Likewise an empty list. A null in a list is an unknown code. */
  readonly koodi: string | null | undefined | readonly (string | null)[];
  /** What the error shows as refused; the code itself by default. */
  readonly rejectedValue?: unknown;
}

/** Checks codes against koodisto (docs/spec/henkilo.md#0.8). Asks an outside system: never inside a transaction. */
@Injectable()
export class KoodiValidator {
  constructor(private readonly koodistot: KoodistoClient) {}

  /** @returns an error for each check that fails, in their order; of a set one for all of its unknown codes */
  async listErrors(checks: readonly KoodiCheck[]): Promise<FieldError[]> {
    const errors: FieldError[] = [];
    for (const check of checks) {
      const single = !Array.isArray(check.koodi);
      const koodit = (single ? (check.koodi == null ? [] : [check.koodi]) : check.koodi) as readonly (string | null)[];
      if (koodit.length === 0) continue;
      const list = await this.koodistot.get(check.koodisto);
      const isKnown = (koodi: string | null) =>
        koodi !== null &&
        (check.koodisto === 'kieli' ? koodi === koodi.toLowerCase() && list.has(koodi.toUpperCase()) : list.has(koodi));
      const unknown = [...new Set(koodit.filter((koodi) => !isKnown(koodi)))];
      if (unknown.length > 0) errors.push(single ? singleError(check, unknown[0]!) : setError(check, unknown));
    }
    return errors;
  }
}

function singleError({ koodisto, field, code, rejectedValue }: KoodiCheck, koodi: string): FieldError {
  const message = `Tuntematon koodiston '${koodistoUri(koodisto)}' koodi ${koodi}`;
  return { code, arguments: [koodi], message, field, rejectedValue: rejectedValue ?? koodi };
}

function setError(
  { koodisto, field, code, koodi, rejectedValue }: KoodiCheck,
  unknown: readonly (string | null)[],
): FieldError {
  const message = `Tuntematon koodiston '${koodistoUri(koodisto)}' koodit [${unknown.map(String).join(', ')}]`;
  return { code, arguments: [unknown], message, field, rejectedValue: rejectedValue ?? koodi };
}
