import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../auth/permissions/permission-checker.service.js';
import { ValidationError, henkiloNotFound } from '../common/errors.js';
import { Database } from '../database/database.js';
import { HenkiloCreateService } from '../henkilo/luonti/henkilo-create.service.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import { OrganisaatioliitoksetService } from '../henkilo/muutos/organisaatioliitokset.service.js';
import { OrganisaatioClient } from '../integrations/organisaatio/organisaatio.client.js';
import type { OppijaCreateDto } from './dto/oppija-create.dto.js';
import { LIITETTAVAT } from './tuonti/tuonti.service.js';

/** One learner and its organisations (docs/spec/duplicates-tuonti-yleistunniste.md#5, docs/spec/duplicates-tuonti-yleistunniste.md#11). */
@Injectable()
export class OppijaService {
  constructor(
    private readonly db: Database,
    private readonly creation: HenkiloCreateService,
    private readonly store: HenkiloStore,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly writes: HenkiloWriteService,
    private readonly koodirivit: KoodiriviRepository,
    private readonly liitokset: OrganisaatioliitoksetService,
    private readonly organisaatiot: OrganisaatioClient,
    private readonly permissions: PermissionChecker,
  ) {}

  /**
   * Stores a learner in the caller's organisations, also when there are none. Nobody checks for duplicates.
   * @returns its OID
   * @throws UnprocessableError with every broken rule; nothing is stored
   */
  create(oppija: OppijaCreateDto): Promise<string> {
    const organisaatioOids = this.permissions.organisationsFor(...LIITETTAVAT);
    return this.creation.create({ ...oppija, organisaatioOids }, this.permissions.callerOid);
  }

  /**
   * Puts a person into every organisation of the caller; counts as a change even when it was there already.
   * @throws NotFoundError unknown person
   * @throws ValidationError the caller has no organisation
   */
  addOwnOrganisaatiot(henkiloOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      const own = this.permissions.organisationsFor(...LIITETTAVAT);
      if (own.length === 0)
        throw new ValidationError(
          `Henkilöllä ${this.permissions.caller.oid} ei ole yhtään organisaatiota joihin oppija liitetään`,
        );
      this.liitokset.add(henkilo, await this.koodirivit.organisaatioOidsById(own));
      await this.writes.update(henkilo);
    });
  }

  /**
   * Puts a person into an organisation; without effect when it is there already.
   * @throws NotFoundError unknown person
   * @throws ValidationError there is no such organisation
   */
  async addOrganisaatio(henkiloOid: string, organisaatioOid: string): Promise<void> {
    await this.assertHenkiloExists(henkiloOid);
    const known = (await this.koodirivit.findOrganisaatioId(organisaatioOid)) !== null;
    if (!known && !(await this.organisaatiot.exists(organisaatioOid)))
      throw new ValidationError(`Organisaatiota ei löydy OID:lla ${organisaatioOid} organisaatiopalvelusta`);
    await this.db.transaction(async () => {
      const organisaatiot = await this.koodirivit.organisaatioOidsById([organisaatioOid]);
      const henkilo = await this.store.lockOne(henkiloOid);
      if (this.liitokset.add(henkilo, organisaatiot)) await this.writes.update(henkilo);
    });
  }

  /** Takes a person out of an organisation; without effect when it is not there. @throws NotFoundError unknown person */
  removeOrganisaatio(henkiloOid: string, organisaatioOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      const id = await this.koodirivit.findOrganisaatioId(organisaatioOid);
      if (id === null || !henkilo.organisaatioIds.delete(id)) return;
      await this.writes.update(henkilo);
    });
  }

  private async assertHenkiloExists(henkiloOid: string): Promise<void> {
    if (!(await this.tunnisteet.isHenkilo(henkiloOid))) throw henkiloNotFound(henkiloOid);
  }
}
