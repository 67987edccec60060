import { Injectable } from '@nestjs/common';
import { AuditLog, type AuditChange } from '../audit/audit-log.service.js';
import { SuojattujenNakyvyys } from '../auth/permissions/suojattujen-nakyvyys.service.js';
import { ValidationError } from '../common/errors.js';
import { Database } from '../database/database.js';
import type { IdentificationDto } from '../henkilo/dto/identification.dto.js';
import { isNoSahkoposti } from '../henkilo/henkilo-koodit.constants.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository, toTunnisteKey } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { SuojausRepository } from '../henkilo/luku/suojaus.repository.js';
import { KoodistoClient, koodistoUri } from '../integrations/koodisto/koodisto.client.js';

/** Login identifiers of persons; nobody shares one with another (docs/spec/henkilo.md#7.2). */
@Injectable()
export class IdentificationService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly koodistot: KoodistoClient,
    private readonly audit: AuditLog,
    private readonly suojatut: SuojattujenNakyvyys,
    private readonly suojaus: SuojausRepository,
  ) {}

  /**
   * Adds one identifier (E25). Of several requests for the same one at once, one succeeds.
   * @returns all identifiers of the person that the caller may see
   * @throws ValidationError a kind that koodisto does not know, kind `eidas`, or someone has it already
   * @throws NotFoundError unknown OID
   */
  async add(henkiloOid: string, { idpEntityId, identifier }: IdentificationDto): Promise<IdentificationDto[]> {
    const tyypit = await this.koodistot.get('tunnistetyyppi');
    if (!tyypit.has(idpEntityId)) {
      throw new ValidationError(`Tuntematon koodiston '${koodistoUri('tunnistetyyppi')}' koodi ${idpEntityId}`);
    }
    if (idpEntityId === 'eidas') throw new ValidationError('eIDAS-tunnisteiden lisääminen ei ole sallittua');
    const tunniste = { idpEntityId, identifier };
    return this.db.transaction(async () => {
      await this.tunnisteet.lockTunnisteet([toTunnisteKey(tunniste)]);
      if ((await this.tunnisteet.listOidsByIdentifications([tunniste])).length > 0) {
        throw new ValidationError('Duplikaattitunnisteiden lisääminen ei ole sallittua');
      }
      const henkilo = await this.store.lockOne(henkiloOid);
      henkilo.identifications.push({ id: null, ...tunniste });
      await this.writes.update(henkilo);
      this.logChange(henkiloOid, 'Luotu henkilölle uusi tunnistetieto.', {
        newValue: toText(tunniste, henkilo),
      });
      return this.toDtos(henkilo);
    });
  }

  /**
   * Removes the identifier; the person counts as changed even if it had none such (E26).
   * @returns the remaining identifiers that the caller may see
   * @throws NotFoundError unknown OID
   */
  remove(henkiloOid: string, { idpEntityId, identifier }: IdentificationDto): Promise<IdentificationDto[]> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      const before = henkilo.identifications;
      henkilo.identifications = before.filter((i) => i.idpEntityId !== idpEntityId || i.identifier !== identifier);
      await this.writes.update(henkilo);
      if (henkilo.identifications.length < before.length) {
        const oldValue = toText({ idpEntityId, identifier }, henkilo);
        this.logChange(henkiloOid, 'Poistettu henkilöltä tunnistetieto.', { oldValue });
      }
      return this.toDtos(henkilo);
    });
  }

  private async toDtos(henkilo: LoadedHenkilo): Promise<IdentificationDto[]> {
    const { oidHenkilo, identifications } = henkilo;
    const suojattu = await this.suojaus.isSuojattu(henkilo);
    const hidden = this.suojatut.piilotus()({ oidHenkilo, suojattu });
    return identifications
      .filter((tunniste) => !hidden || isNoSahkoposti(tunniste))
      .map(({ identifier, idpEntityId }) => ({ identifier, idpEntityId }));
  }

  private logChange(henkiloOid: string, lisatieto: string, change: Omit<AuditChange, 'fieldName'>): void {
    this.audit.writeAfterCommit('TUNNISTUSTIETOJEN_PAIVITYS', { henkiloOid, lisatieto }, [
      { fieldName: 'tunnistetieto', ...change },
    ]);
  }
}

/** Of a protected person the audit log tells no e-mail address. */
const toText = (tunniste: IdentificationDto, { turvakielto }: LoadedHenkilo): string =>
  JSON.stringify(turvakielto && !isNoSahkoposti(tunniste) ? { ...tunniste, identifier: null } : tunniste);
