import { Injectable } from '@nestjs/common';
import type { FieldError } from '../../common/errors.js';
import { isKutsumanimiOf } from '../../common/kutsumanimi.js';
import { isUnreadableName } from '../../common/nimen-merkit.js';
import type { HenkiloMuutos } from './henkilo-muutos.rules.js';
import { HenkiloTunnisteRepository } from './henkilo-tunniste.repository.js';
import { KoodiValidator } from '../../koodit/koodi.validator.js';
import type { LoadedHenkilo } from './loaded-henkilo.model.js';

/** Checks new values for a stored person (docs/spec/henkilo.md#3.3). An answer is a list of errors in the order that clients know. */
@Injectable()
export class HenkiloUpdateValidator {
  constructor(
    private readonly koodit: KoodiValidator,
    private readonly tunnisteet: HenkiloTunnisteRepository,
  ) {}

  /** What can be checked without the stored person. Asks koodisto: before the transaction. The last of the errors. */
  listKoodiErrors(muutos: HenkiloMuutos): Promise<FieldError[]> {
    const { sukupuoli, kotikunta, aidinkieli, kansalaisuus, yhteystiedotRyhma } = muutos;
    const ryhmat = { field: 'yhteystiedotRyhma', rejectedValue: yhteystiedotRyhma };
    return this.koodit.listErrors([
      { koodisto: 'sukupuoli', field: 'sukupuoli', code: 'invalid.sukupuoli', koodi: sukupuoli },
      { koodisto: 'kunta', field: 'kotikunta', code: 'invalid.kotikunta', koodi: kotikunta },
      { koodisto: 'kieli', field: 'aidinkieli.kieliKoodi', code: 'invalid.aidinkieli', koodi: aidinkieli?.kieliKoodi },
      {
        koodisto: 'kansalaisuus',
        field: 'kansalaisuus',
        code: 'invalid.kansalaisuusKoodi',
        koodi: kansalaisuus?.map((k) => k.kansalaisuusKoodi),
        rejectedValue: kansalaisuus,
      },
      {
        koodisto: 'yhteystietotyyppi',
        code: 'invalid.ryhmaKuvaus',
        koodi: yhteystiedotRyhma?.map((r) => r.ryhmaKuvaus),
        ...ryhmat,
      },
      {
        koodisto: 'yhteystiedonAlkupera',
        code: 'invalid.ryhmaAlkuperaTieto',
        koodi: yhteystiedotRyhma?.map((r) => r.ryhmaAlkuperaTieto),
        ...ryhmat,
      },
    ]);
  }

  /** Is a given hetu free, and may this person get it? Inside the transaction, after `lockHetut` of HenkiloTunnisteRepository unless it is the person's own. The first of the errors; the same error twice is meant (docs/spec/henkilo.md#O8). */
  async listHetuErrors(muutos: HenkiloMuutos, saved: LoadedHenkilo): Promise<FieldError[]> {
    const { hetu } = muutos;
    if (hetu == null || hetu === saved.hetu) return [];
    const error = (code: string): FieldError => ({
      code,
      arguments: null,
      message: null,
      field: 'hetu',
      rejectedValue: hetu,
    });
    if (saved.yksiloityVTJ) return [error('socialsecuritynr.already.set')];
    if (hetu.trim() === '') return [];
    const holders = [
      await this.tunnisteet.findOidByNykyinenHetu(hetu),
      await this.tunnisteet.findOidByKaikkiHetut(hetu),
    ];
    return holders
      .filter((oid) => oid !== undefined && oid !== saved.oidHenkilo)
      .map(() => error('socialsecuritynr.already.exists'));
  }
}

/** @returns the error if kutsumanimi is not one of etunimet; nothing when one of them is not given */
export function listKutsumanimiErrors(
  kutsumanimi: string | null | undefined,
  etunimet: string | null | undefined,
): FieldError[] {
  if (kutsumanimi == null || etunimet == null || isKutsumanimiOf(kutsumanimi, etunimet)) return [];
  return [
    {
      code: 'kutsumanimi.must.exist.in.etunimet',
      arguments: [kutsumanimi, etunimet],
      message: 'Kutsumanimen on oltava osa etunimeä',
      field: 'kutsumanimi',
      rejectedValue: kutsumanimi,
    },
  ];
}

const NIMET = ['etunimet', 'kutsumanimi', 'sukunimi'] as const;
type HenkilonNimet = Partial<Readonly<Record<(typeof NIMET)[number], string | null>>>;

/**
 * The given names must hold no invisible characters, and must not be blank (docs/adr/0101-names.md).
 * @param saved names that may stay as they are
 */
export function listCharacterErrors(given: HenkilonNimet, saved: HenkilonNimet = {}): FieldError[] {
  return NIMET.flatMap((field) => {
    const nimi = given[field];
    if (nimi == null || nimi === saved[field] || !isUnreadableName(nimi)) return [];
    const message = 'Nimessä on merkkejä, jotka eivät näy, tai pelkkiä välilyöntejä';
    return [{ code: 'invalid.characters', arguments: null, message, field, rejectedValue: nimi }];
  });
}
