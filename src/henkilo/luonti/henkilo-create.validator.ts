import { Injectable } from '@nestjs/common';
import type { FieldError } from '../../common/errors.js';
import type { YhteystiedotRyhmaMuutos } from '../muutos/henkilo-muutos.rules.js';
import { HenkiloTunnisteRepository } from '../muutos/henkilo-tunniste.repository.js';
import { listCharacterErrors, listKutsumanimiErrors } from '../muutos/henkilo-update.validator.js';
import { KoodiValidator } from '../../koodit/koodi.validator.js';
import { withoutNulls, type UusiHenkilo } from './uusi-henkilo.mapper.js';

/** Checks a person to be stored (docs/spec/henkilo.md#2.3): first the rule errors, then those of koodisto. */
@Injectable()
export class HenkiloCreateValidator {
  constructor(
    private readonly koodit: KoodiValidator,
    private readonly tunnisteet: HenkiloTunnisteRepository,
  ) {}

  /** Asks koodisto: before the transaction. */
  listKoodiErrors(uusi: UusiHenkilo): Promise<FieldError[]> {
    const kansalaisuus = withoutNulls(uusi.kansalaisuus);
    const ryhmat = withoutNulls(uusi.yhteystiedotRyhma);
    const yhteystiedot = { field: 'yhteystiedotRyhma', rejectedValue: ryhmat.map(toShownRyhma) };
    return this.koodit.listErrors([
      { koodisto: 'sukupuoli', field: 'sukupuoli', code: 'invalid.sukupuoli', koodi: uusi.sukupuoli },
      { koodisto: 'kunta', field: 'kotikunta', code: 'invalid.kotikunta', koodi: uusi.kotikunta },
      {
        koodisto: 'kieli',
        field: 'aidinkieli.kieliKoodi',
        code: 'invalid.aidinkieli',
        koodi: uusi.aidinkieli?.kieliKoodi,
      },
      {
        koodisto: 'kansalaisuus',
        field: 'kansalaisuus',
        code: 'invalid.kansalaisuusKoodi',
        koodi: kansalaisuus.map((k) => k.kansalaisuusKoodi),
        rejectedValue: kansalaisuus.map(({ kansalaisuusKoodi }) => ({ ...UNSAVED, kansalaisuusKoodi })),
      },
      {
        koodisto: 'yhteystietotyyppi',
        code: 'invalid.ryhmaKuvaus',
        koodi: ryhmat.map((r) => r.ryhmaKuvaus),
        ...yhteystiedot,
      },
      {
        koodisto: 'yhteystiedonAlkupera',
        code: 'invalid.ryhmaAlkuperaTieto',
        koodi: ryhmat.map((r) => r.ryhmaAlkuperaTieto),
        ...yhteystiedot,
      },
    ]);
  }

  /** What is checked against the register and within the person. Inside the transaction that stores it. The same hetu error twice is meant (docs/spec/henkilo.md#O8). */
  async listRuleErrors(uusi: UusiHenkilo): Promise<FieldError[]> {
    const { hetu } = uusi;
    return [...listFlagErrors(uusi), ...(hetu?.trim() ? await this.listHetuErrors(hetu) : []), ...listNameErrors(uusi)];
  }

  /** What of the rules can be checked within the person. */
  listOwnErrors(uusi: UusiHenkilo): FieldError[] {
    return [...listFlagErrors(uusi), ...listNameErrors(uusi)];
  }

  /** Another transaction that stores the same hetu waits until this one ends. */
  private async listHetuErrors(hetu: string): Promise<FieldError[]> {
    await this.tunnisteet.lockHetut([hetu]);
    const holders = [
      await this.tunnisteet.findOidByNykyinenHetu(hetu),
      await this.tunnisteet.findOidByKaikkiHetut(hetu),
    ];
    const error = {
      code: 'socialsecuritynr.already.exists',
      arguments: null,
      message: null,
      field: 'hetu',
      rejectedValue: hetu,
    };
    return holders.filter((oid) => oid !== undefined).map(() => error);
  }
}

const listNameErrors = (uusi: UusiHenkilo): FieldError[] => [
  ...listKutsumanimiErrors(uusi.kutsumanimi, uusi.etunimet),
  ...listCharacterErrors(uusi),
];

/** Ways of identification that exclude each other or a hetu. */
function listFlagErrors({ hetu, eidasTunniste, yksiloity, duplicate }: UusiHenkilo): FieldError[] {
  const hasEidas = eidasTunniste != null;
  const hasHetu = hetu != null;
  const error = (field: string, code: string, message: string, rejectedValue: unknown): FieldError => ({
    code,
    arguments: null,
    message,
    field,
    rejectedValue,
  });
  const errors: FieldError[] = [];
  const eidas = 'eIDAS-yksilöintiä ei voida tehdä';
  const kasin = 'yksilöintiä ei voida tehdä';
  if (hasEidas && hasHetu)
    errors.push(error('hetu', 'eidas.and.hetu.not.allowed', `Henkilöllä on hetu, ${eidas}`, hetu));
  if (hasEidas && duplicate)
    errors.push(error('duplicate', 'eidas.and.duplicate.not.allowed', `Henkilö on duplikaatti, ${eidas}`, true));
  if (yksiloity && hasHetu)
    errors.push(error('yksiloity', 'yksiloity.and.hetu.not.allowed', `Henkilöllä on hetu, ${kasin}`, true));
  if (yksiloity && hasEidas)
    errors.push(error('yksiloity', 'yksiloity.and.eidas.not.allowed', `Henkilöllä on eidas-tunniste, ${kasin}`, true));
  if (yksiloity && duplicate)
    errors.push(error('yksiloity', 'yksiloity.and.duplicate.not.allowed', `Henkilö on duplikaatti, ${kasin}`, true));
  return errors;
}

/** Clients are shown the elements as the reference's unsaved entities (docs/spec/api.md#2.5). */
const UNSAVED = { id: null, version: null, new: true } as const;

function toShownRyhma({ ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly, yhteystieto }: YhteystiedotRyhmaMuutos): object {
  const arvot = yhteystieto ?? [];
  return {
    ...UNSAVED,
    notEmpty: arvot.some((arvo) => !!arvo.yhteystietoArvo),
    ryhmaKuvaus,
    ryhmaAlkuperaTieto,
    readOnly: readOnly ?? false,
    yhteystieto: arvot.map(({ yhteystietoTyyppi, yhteystietoArvo }) => ({
      ...UNSAVED,
      yhteystietoTyyppi,
      yhteystietoArvo,
    })),
  };
}
