import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { SteadyLog } from '../../common/steady-log.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpRefusal } from '../../http/http-errors.js';
import { publicOrigin } from '../../http/public-origin.js';
import { currentRequest, type Caller, type RequestContext } from '../../http/request-context.js';
import { CasAddresses } from '../cas/cas-addresses.service.js';
import { ReturnAddresses } from '../cas/return-addresses.service.js';
import { isBrowser, METADATA_PATH } from '../credentials.rules.js';
import { isWrite } from './only-reads.decorator.js';

/** Callers that the metric names; further ones count as `other`, so that nobody can fill the memory with them. */
const MAX_NAMED_CALLERS = 1_000;

/** Why a two-factor login is demanded. */
type Reason = 'operation' | 'right' | 'protected';

const missing = new Counter({
  name: 'onr_strong_authentication_missing_total',
  help: 'Requests without the two-factor login that they need, by outcome: refused, or would_refuse in a dry run',
  labelNames: ['outcome', 'reason', 'operation', 'protocol', 'caller'],
});

/** `{oid}` of the API description as `:oid` of the router. */
const toRoute = (operation: string): string => operation.replaceAll(/\{(\w+)\}/g, ':$1');

/**
 * Demands a two-factor login where the settings say so (docs/adr/0144-two-factor.md). In a dry run nobody is refused. Who lacks
 * it is told how to get it: a browser is sent to CAS, everybody else gets the challenge of RFC 9470.
 */
@Injectable()
export class StrongAuthentication {
  private readonly refusals = new SteadyLog((line) => new Logger(StrongAuthentication.name).warn(line));
  private readonly operations: ReadonlySet<string>;
  private readonly settings: Config['strongAuthentication'];
  private readonly named = new Set<string>();
  /** Requests that have been counted. */
  private readonly counted = new WeakSet<RequestContext>();

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly addresses: CasAddresses,
    private readonly returnAddresses: ReturnAddresses,
  ) {
    this.settings = config.strongAuthentication;
    this.operations = new Set(this.settings.operations.map(toRoute));
  }

  /** @param routes as `METHOD pattern` @throws Error a setting names an operation that is none of these */
  assertOperationsExist(routes: readonly string[]): void {
    if (this.settings.mode === 'off') return;
    const unknown = [...this.operations].filter((operation) => !routes.includes(operation));
    if (unknown.length > 0) throw new Error(`ONR_MFA_OPERATIONS names unknown operations: ${unknown.join(', ')}`);
  }

  /** Call it once the caller may call `handler`, before anything is changed. @throws HttpRefusal the login is too weak for it */
  checkOperation(handler: object): void {
    const request = this.findWeakRequest();
    if (!request) return;
    const reason = this.findReason(request, handler);
    if (reason !== null) this.refuse(request, reason);
  }

  /**
   * For an answer that shows contact details of persons under turvakielto.
   * @returns null: the login is good enough for it; else to be called when there are some: throws HttpRefusal unless this is a dry run
   */
  protectedContactsCheck(): (() => void) | null {
    const request = this.settings.protectedContacts ? this.findWeakRequest() : null;
    return request && (() => this.refuse(request, 'protected'));
  }

  /** Whether protected contact details are out of the caller's reach for now, as a refusal would say. */
  get hidesProtectedContacts(): boolean {
    return this.settings.mode === 'enforce' && this.settings.protectedContacts && this.findWeakRequest() !== null;
  }

  private findWeakRequest(): RequestContext | null {
    const request = currentRequest();
    const caller = request?.caller;
    if (!request || caller?.authentication !== 'weak') return null;
    return caller.oid !== null && this.settings.exemptOids.includes(caller.oid) ? null : request;
  }

  private findReason({ method, route, caller }: RequestContext, handler: object): Reason | null {
    const path = route();
    if (this.operations.has(`${method} ${path}`) || (method === 'HEAD' && this.operations.has(`GET ${path}`)))
      return 'operation';
    const kinds = ['all', isWrite(method, handler) ? 'write' : 'read'];
    const isDemanded = this.settings.rights.some((rule) => {
      const [kind = '', right = ''] = rule.split(':');
      return kinds.includes(kind) && holds(caller!, right);
    });
    return isDemanded ? 'right' : null;
  }

  private refuse(request: RequestContext, reason: Reason): void {
    const isRefused = this.settings.mode === 'enforce';
    if (!this.counted.has(request)) {
      this.counted.add(request);
      this.count(request, reason, isRefused ? 'refused' : 'would_refuse');
    }
    if (isRefused) throw this.challenge(request);
  }

  private count({ method, route, caller }: RequestContext, reason: Reason, outcome: string): void {
    const { oid, protocol } = caller!;
    const isNamed = oid !== null && (this.named.has(oid) || this.named.size < MAX_NAMED_CALLERS);
    if (isNamed) this.named.add(oid);
    const operation = `${method} ${route()}`;
    missing.inc({ outcome, reason, operation, protocol, caller: isNamed ? oid : oid === null ? 'none' : 'other' });
    this.refusals.add(`Two-factor login is missing (${reason}, ${outcome}): ${operation}`);
  }

  private challenge(request: RequestContext): HttpRefusal {
    const { caller, method, headers } = request;
    const browses = caller!.protocol === 'cas' && isBrowser(request);
    if (browses && (method === 'GET' || method === 'HEAD')) {
      const { token, cookie } = this.returnAddresses.keep({ ...request, method: 'GET' }, true);
      const location = this.addresses.login(token, true);
      return new HttpRefusal(302, 'empty', null, '', { location, ...(cookie !== null && { 'set-cookie': cookie }) });
    }
    const { contextPath } = this.config;
    const parameters = {
      error: 'insufficient_user_authentication',
      error_description: 'The operation needs a two-factor login',
      ...(this.settings.acrValues.length > 0 && { acr_values: this.settings.acrValues.join(' ') }),
      resource_metadata: `${publicOrigin(this.config, headers.host as string | undefined)}${contextPath}${METADATA_PATH}`,
    };
    const list = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
    return new HttpRefusal(401, 'container', null, '', {
      'www-authenticate': `Bearer ${list.join(', ')}`,
      // A page that wrote asks its user to log in there and repeats what it sent.
      ...(browses && { link: `<${this.addresses.login(null, true)}>; rel="login"` }),
    });
  }
}

const holds = ({ authorities }: Caller, right: string): boolean =>
  authorities.has(`ROLE_APP_OPPIJANUMEROREKISTERI_${right}`) || authorities.has(`ROLE_APP_${right}`);
