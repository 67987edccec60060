import createFetchClient, { type Client } from 'openapi-fetch';
import type { Login } from './login.js';
import { withRetries, type RetryOptions } from './retry.js';
import type { paths } from './schema.js';

export interface ClientOptions {
  /** E.g. `https://virkailija.opintopolku.fi/oppijanumerorekisteri-service`. */
  readonly baseUrl: string;
  /** How to log in: `oauth2(…)` or `cas(…)`. */
  readonly login: Login;
  /** Who calls, for the logs of the register: OID of the organisation and name of the system. */
  readonly callerId: string;
  readonly retry?: RetryOptions;
}

/**
 * The operations of the register by path, typed: `await client.GET('/henkilo/{oid}', { params: { path: { oid } } })` gives
 * `data` or `error`, and `response`. A call that the register does not know any more (expired token or session) logs in
 * again, once.
 */
export function createFetch({ baseUrl, login, callerId, retry }: ClientOptions): Client<paths> {
  const send = withRetries((request) => fetch(request), retry);
  const sendLoggedIn = async (request: Request, renew: boolean): Promise<Response> => {
    const headers = { 'caller-id': callerId, ...(await login.headers(renew)) };
    const copy = new Request(request.clone(), { redirect: 'manual' });
    for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
    return send(copy);
  };
  return createFetchClient<paths>({
    baseUrl,
    // Members of a query object are parameters of their own, lists are repeated parameters.
    querySerializer: { object: { style: 'form', explode: true }, array: { style: 'form', explode: true } },
    fetch: async (request) => {
      const response = await sendLoggedIn(request, false);
      if (!isUnknownCaller(response)) return asJson(response);
      await response.body?.cancel();
      return asJson(await sendLoggedIn(request, true));
    },
  });
}

/** Sent to the login, or a token that is not valid; a missing right is 401, too, but without that header. */
const isUnknownCaller = ({ status, headers }: Response): boolean =>
  status === 302 || (status === 401 && headers.has('www-authenticate'));

/** Bare texts, as the register sends OIDs and languages, become JSON, which is what is read. */
async function asJson(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.startsWith('text/plain')) return response;
  const { status, headers } = response;
  const kept = new Headers(headers);
  kept.delete('content-length');
  return new Response(JSON.stringify(await response.text()), { status, headers: kept });
}
