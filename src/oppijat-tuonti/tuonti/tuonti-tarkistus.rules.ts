import { BeanValidationError, type FieldError } from '../../common/errors.js';
import type { Koodit } from '../../integrations/koodisto/koodisto.client.js';
import type { TuontiSisalto } from './tuonti-sisalto.mapper.js';

const SUOMI = '246';
/** An import of unknown codes must not become an answer of megabytes. */
const MAX_ERRORS = 1_000;

/** The code lists that an import is checked against. */
export interface TuontiKoodistot {
  readonly sukupuoli: Koodit;
  readonly kieli: Koodit;
  readonly kansalaisuus: Koodit;
}

/** @throws BeanValidationError a key of the sending system is given to two rows: their results could not be told apart */
export function assertTunnisteetDistinct(objectName: string, rivit: TuontiSisalto['henkilot']): void {
  const seen = new Set<string>();
  const violations = rivit.flatMap(({ tunniste }, i) => {
    if (!tunniste) return [];
    if (seen.has(tunniste)) return [{ field: `henkilot[${i}].tunniste`, message: 'must not be repeated' }];
    seen.add(tunniste);
    return [];
  });
  if (violations.length > 0) throw new BeanValidationError(objectName, violations.slice(0, MAX_ERRORS));
}

/**
 * What koodisto does not know, and Finns without hetu, row by row (docs/spec/duplicates-tuonti-yleistunniste.md#6.2). Languages
 * are compared exactly, in upper case; hetu `''` is enough for a Finn.
 */
export function listKoodiErrors({ henkilot }: TuontiSisalto, koodistot: TuontiKoodistot): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { henkilo }] of henkilot.entries()) {
    if (errors.length >= MAX_ERRORS) break;
    const at = (field: string) => `henkilot[${i}].henkilo.${field}`;
    for (const [field, koodisto, uri] of [
      ['sukupuoli', koodistot.sukupuoli, 'sukupuoli'],
      ['aidinkieli', koodistot.kieli, 'kieli'],
    ] as const) {
      const koodi = henkilo[field]?.koodi;
      if (koodi === undefined || koodisto.has(koodi)) continue;
      const message = `Tuntematon koodiston '${uri}' koodi ${koodi}`;
      errors.push({ code: `invalid.${field}`, arguments: [koodi], message, field: at(field), rejectedValue: henkilo[field] }); // prettier-ignore
    }
    const koodit = (henkilo.kansalaisuus ?? []).map(({ koodi }) => koodi);
    const unknown = [...new Set(koodit.filter((koodi) => !koodistot.kansalaisuus.has(koodi)))];
    if (unknown.length > 0) {
      const message = `Tuntematon koodiston 'maatjavaltiot2' koodit [${unknown.join(', ')}]`;
      errors.push({ code: 'invalid.kansalaisuus', arguments: [unknown], message, field: at('kansalaisuus'), rejectedValue: henkilo.kansalaisuus }); // prettier-ignore
    }
    if (koodit.includes(SUOMI) && henkilo.hetu === undefined)
      errors.push({ code: 'hetu.required.for.finnish', arguments: null, message: null, field: at('hetu'), rejectedValue: null }); // prettier-ignore
  }
  return errors;
}
