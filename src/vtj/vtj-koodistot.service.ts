import { Injectable } from '@nestjs/common';
import { KoodistoClient, type Koodisto, type Koodistot } from '../integrations/koodisto/koodisto.client.js';
import type { Ymparisto } from './tietoryhmat/vtj-muutos.model.js';

/** Code sets as the change API uses them; `hasKieli` takes the upper-case code. */
export type VtjKoodit = Koodistot & Pick<Ymparisto, 'findMaa'>;

/** What the validation of a person asks for besides. */
const VALIDOINNIN_KOODISTOT: readonly Koodisto[] = ['sukupuoli', 'yhteystietotyyppi', 'yhteystiedonAlkupera'];

/** Gets every code set that a change needs before its transaction, so that none is asked for inside. */
@Injectable()
export class VtjKoodistotService {
  constructor(private readonly koodistot: KoodistoClient) {}

  /** @throws PeerError koodisto does not answer and no list of the last day is at hand */
  async load(): Promise<VtjKoodit> {
    const [kunnat, kielet, maat] = await Promise.all(
      [...(['kunta', 'kieli', 'kansalaisuus'] as const), ...VALIDOINNIN_KOODISTOT].map((k) => this.koodistot.get(k)),
    );
    return {
      hasKunta: (koodi) => kunnat!.has(koodi),
      hasKieli: (koodi) => kielet!.has(koodi),
      hasMaa: (koodi) => maat!.has(koodi),
      findMaa: (koodi, kieli) => maat!.find(koodi)?.nimi[kieli],
    };
  }
}
