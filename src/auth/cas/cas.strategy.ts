import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient } from '../../integrations/http.client.js';
import { returnTokenOf, ticketOf } from '../credentials.rules.js';
import type { Login } from '../sessions/session.store.js';
import { CasAddresses } from './cas-addresses.service.js';
import { readServiceResponse } from './service-response.rules.js';

/** Bytes of the answer to one question; six thousand roles fit. */
const MAX_ANSWER_BYTES = 500_000;
/** What can be a ticket (CAS protocol 3.7: printable, at most 256 characters); nobody is asked about anything else. */
const TICKET = /^[\x21-\x7e]{1,256}$/;

/** Logs in with a CAS service ticket: the passport strategy `cas` (ADR 4, ADR 110). */
@Injectable()
export class CasStrategy extends Strategy {
  override readonly name = 'cas';
  private readonly http = new HttpClient({ peer: 'cas', timeoutMs: 10_000, maxBytes: MAX_ANSWER_BYTES });

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly addresses: CasAddresses,
  ) {
    super();
  }

  /** Called by passport. Fails with 401 when CAS refuses the ticket, and with a PeerError when it gives no judgement. */
  override authenticate(request: object): void {
    this.validate(request as FastifyRequest).then(
      (login) => (login ? this.success(login as Express.User) : this.fail(401)),
      (error: unknown) => this.error(error),
    );
  }

  /** @returns null: the ticket is none, or CAS refuses it @throws PeerError CAS gave no answer, or one that is none */
  private async validate(request: FastifyRequest): Promise<Login | null> {
    const ticket = ticketOf(request);
    if (ticket === null || !TICKET.test(ticket)) return null;
    const query = new URLSearchParams({ ticket, service: this.addresses.service(returnTokenOf(request)) });
    const response = await this.http.send(`${this.config.cas.url}/p3/proxyValidate?${query}`, {
      operation: 'proxyValidate',
      headers: { accept: 'application/xml' },
    });
    return readServiceResponse(response, ticket, this.config.strongAuthentication.cas.attributes);
  }
}
