import { Injectable } from '@nestjs/common';
import { isNimiarvaus } from '../common/nimiarvaus.js';
import { Database } from '../database/database.js';
import { HenkiloCreateService } from '../henkilo/luonti/henkilo-create.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { OrganisaatioliitoksetService } from '../henkilo/muutos/organisaatioliitokset.service.js';
import { HenkiloTarkistusService, type Tarkistettava } from '../yksilointi/henkilo-tarkistus.service.js';
import { YleistunnisteReadRepository } from './yleistunniste-read.repository.js';
import type { YleistunnisteDto } from './yleistunniste.dto.js';

/** Names and hetu as given; a person that is stored gets these names, not VTJ's. */
export interface Haettava extends Tarkistettava {
  readonly kutsumanimi: string;
}

export interface Hakija {
  /** OID of the user. */
  readonly kasittelijaOid: string;
  /** The user's organisations, to which the person then belongs; none is no error. */
  readonly organisaatioOids: readonly string[];
}

/** Finds a person by hetu and names, or stores it if VTJ knows it (docs/spec/duplicates-tuonti-yleistunniste.md#9.3). */
@Injectable()
export class YleistunnisteHakuService {
  constructor(
    private readonly db: Database,
    private readonly tarkistus: HenkiloTarkistusService,
    private readonly creation: HenkiloCreateService,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly store: HenkiloStore,
    private readonly koodirivit: KoodiriviRepository,
    private readonly liitokset: OrganisaatioliitoksetService,
    private readonly haut: YleistunnisteReadRepository,
  ) {}

  /**
   * E72. A person that is stored counts as identified in the answer, though the automatic identification is still to come;
   * of several callers at once one stores it and the others find it. Of a person who belongs to the organisations nothing is
   * written, and the call does not wait for others that change that person.
   * @throws NotFoundError nobody has the hetu
   * @throws ConflictError it belongs to other names, or VTJ has passivated it
   * @throws UnprocessableError a new person whose hetu is a former one of somebody
   */
  async findOrCreate(henkilo: Haettava, { kasittelijaOid, organisaatioOids }: Hakija): Promise<YleistunnisteDto> {
    const tunnettu = await this.haut.findByHetu(henkilo.hetu, organisaatioOids);
    if (tunnettu) {
      this.tarkistus.assertNames(henkilo, tunnettu, tunnettu.henkiloOid);
      const { henkiloOid, oppijanumero, isInAll } = tunnettu;
      if (isInAll || isNimiarvaus(henkilo, tunnettu)) return { oid: henkiloOid, oppijanumero };
    }
    let oid = tunnettu?.henkiloOid ?? (await this.tarkistus.check(henkilo));
    const { hetu, etunimet, kutsumanimi, sukunimi } = henkilo;
    const create =
      oid === undefined ? await this.creation.prepare({ hetu, etunimet, kutsumanimi, sukunimi }, kasittelijaOid) : null;
    return this.db.transaction(async () => {
      if (create) {
        await this.tunnisteet.lockHetut([hetu]);
        oid = await this.tarkistus.findInRegister(henkilo);
        if (oid === undefined) {
          const uusi = await create();
          await this.addOrganisaatiot(uusi, organisaatioOids);
          return { oid: uusi.oidHenkilo, oppijanumero: uusi.oidHenkilo };
        }
      }
      const found = await this.store.lockOne(oid);
      if (!isNimiarvaus(henkilo, found)) await this.addOrganisaatiot(found, organisaatioOids);
      const { oppijanumero } = await this.haut.getByOid(found.oidHenkilo);
      return { oid: found.oidHenkilo, oppijanumero };
    });
  }

  /** `modified` stays and nothing is announced. */
  private async addOrganisaatiot(henkilo: LoadedHenkilo, organisaatioOids: readonly string[]): Promise<void> {
    this.liitokset.add(henkilo, await this.koodirivit.organisaatioOidsById(organisaatioOids));
    await this.store.save(henkilo);
  }
}
