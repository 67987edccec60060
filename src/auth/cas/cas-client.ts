import { Injectable } from '@nestjs/common';
import { XMLParser } from 'fast-xml-parser';
import { Passport } from 'passport';
import { Strategy } from 'passport-custom';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { Login } from './session-store.js';

const TIMEOUT_MS = 10_000;
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: true,
  parseTagValue: false,
  htmlEntities: true,
  isArray: (name) => name === 'roles',
});

/** The part of a request that the strategy reads. */
interface TicketRequest {
  readonly ticket: string;
}

/**
 * Logs in with a CAS service ticket, as a passport strategy (docs/adr/0004). The address of the service is a constant,
 * whatever URL received the ticket.
 */
@Injectable()
export class CasClient {
  private readonly passport = new Passport();
  /** Where CAS sends browsers back to. */
  readonly serviceUrl: string;

  constructor(@InjectConfig() private readonly config: Config) {
    this.serviceUrl = `${config.cas.service}/j_spring_cas_security_check`;
    this.passport.use(
      'cas',
      new Strategy((request, done) => {
        this.validate((request as unknown as TicketRequest).ticket).then(
          (login) => done(null, login ?? false),
          (error: unknown) => done(error),
        );
      }),
    );
  }

  /** The login page of CAS, which comes back to the service. */
  get loginUrl(): string {
    const renew = this.config.cas.sendRenew ? '&renew=true' : '';
    return `${this.config.cas.login}?service=${encodeURIComponent(this.serviceUrl)}${renew}`;
  }

  /** Who the ticket stands for; null when CAS refuses it. @throws when CAS cannot be asked */
  authenticate(ticket: string): Promise<Login | null> {
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, login?: Login | false | null) => {
        if (error) reject(error instanceof Error ? error : new Error('CAS login failed'));
        else resolve(login || null);
      };
      const handle = this.passport.authenticate('cas', { session: false }, answer) as (
        request: TicketRequest,
        response: object,
        next: (e: unknown) => void,
      ) => void;
      handle({ ticket }, {}, (error) => answer(error ?? new Error('CAS login was passed on')));
    });
  }

  private async validate(ticket: string): Promise<Login | null> {
    const query = new URLSearchParams({ ticket, service: this.serviceUrl });
    const response = await fetch(`${this.config.cas.url}/p3/proxyValidate?${query}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status >= 500) throw new Error(`CAS answered ${response.status}`);
    return response.ok ? toLogin(text, ticket) : null;
  }
}

/** @returns null: a failure, or an answer that is none */
function toLogin(xml: string, ticket: string): Login | null {
  let success: { attributes?: { oidHenkilo?: unknown; roles?: unknown[] } } | undefined;
  try {
    const document = parser.parse(xml) as { serviceResponse?: { authenticationSuccess?: typeof success } };
    success = document.serviceResponse?.authenticationSuccess;
  } catch {
    return null;
  }
  if (typeof success !== 'object') return null;
  const { oidHenkilo, roles = [] } = success.attributes ?? {};
  return {
    oid: typeof oidHenkilo === 'string' && oidHenkilo !== '' ? oidHenkilo : null,
    authorities: [...roles.filter((role): role is string => typeof role === 'string' && role !== ''), 'FACTOR_CAS'],
    ticket,
  };
}
