import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { KayttooikeusClient } from '../integrations/kayttooikeus/kayttooikeus.client.js';
import { KoodistoClient, type Koodistot } from '../integrations/koodisto/koodisto.client.js';
import type { VtjHenkilo } from '../integrations/vtj-kysely/vtj-henkilo.model.js';
import { VtjKyselyClient } from '../integrations/vtj-kysely/vtj-kysely.client.js';

/** A person of VTJ and the code sets at that time. */
export interface VtjTiedot {
  readonly henkilo: VtjHenkilo;
  /** The code sets against which VTJ's codes are checked; `hasKieli` takes the lower-case code. */
  readonly koodistot: Koodistot;
}

/** Outcome of one query, see VtjVastaus. */
export type VtjHakutulos = ({ readonly kind: 'found' } & VtjTiedot) | { readonly kind: 'notFound' | 'passivated' };

/**
 * Asks outside systems on behalf of a transaction: while they are asked no transaction is open and nothing is locked;
 * then the work begins anew and looks whether the person is still as it was (see Database.outsideTransaction).
 */
@Injectable()
export class VtjHakuService {
  constructor(
    private readonly db: Database,
    private readonly vtj: VtjKyselyClient,
    private readonly koodisto: KoodistoClient,
    private readonly kayttooikeus: KayttooikeusClient,
  ) {}

  /** What VTJ knows of the hetu. Inside a transaction. @throws PeerError no proper answer */
  find(hetu: string): VtjHakutulos {
    return this.db.outsideTransaction(`vtj ${hetu}`, () => this.ask(hetu));
  }

  /** Is the person an oppija, not a virkailija (docs/spec/yksilointi-vtj.md#2.7)? Inside a transaction. @throws PeerError unknown */
  isOppija(henkiloOid: string): boolean {
    return this.db.outsideTransaction(`oppija ${henkiloOid}`, () => this.kayttooikeus.isOppija(henkiloOid));
  }

  private async ask(hetu: string): Promise<VtjHakutulos> {
    const vastaus = await this.vtj.find(hetu);
    if (vastaus.kind !== 'found') return vastaus;
    const kielet = await this.koodisto.get('kieli');
    const maat = await this.koodisto.get('kansalaisuus');
    const kunnat = await this.koodisto.get('kunta');
    const koodistot: Koodistot = {
      hasKieli: (koodi) => koodi === koodi.toLowerCase() && kielet.has(koodi.toUpperCase()),
      hasMaa: (koodi) => maat.has(koodi),
      hasKunta: (koodi) => kunnat.has(koodi),
    };
    return { ...vastaus, koodistot };
  }
}
