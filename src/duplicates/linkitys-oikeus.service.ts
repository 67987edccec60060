import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../auth/permissions/permission-checker.service.js';
import { UnauthorizedError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { KayttooikeusClient } from '../integrations/kayttooikeus/kayttooikeus.client.js';

/** Questions to käyttöoikeuspalvelu at the same time. */
const QUESTIONS_AT_ONCE = 8;

/** Who may join whom (docs/adr/0080-who-may-link-whom.md). The superuser may join anybody. */
@Injectable()
export class LinkitysOikeusService {
  constructor(
    private readonly db: Database,
    private readonly permissions: PermissionChecker,
    private readonly kayttooikeus: KayttooikeusClient,
  ) {}

  /**
   * The caller needs the right over one of the two persons, or over `henkiloOid` where there are more. A caller that only
   * imports learners must have imported all of them. Callers cannot join themselves to anybody.
   * @param right of OPPIJANUMEROREKISTERI
   * @throws UnauthorizedError
   */
  async assertMayLink(
    right: string,
    henkiloOid: string,
    candidateOids: readonly (string | null)[],
    external: string | null,
  ): Promise<void> {
    const oids = [henkiloOid, ...candidateOids];
    this.assertOthers(oids);
    if (await this.permissions.isImporterOf(oids)) return;
    const rights = { OPPIJANUMEROREKISTERI: [right] };
    for (const oid of candidateOids.length === 1 ? oids : [henkiloOid]) {
      if (await this.permissions.isAllowedByKayttooikeus(oid, rights, external)) return;
    }
    throw new UnauthorizedError('Permission missing');
  }

  /** @throws UnauthorizedError the caller is one of them */
  assertOthers(henkiloOids: readonly (string | null)[]): void {
    if (this.permissions.isSuperUser()) return;
    if (henkiloOids.some((oid) => this.permissions.isOwnData(oid)))
      throw new UnauthorizedError('Nobody links or unlinks himself');
  }

  /**
   * Everyone whose links change must be an oppija other than the caller: an official or a service would lose its access
   * rights, or get the login identifiers of somebody else. Inside a transaction.
   * @throws UnauthorizedError
   */
  assertOppijat(henkiloOids: readonly string[]): void {
    if (this.permissions.isSuperUser()) return;
    this.assertOthers(henkiloOids);
    const oids = [...new Set(henkiloOids)].sort();
    const virkailija = this.db.outsideTransaction(`oppijat ${oids.join(' ')}`, () => this.findVirkailija(oids));
    if (virkailija !== undefined) throw new UnauthorizedError(`${virkailija} is not an oppija`);
  }

  private async findVirkailija(henkiloOids: readonly string[]): Promise<string | undefined> {
    for (let from = 0; from < henkiloOids.length; from += QUESTIONS_AT_ONCE) {
      const part = henkiloOids.slice(from, from + QUESTIONS_AT_ONCE);
      const areOppijat = await Promise.all(part.map((oid) => this.kayttooikeus.isOppija(oid)));
      const found = part.find((_, i) => !areOppijat[i]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
