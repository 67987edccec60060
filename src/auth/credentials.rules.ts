import type { FastifyRequest } from 'fastify';
import { formField } from '../http/form.js';
import type { RequestContext } from '../http/request-context.js';
import { FORM } from '../http/server.js';

/** The scheme is written in any case (RFC 9110 11.1); nothing may follow it, which is a malformed token. */
const BEARER = /^bearer(?: +|$)/i;
/** Where CAS sends browsers with a ticket. */
export const CHECK_PATH = '/j_spring_cas_security_check';
/** Parameter of the service's address that holds the return address of one request. */
export const RETURN_PARAMETER = 'onr_return';
/** What OAuth2 clients are told about this resource. */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';
export const SESSION_COOKIE = 'JSESSIONID';
/** Ids that we and the reference give. */
const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Other services of the host may have cookies of the same name. No browser sends more than these. */
const MAX_SESSION_IDS = 100;

export const isBearer = ({ headers }: FastifyRequest): boolean =>
  headers.authorization !== undefined && BEARER.test(headers.authorization);

/** What follows the scheme of a request that `isBearer`. */
export const bearerTokenOf = ({ headers }: FastifyRequest): string => headers.authorization!.replace(BEARER, '');

/** Header first, then the parameter on every method but POST. An empty one is a ticket too, a bad one. */
export function ticketOf(request: FastifyRequest): string | null {
  const header = request.headers.cassecurityticket;
  if (typeof header === 'string') return header;
  return request.method === 'POST' ? null : textParameter(request, 'ticket');
}

/** A SAML logout request in the form of a POST or the query of GET and POST. */
export function logoutRequestOf(request: FastifyRequest): string | null {
  if (request.method !== 'POST' && request.method !== 'GET') return null;
  const inQuery = textParameter(request, 'logoutRequest');
  return inQuery !== null || !isForm(request) ? inQuery : formField(request, 'logoutRequest');
}

/** A POST of a form, which may be a single logout. */
export const isForm = ({ method, headers }: FastifyRequest): boolean =>
  method === 'POST' && headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase() === FORM;

/** The token of the return address in the service's own address; null on any other path. */
export const returnTokenOf = (request: FastifyRequest): string | null =>
  pathOf(request) === CHECK_PATH ? textParameter(request, RETURN_PARAMETER) : null;

/** Below the context path, without the query. */
export function pathOf({ raw }: FastifyRequest): string {
  const url = raw.url!;
  const cut = url.indexOf('?');
  return cut < 0 ? url : url.slice(0, cut);
}

/** Every id of a session that the caller gives, the most specific path first, as browsers order them. */
export const sessionIdsOf = (request: FastifyRequest): string[] =>
  [...new Set(cookiesOf(request, SESSION_COOKIE))].filter((id) => SESSION_ID.test(id)).slice(0, MAX_SESSION_IDS);

/** The values of all cookies of a name. */
export function cookiesOf({ headers }: FastifyRequest, name: string): string[] {
  const values: string[] = [];
  for (const pair of headers.cookie?.split(';') ?? []) {
    const cut = pair.indexOf('=');
    if (pair.slice(0, cut).trim() !== name) continue;
    values.push(
      pair
        .slice(cut + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    );
  }
  return values;
}

/**
 * Comes from a browser, which follows redirects and may send many calls at once. Every browser sends one of these headers;
 * services do not.
 */
export const isBrowser = ({ headers }: Pick<RequestContext, 'headers'>): boolean => {
  const { 'user-agent': agent } = headers;
  return headers['sec-fetch-dest'] !== undefined || (typeof agent === 'string' && agent.startsWith('Mozilla/'));
};

/** The first value, as a servlet gives it. */
function textParameter({ query }: FastifyRequest, name: string): string | null {
  const value = (query as Record<string, unknown> | undefined)?.[name];
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? String(value[0]) : null;
}
