import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service.js';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { onr } from '../../auth/permissions/rights.constants.js';
import { UnauthorizedError } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import { findCurrentUserOid } from '../../http/request-context.js';
import { KayttooikeusClient } from '../../integrations/kayttooikeus/kayttooikeus.client.js';
import { HenkiloStore } from './henkilo.store.js';
import { HenkiloTunnisteRepository } from './henkilo-tunniste.repository.js';
import type { LoadedYhteystiedotRyhma } from '../../yhteystiedot/loaded-yhteystiedot.model.js';

/** Kind of the contact details that belong to a person's work. */
const TYOOSOITE = 'yhteystietotyyppi2';
const REKISTERINPITAJA = 'ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA';
const RIGHTS = onr('HENKILON_RU');

/** Makes persons passive and takes their access rights away (docs/spec/henkilo.md#6). `modified` stays and nothing is announced. */
@Injectable()
export class PassivointiService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly kayttooikeus: KayttooikeusClient,
    private readonly audit: AuditLog,
    private readonly permissions: PermissionChecker,
  ) {}

  /**
   * A caller who is no registrar needs a right over the person; over an official the right comes from käyttöoikeuspalvelu,
   * or any official could lock out any other (ADR 80). For a person that the register does not know there is nothing to
   * take away.
   * @throws UnauthorizedError
   */
  async assertMayPassivate(henkiloOid: string): Promise<void> {
    if (this.permissions.hasAny([REKISTERINPITAJA])) return;
    if (await this.permissions.isAllowedByKayttooikeus(henkiloOid, RIGHTS, null)) return;
    if ((await this.permissions.isImporterOf([henkiloOid])) && (await this.kayttooikeus.isOppija(henkiloOid))) return;
    if (!(await this.tunnisteet.isHenkilo(henkiloOid))) return;
    throw new UnauthorizedError('Permission missing');
  }

  /**
   * Takes the access rights away, then makes the person passive (E13). Repeating it does no harm.
   * @throws NotFoundError unknown OID
   * @throws PeerError the rights may still be there; nothing is changed
   */
  passivate(henkiloOid: string): Promise<void> {
    const kasittelijaOid = findCurrentUserOid();
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      this.db.outsideTransaction('passivointi', () => this.kayttooikeus.passivoi(henkiloOid, kasittelijaOid));
      henkilo.passivoitu = true;
      await this.store.save(henkilo);
      const change = { fieldName: 'passivoitu', oldValue: 'false', newValue: 'true' };
      this.audit.writeAfterCommit('PASSIVOI_HENKILO', { henkiloOid, lisatieto: 'Passivoidaan henkilö.' }, [change]);
    });
  }

  /**
   * Takes the access rights away, then removes the contact details of the work, read-only ones too (E14). Somebody whom
   * the register does not know may still have rights: no error.
   * @throws PeerError the rights may still be there; nothing is changed
   */
  async removeAccessRights(henkiloOid: string): Promise<void> {
    await this.kayttooikeus.passivoi(henkiloOid, findCurrentUserOid());
    await this.db.transaction(async () => {
      const henkilo = (await this.store.lock([henkiloOid])).get(henkiloOid);
      const before = henkilo?.yhteystiedotRyhma ?? [];
      const after = before.filter((ryhma) => ryhma.ryhmaKuvaus !== TYOOSOITE);
      if (henkilo) {
        henkilo.yhteystiedotRyhma = after;
        await this.store.save(henkilo);
      }
      const toText = henkilo?.turvakielto ? toTextWithoutArvot : JSON.stringify;
      const change = { fieldName: 'yhteystiedotRyhma', oldValue: toText(before), newValue: toText(after) };
      const target = { henkiloOid, lisatieto: 'Poistettu henkilön käyttöoikeudet ja työyhteystiedot.' };
      this.audit.writeAfterCommit('UPDATE_HENKILO', target, [change]);
    });
  }
}

/** Of a protected person the log tells which groups it had, not what they said. */
const toTextWithoutArvot = (ryhmat: readonly LoadedYhteystiedotRyhma[]): string =>
  JSON.stringify(ryhmat.map((ryhma) => ({ ...ryhma, yhteystieto: [] })));
