import { Injectable } from '@nestjs/common';
import { UnauthorizedError } from '../../common/errors.js';
import { ALKUPERA_VTJ } from '../../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { PLAIN_FIELDS, type HenkiloMuutos } from './henkilo-muutos.rules.js';
import { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from './loaded-henkilo.model.js';

/** What people may change of their own record without any right (docs/adr/0081-own-data.md). */
export const onlyOmatTiedot = ({ oidHenkilo, asiointiKieli, yhteystiedotRyhma }: HenkiloMuutos): HenkiloMuutos => ({
  oidHenkilo,
  asiointiKieli,
  yhteystiedotRyhma,
});

/** Contact details that an authority keeps: people cannot change or add them in their own record. */
export const isViranomaisen = (ryhma: { ryhmaAlkuperaTieto: string; readOnly?: boolean | null }): boolean =>
  ryhma.readOnly === true || ryhma.ryhmaAlkuperaTieto === ALKUPERA_VTJ;

/** What nobody changes of himself and is compared as it is. */
const KIELLETYT = [...PLAIN_FIELDS, 'kutsumanimi', 'hetu'] as const;

/** Holds changes of one's own record against what is stored: clients send the whole record back. */
@Injectable()
export class OmatTiedotService {
  constructor(private readonly koodirivit: KoodiriviRepository) {}

  /**
   * Inside a transaction with the person locked.
   * @throws UnauthorizedError another member than contact details and language of contact would change, or contact details
   *   that an authority keeps
   */
  async assertOnlyThese(muutos: HenkiloMuutos, saved: LoadedHenkilo): Promise<void> {
    const changed: string[] = KIELLETYT.filter(
      (field) => muutos[field] != null && isOther(muutos[field], saved[field]),
    );
    if (await this.isOtherAidinkieli(muutos, saved)) changed.push('aidinkieli');
    if (await this.isOtherKansalaisuus(muutos, saved)) changed.push('kansalaisuus');
    if (hasNewOfViranomainen(muutos, saved)) changed.push('yhteystiedotRyhma');
    if (changed.length > 0) throw new UnauthorizedError(`Own data do not reach ${changed.join(', ')}`);
  }

  private async isOtherAidinkieli({ aidinkieli }: HenkiloMuutos, saved: LoadedHenkilo): Promise<boolean> {
    return (
      !!aidinkieli?.kieliKoodi && aidinkieli.kieliKoodi !== (await this.koodirivit.findKieliKoodi(saved.aidinkieliId))
    );
  }

  private async isOtherKansalaisuus({ kansalaisuus }: HenkiloMuutos, saved: LoadedHenkilo): Promise<boolean> {
    if (!kansalaisuus) return false;
    const given = new Set(kansalaisuus.map((k) => k.kansalaisuusKoodi));
    const stored = await this.koodirivit.findKansalaisuusKoodit(saved.kansalaisuusIds);
    return given.size !== stored.size || [...given].some((koodi) => !stored.has(koodi));
  }
}

/** Empty is none, as forms send it. */
const isOther = (given: string | boolean | null | undefined, stored: string | boolean | null): boolean =>
  (given || null) !== (stored || null);

/** A given group with the id of a read-only one changes nothing, whatever it holds. */
function hasNewOfViranomainen({ yhteystiedotRyhma }: HenkiloMuutos, saved: LoadedHenkilo): boolean {
  const kept = new Set(saved.yhteystiedotRyhma.filter(isViranomaisen).map((ryhma) => ryhma.id));
  return (yhteystiedotRyhma ?? []).some((ryhma) => isViranomaisen(ryhma) && !kept.has(ryhma.id ?? null));
}
