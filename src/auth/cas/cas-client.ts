import { Injectable } from '@nestjs/common';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Passport } from 'passport';
import { Strategy } from 'passport-custom';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient, type PeerResponse } from '../../integrations/http-client.js';
import { ReturnAddresses } from './return-address.js';
import type { Login } from '../sessions/session-store.js';

/** Bytes of the answer to one question; six thousand roles fit. */
const LONGEST_ANSWER = 500_000;
/** What can be a ticket (CAS protocol 3.7: printable, at most 256 characters); nobody is asked about anything else. */
const TICKET = /^[\x21-\x7e]{1,256}$/;
/** Parameter of the service's address that holds the return address of one request. */
export const RETURN_PARAMETER = 'onr_return';

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: (name) => name !== 'code',
  attributeNamePrefix: '@',
  parseTagValue: false,
  htmlEntities: true,
  isArray: (name) => name === 'roles',
});

/** The part of a request that the strategy reads. */
interface TicketRequest {
  readonly ticket: string;
  /** The service that the ticket was given for. */
  readonly service: string;
}

/**
 * Logs in with a CAS service ticket, as a passport strategy (ADR 4). The address of the service is a constant,
 * whatever URL received the ticket; only the return address of a browser's request is added to it (ADR 95).
 */
@Injectable()
export class CasClient {
  private readonly passport = new Passport();
  private readonly http = new HttpClient({ peer: 'cas', timeoutMs: 10_000, maxBytes: LONGEST_ANSWER });
  private readonly serviceUrl: string;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly returnAddresses: ReturnAddresses,
  ) {
    this.serviceUrl = `${config.cas.service}/j_spring_cas_security_check`;
    this.passport.use(
      'cas',
      new Strategy((request, done) => {
        this.validate(request as unknown as TicketRequest).then(
          (login) => done(null, login ?? false),
          (error: unknown) => done(error),
        );
      }),
    );
  }

  /** The login page of CAS, which comes back to the service. @param returnToken see ReturnAddresses; null: without */
  loginUrl(returnToken: string | null = null): string {
    const renew = this.config.cas.sendRenew ? '&renew=true' : '';
    return `${this.config.cas.login}?service=${encodeURIComponent(this.serviceWith(returnToken))}${renew}`;
  }

  /**
   * Who the ticket stands for; null when CAS refuses it.
   * @param returnToken that came with the ticket, good or not: the ticket was given for the address that holds it
   * @throws PeerError CAS gave no answer, or one that is none
   */
  authenticate(ticket: string, returnToken: string | null): Promise<Login | null> {
    if (!TICKET.test(ticket)) return Promise.resolve(null);
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
      handle({ ticket, service: this.serviceWith(returnToken) }, {}, (error) =>
        answer(error ?? new Error('CAS login was passed on')),
      );
    });
  }

  private serviceWith(returnToken: string | null): string {
    if (!this.returnAddresses.isToken(returnToken)) return this.serviceUrl;
    return `${this.serviceUrl}?${RETURN_PARAMETER}=${returnToken}`;
  }

  private async validate({ ticket, service }: TicketRequest): Promise<Login | null> {
    const query = new URLSearchParams({ ticket, service });
    const response = await this.http.send(`${this.config.cas.url}/p3/proxyValidate?${query}`, {
      operation: 'proxyValidate',
      headers: { accept: 'application/xml' },
    });
    if (response.status === 412) return null; // CAS's own refusal (docs/spec/security-integrations-jobs.md#1.5)
    if (response.status !== 200) throw response.error();
    return toLogin(response, ticket);
  }
}

type Success = { attributes?: { oidHenkilo?: unknown; roles?: unknown[] } | '' };

/** @returns null: CAS refuses the ticket @throws PeerError neither a refusal nor a login */
function toLogin(response: PeerResponse, ticket: string): Login | null {
  const { authenticationSuccess: success, authenticationFailure: failure } = serviceResponseOf(response);
  if (failure !== undefined && success === undefined) {
    const { '@code': code } = failure as { '@code'?: unknown };
    if (code === 'INTERNAL_ERROR') throw response.error('failed inside CAS');
    return null;
  }
  if (failure !== undefined || typeof success !== 'object' || Array.isArray(success)) throw noValidation(response);
  const { oidHenkilo = '', roles = [] } = (success as Success).attributes || {};
  if (typeof oidHenkilo !== 'string') throw noValidation(response); // given twice
  return {
    oid: oidHenkilo === '' ? null : oidHenkilo,
    authorities: [...roles.filter((role): role is string => typeof role === 'string' && role !== ''), 'FACTOR_CAS'],
    ticket,
  };
}

function serviceResponseOf(response: PeerResponse): {
  authenticationSuccess?: unknown;
  authenticationFailure?: unknown;
} {
  const xml = response.text();
  // Entities that a document declares may expand without bound.
  if (xml.includes('<!DOCTYPE') || XMLValidator.validate(xml) !== true) throw noValidation(response);
  let document: { serviceResponse?: unknown };
  try {
    document = parser.parse(xml) as typeof document;
  } catch {
    throw noValidation(response);
  }
  const { serviceResponse } = document;
  if (typeof serviceResponse !== 'object' || serviceResponse === null) throw noValidation(response);
  return serviceResponse;
}

const noValidation = (response: PeerResponse) => response.error('answered what is no validation of a ticket');
