import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { CHECK_PATH, RETURN_PARAMETER } from '../credentials.rules.js';
import { ReturnAddresses } from './return-addresses.service.js';

/**
 * Addresses that CAS knows. That of the service is a constant, whatever URL received the ticket; only the return address
 * of a browser's request is added to it (ADR 95).
 */
@Injectable()
export class CasAddresses {
  private readonly serviceUrl: string;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly returnAddresses: ReturnAddresses,
  ) {
    this.serviceUrl = `${config.cas.service}${CHECK_PATH}`;
  }

  /**
   * The login page, which comes back to the service.
   * @param returnToken see ReturnAddresses; null: without
   * @param isStrong whether CAS is to ask for the password anew, and for a second factor
   */
  login(returnToken: string | null, isStrong = false): string {
    const { cas, strongAuthentication } = this.config;
    const renew = cas.sendRenew || isStrong ? '&renew=true' : '';
    const method = isStrong ? `&${strongAuthentication.cas.parameter}=${strongAuthentication.cas.method}` : '';
    return `${cas.login}?service=${encodeURIComponent(this.service(returnToken))}${renew}${method}`;
  }

  /** The service that a ticket is given for. @param returnToken that came with the ticket, good or not; null: none */
  service(returnToken: string | null): string {
    if (!this.returnAddresses.isToken(returnToken)) return this.serviceUrl;
    return `${this.serviceUrl}?${RETURN_PARAMETER}=${returnToken}`;
  }
}
