import { Injectable } from '@nestjs/common';
import { UnauthorizedError, UserHasNoOidError } from '../../common/errors.js';
import { currentRequest, type Caller } from '../../http/request-context.js';
import { KayttooikeusClient } from '../../integrations/kayttooikeus/kayttooikeus.client.js';
import { OrganisaatioClient } from '../../integrations/organisaatio/organisaatio.client.js';
import { HenkiloOrganisaatioRepository } from './henkilo-organisaatio.repository.js';
import type { PalveluRoolit } from './rights.constants.js';

export const ROOT_ORGANISATION = '1.2.246.562.10.00000000001';
const ONR = 'ROLE_APP_OPPIJANUMEROREKISTERI_';
export const SUPERUSER = `${ONR}REKISTERINPITAJA_${ROOT_ORGANISATION}`;
const READ_ALL = `${ONR}REKISTERINPITAJA_READ_${ROOT_ORGANISATION}`;
const OPPIJOIDENTUONTI = `${ONR}OPPIJOIDENTUONTI`;
const ORGANISATION_OID = '1.2.246.562.10.';
/** Questions to käyttöoikeuspalvelu at the same time while one list is filtered. */
const QUESTIONS_AT_ONCE = 8;

export const holdsAny = (caller: Caller, authorities: readonly string[]): boolean =>
  authorities.some((authority) => caller.authorities.has(authority));

/**
 * Who may see and change whom (docs/spec/security-integrations-jobs.md#2.4, docs/spec/security-integrations-jobs.md#2.7). Nothing is remembered between requests. A
 * failing peer is passed on as it is: the request ends in 500, never in a permission.
 */
@Injectable()
export class PermissionChecker {
  constructor(
    private readonly organisaatiot: HenkiloOrganisaatioRepository,
    private readonly kayttooikeus: KayttooikeusClient,
    private readonly organisaatio: OrganisaatioClient,
  ) {}

  /** @throws UnauthorizedError outside a request or before login */
  get caller(): Caller {
    const caller = currentRequest()?.caller;
    if (!caller) throw new UnauthorizedError('Nobody is logged in');
    return caller;
  }

  /** OID of the caller. @throws UserHasNoOidError the login carried none */
  get callerOid(): string {
    const { oid } = this.caller;
    if (oid === null) throw new UserHasNoOidError('The login has no OID');
    return oid;
  }

  has(authority: string): boolean {
    return this.caller.authorities.has(authority);
  }

  hasAny(authorities: readonly string[]): boolean {
    return holdsAny(this.caller, authorities);
  }

  /** REKISTERINPITAJA of the root organisation. */
  isSuperUser(): boolean {
    return this.has(SUPERUSER);
  }

  /** May read everyone: superuser or REKISTERINPITAJA_READ of the root organisation. */
  mayReadEveryone(): boolean {
    return this.isSuperUser() || this.has(READ_ALL);
  }

  /** Whether this is the caller. One's own data are a permission only where an operation says so (ADR 81). */
  isOwnData(henkiloOid: string | null): boolean {
    return henkiloOid !== null && henkiloOid === this.caller.oid;
  }

  /**
   * By the caller's rights alone.
   * @param henkiloOid null: the rule is about nobody (docs/spec/api.md#A5), so only those who may read everyone pass
   */
  async isAllowedToReadPerson(
    henkiloOid: string | null,
    rights: PalveluRoolit,
    external: string | null,
  ): Promise<boolean> {
    if (this.mayReadEveryone()) return true;
    return henkiloOid !== null && this.isAllowedByPerson(henkiloOid, rights, external);
  }

  /**
   * By the caller's rights alone.
   * @param henkiloOid null: only the superuser passes
   * @param external widens whom a right reaches, for those who hold it; it gives nobody a right that he does not hold
   */
  async isAllowedToModifyPerson(
    henkiloOid: string | null,
    rights: PalveluRoolit,
    external: string | null,
  ): Promise<boolean> {
    if (this.isSuperUser()) return true;
    return henkiloOid !== null && this.isAllowedByPerson(henkiloOid, rights, this.holdsAny(rights) ? external : null);
  }

  /** As `isAllowedToModifyPerson`, but an import of the person into the caller's organisation does not count. */
  async isAllowedByKayttooikeus(
    henkiloOid: string | null,
    rights: PalveluRoolit,
    external: string | null,
  ): Promise<boolean> {
    if (this.isSuperUser()) return true;
    return henkiloOid !== null && this.askKayttooikeus(henkiloOid, rights, this.holdsAny(rights) ? external : null);
  }

  /**
   * The caller imports learners, and all of these persons belong to its organisations or to organisations below them.
   * Never true of the caller itself.
   */
  async isImporterOf(henkiloOids: readonly (string | null)[]): Promise<boolean> {
    if (!this.has(OPPIJOIDENTUONTI)) return false;
    for (const oid of new Set(henkiloOids))
      if (oid === null || this.isOwnData(oid) || !(await this.isInOwnOrganisations(oid))) return false;
    return true;
  }

  /**
   * The OIDs among `henkiloOids` that the caller may read, his own among them, in the given order, repeated ones kept. Each
   * person is asked for once, a few at a time.
   */
  async filterReadable(
    henkiloOids: readonly string[],
    rights: PalveluRoolit,
    external: string | null,
  ): Promise<string[]> {
    if (this.mayReadEveryone()) return [...henkiloOids];
    const waiting = [...new Set(henkiloOids)];
    const allowed = new Set<string>();
    const work = async () => {
      for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
        if (this.isOwnData(oid) || (await this.isAllowedByPerson(oid, rights, external))) allowed.add(oid);
      }
    };
    await Promise.all(Array.from({ length: Math.min(QUESTIONS_AT_ONCE, waiting.length) }, work));
    return henkiloOids.filter((oid) => allowed.has(oid));
  }

  /** Organisations in which the caller holds `OPPIJANUMEROREKISTERI_<right>`, matched exactly (docs/spec/security-integrations-jobs.md#O-32). */
  organisationsFor(...rights: readonly string[]): string[] {
    const found = new Set<string>();
    for (const authority of this.caller.authorities) {
      if (!authority.startsWith(ONR)) continue;
      const cut = authority.lastIndexOf('_');
      const organisation = authority.slice(cut + 1);
      if (organisation.startsWith(ORGANISATION_OID) && rights.includes(authority.slice(ONR.length, cut)))
        found.add(organisation);
    }
    return [...found];
  }

  /** `organisationsFor` with all their descendants, active and discontinued. */
  async organisationsWithChildrenFor(...rights: readonly string[]): Promise<string[]> {
    const own = this.organisationsFor(...rights);
    const children = await Promise.all(own.map((oid) => this.organisaatio.listChildOids(oid)));
    return [...new Set([...own, ...children.flat()])];
  }

  private async isAllowedByPerson(
    henkiloOid: string,
    rights: PalveluRoolit,
    external: string | null,
  ): Promise<boolean> {
    return (await this.isImporterOf([henkiloOid])) || this.askKayttooikeus(henkiloOid, rights, external);
  }

  /** Being the person gives no right here: a caller with none of `rights` is refused whatever the service says. */
  private async askKayttooikeus(henkiloOid: string, rights: PalveluRoolit, external: string | null): Promise<boolean> {
    if (this.isOwnData(henkiloOid) && !this.holdsAny(rights)) return false;
    return this.kayttooikeus.canUserAccessUser({
      callingUserOid: this.callerOid,
      userOid: henkiloOid,
      allowedPalveluRooli: rights,
      externalPermissionService: external,
      callingUserRoles: [...this.caller.authorities],
    });
  }

  /** The caller holds one of the rights, in whatever organisation. */
  private holdsAny(rights: PalveluRoolit): boolean {
    return Object.entries(rights).some(([palvelu, oikeudet]) =>
      this.hasAny(oikeudet.map((oikeus) => `ROLE_APP_${palvelu}_${oikeus}`)),
    );
  }

  /** The person belongs to an organisation of the importer or to one below it; stops at the first match. */
  private async isInOwnOrganisations(henkiloOid: string): Promise<boolean> {
    const attached = new Set(await this.organisaatiot.listOids(henkiloOid));
    if (attached.size === 0) return false;
    for (const organisation of this.organisationsFor('OPPIJOIDENTUONTI')) {
      const children = await this.organisaatio.listChildOids(organisation);
      if (attached.has(organisation) || children.some((child) => attached.has(child))) return true;
    }
    return false;
  }
}
