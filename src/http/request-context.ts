import type { FastifyRequest } from 'fastify';
import { spans, type Span } from '../common/tracing.js';
import { works, type Work } from '../common/work.js';

/** How sure a login is of who calls: `strong` by two factors. */
export type AuthenticationLevel = 'strong' | 'weak';

/** Who calls, once known. */
export interface Caller {
  /** Henkilö OID: `sub` of the token or `oidHenkilo` of the CAS answer; null when the login carried none. */
  readonly oid: string | null;
  readonly protocol: 'cas' | 'oauth';
  /** Every authority verbatim, e.g. `ROLE_APP_OPPIJANUMEROREKISTERI_READ_1.2.246.562.10.00000000001`. */
  readonly authorities: ReadonlySet<string>;
  /** Null: nobody asks for it (setting `ONR_MFA`). */
  readonly authentication: AuthenticationLevel | null;
}

/** What belongs to one HTTP request, reachable anywhere below it. */
export interface RequestContext extends Work {
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of the peer. */
  readonly remoteAddress: string;
  /** Address of the caller, as far as trusted proxies tell it. */
  readonly clientAddress: string;
  readonly method: string;
  /** Path of the operation as the router has it, e.g. `/henkilo/:oid`; known once the request is routed. */
  readonly route: () => string;
  /** Request target as it was sent, context path and query included. */
  readonly rawUrl: string;
  caller: Caller | null;
  /** The whole answer has been handed to the system. */
  isAnswered: boolean;
  /** What logs call the live session: a digest of its id, which would open it; null for Bearer calls and without one. */
  session: string | null;
  /** Where requests are traced. */
  span: Span | null;
}

/** Runs `work` as part of the request that `context` describes. */
export const runInRequest = <T>(context: RequestContext, work: () => T): T =>
  context.span === null ? works.run(context, work) : spans.run(context.span, () => works.run(context, work));

/** The request being served; undefined in jobs. Only requests run in `works`, so what is found there is a request. */
export const currentRequest = (): RequestContext | undefined => works.getStore() as RequestContext | undefined;

/** OID of the caller; null in jobs and when the login carried no OID (docs/spec/henkilo.md#0.3, `findCurrentUserOid`). */
export const findCurrentUserOid = (): string | null => currentRequest()?.caller?.oid ?? null;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook; see `contextOf`. */
    onr: RequestContext | null;
  }
}

/** The context of a Fastify request, where AsyncLocalStorage is not entered yet (hooks before the handler). */
export function contextOf(request: FastifyRequest): RequestContext {
  const context = request.onr;
  if (!context) throw new Error('The request has no context yet');
  return context;
}
