import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { StrongAuthentication } from '../strong-authentication/strong-authentication.service.js';
import { PermissionChecker, ROOT_ORGANISATION } from './permission-checker.service.js';

/** A person as far as the rule is concerned. */
export interface Suojattava {
  readonly oidHenkilo: string;
  /** Under turvakielto, or a duplicate of someone who is (`SUOJATTU`). */
  readonly suojattu: boolean;
}

/** Tells whether the person's contact details and municipality are hidden from the caller. */
export type Piilotus = (henkilo: Suojattava) => boolean;

/** Rights that, held in the root organisation, are rights over everyone. */
const EVERYONE = ['REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'READ', 'HENKILON_RU'].map(
  (right) => `ROLE_APP_OPPIJANUMEROREKISTERI_${right}_${ROOT_ORGANISATION}`,
);

/**
 * The one rule about who sees how persons under turvakielto are reached (ADR 84): who has rights over everyone,
 * and the person itself. Callers whose rights come from some organisation see no address, municipality, phone or e-mail of
 * theirs, do not find them by these, and do not change what they do not see.
 */
@Injectable()
export class SuojattujenNakyvyys {
  constructor(
    private readonly permissions: PermissionChecker,
    private readonly strong: StrongAuthentication,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** Does the caller see everyone's contact details? */
  seesAll(): boolean {
    return this.maySeeAll() && !this.strong.hidesProtectedContacts;
  }

  private maySeeAll(): boolean {
    return this.config.protectedContacts.shownByOrganisation || this.permissions.hasAny(EVERYONE);
  }

  /**
   * The rule for this caller. Call it once per request, before the first `await`. It throws where the caller has the rights, but
   * needs a two-factor login to see what there is (ADR 144).
   */
  piilotus(): Piilotus {
    const own = this.permissions.caller.oid;
    if (!this.maySeeAll()) return ({ suojattu, oidHenkilo }) => suojattu && oidHenkilo !== own;
    const check = this.strong.protectedContactsCheck();
    if (check === null) return () => false;
    return ({ suojattu, oidHenkilo }) => {
      if (suojattu && oidHenkilo !== own) check();
      return false;
    };
  }
}
