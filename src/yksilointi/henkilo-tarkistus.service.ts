import { Injectable } from '@nestjs/common';
import { ConflictError, NotFoundError } from '../common/errors.js';
import { Nimivertailu, type Nimet } from '../common/nimivertailu.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { VtjKyselyClient } from '../integrations/vtj-kysely/vtj-kysely.client.js';

/** Whom a client means: a hetu and the names that belong to it. */
export interface Tarkistettava {
  readonly hetu: string;
  readonly etunimet: string;
  readonly sukunimi: string;
}

/** Whether a person with that hetu and those names exists (docs/spec/yksilointi-vtj.md#3.3). Changes nothing. */
@Injectable()
export class HenkiloTarkistusService {
  private readonly vertailu: Nimivertailu;

  constructor(
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly vtj: VtjKyselyClient,
    @InjectConfig() config: Config,
  ) {
    this.vertailu = new Nimivertailu(config.nimi);
  }

  /**
   * Looks into the register, then asks VTJ: outside a transaction.
   * @returns OID of the person; undefined when only VTJ knows it
   * @throws NotFoundError nobody has the hetu
   * @throws ConflictError it belongs to other names, or VTJ has passivated it
   * @throws PeerError VTJ does not answer properly
   */
  async check(henkilo: Tarkistettava): Promise<string | undefined> {
    const henkiloOid = await this.findInRegister(henkilo);
    if (henkiloOid !== undefined) return henkiloOid;
    const vastaus = await this.vtj.find(henkilo.hetu);
    if (vastaus.kind === 'notFound') throw new NotFoundError('VTJ does not know the hetu');
    if (vastaus.kind === 'passivated') throw new ConflictError('VTJ has passivated the hetu');
    const { etunimi, sukunimi } = vastaus.henkilo;
    this.assertNames(henkilo, { etunimet: etunimi, sukunimi }, 'VTJ');
    return undefined;
  }

  /**
   * The person with this current hetu, also when passive, a duplicate or not identified (docs/spec/yksilointi-vtj.md#9,
   * item 14).
   * @throws ConflictError the names are others
   */
  async findInRegister(henkilo: Tarkistettava): Promise<string | undefined> {
    const found = await this.tunnisteet.findNimetByNykyinenHetu(henkilo.hetu);
    if (!found) return undefined;
    this.assertNames(henkilo, found, found.henkiloOid);
    return found.henkiloOid;
  }

  /** @param whose for the message: no name. @throws ConflictError the names are others */
  assertNames(given: Nimet, expected: Nimet, whose: string): void {
    if (!this.vertailu.namesMatch(given, expected)) throw new ConflictError(`The names differ from those of ${whose}`);
  }
}
