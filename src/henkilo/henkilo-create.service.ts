import { Injectable } from '@nestjs/common';
import { UnprocessableError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { HenkiloCreateValidator } from './henkilo-create.validator.js';
import { HenkiloMuokkaus } from './henkilo-muokkaus.js';
import { HenkiloStore } from './henkilo-store.js';
import { HenkiloTunnisteRepository, toPassinumeroKey } from './henkilo-tunniste.repository.js';
import { Koodirivit } from './koodirivit.js';
import type { LoadedHenkilo } from './loaded-henkilo.js';
import { SamankaltaisuusRepository } from './samankaltaisuus.repository.js';
import { toLoadedHenkilo, withoutNulls, type UusiHenkilo } from './uusi-henkilo.js';

/** Lock of the automatic identification: of persons who resemble each other and come at once only one is identified. */
const IDENTIFICATION = 'hetuton yksilointi';

/** Stores new persons that clients give. */
@Injectable()
export class HenkiloCreateService {
  constructor(
    private readonly db: Database,
    private readonly validator: HenkiloCreateValidator,
    private readonly koodirivit: Koodirivit,
    private readonly muokkaus: HenkiloMuokkaus,
    private readonly store: HenkiloStore,
    private readonly samankaltaisuus: SamankaltaisuusRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
  ) {}

  /**
   * Stores the person (E17). One without hetu whose data are complete and whom nobody resembles is identified at once.
   * @param kasittelijaOid OID of the user
   * @returns its OID
   * @throws UnprocessableError with every broken rule; nothing is stored
   */
  async createAndIdentify(uusi: UusiHenkilo, kasittelijaOid: string): Promise<string> {
    const write = await this.prepare(uusi, kasittelijaOid);
    return this.db.transaction(async () => {
      const henkilo = await write();
      await this.identifyIfUnique(henkilo);
      return henkilo.oidHenkilo;
    });
  }

  /**
   * Stores the person as it is (E59).
   * @param kasittelijaOid OID of the user
   * @returns its OID
   * @throws UnprocessableError with every broken rule; nothing is stored
   */
  async create(uusi: UusiHenkilo, kasittelijaOid: string): Promise<string> {
    const write = await this.prepare(uusi, kasittelijaOid);
    return (await this.db.transaction(write)).oidHenkilo;
  }

  /**
   * Asks koodisto about the person, before a transaction; the answer then checks the rest and stores it inside one
   * (spec henkilo 2.3, 2.4). @throws UnprocessableError from the answer
   */
  async prepare(uusi: UusiHenkilo, kasittelijaOid: string): Promise<() => Promise<LoadedHenkilo>> {
    const koodiErrors = await this.validator.listKoodiErrors(uusi);
    return async () => {
      const errors = [...(await this.validator.listRuleErrors(uusi)), ...koodiErrors];
      if (errors.length > 0) throw new UnprocessableError('henkiloCreate', errors);
      const passinumerot = withoutNulls(uusi.passinumerot);
      if (passinumerot.length > 1) await this.tunnisteet.lockTunnisteet(passinumerot.map(toPassinumeroKey));
      return this.muokkaus.create(await toLoadedHenkilo(uusi, kasittelijaOid, this.koodirivit), kasittelijaOid);
    };
  }

  /** Spec henkilo 2.5: `modified` stays, nothing more is announced. */
  private async identifyIfUnique(henkilo: LoadedHenkilo): Promise<void> {
    const { hetu, isYksiloity, duplicate, etunimet, kutsumanimi, sukunimi, sukupuoli, syntymaaika } = henkilo;
    if (hetu !== null || isYksiloity || duplicate || !etunimet || !kutsumanimi || !sukunimi) return;
    if (
      sukupuoli === null ||
      syntymaaika === null ||
      henkilo.aidinkieliId === null ||
      henkilo.kansalaisuusIds.size === 0
    )
      return;
    await this.tunnisteet.lockTunnisteet([IDENTIFICATION]);
    if (await this.samankaltaisuus.hasSimilar(henkilo)) return;
    henkilo.yksiloity = true;
    await this.store.save(henkilo);
  }
}
