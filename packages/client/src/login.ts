import { OnrError } from './errors.js';

/** A way to log in. */
export interface Login {
  /** Headers that say who calls. @param renew what was given before was refused */
  headers(renew: boolean): Promise<Readonly<Record<string, string>>>;
}

export interface OAuth2Options {
  /** E.g. `https://virkailija.opintopolku.fi/kayttooikeus-service/oauth2/token`. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const TIMEOUT = 30_000;
/** A token is renewed so long before it ends, milliseconds: it must outlive the call. */
const MARGIN = 30_000;

/** One question at a time, whoever asks; what it gave is kept until `until`. */
class Kept<T> {
  private asked: Promise<{ value: T; until: number }> | null = null;

  constructor(private readonly ask: () => Promise<{ value: T; until: number }>) {}

  async get(renew: boolean): Promise<T> {
    const before = this.asked;
    const known = await before?.catch(() => null);
    // Another call may have renewed it meanwhile.
    if (this.asked === before && (!known || renew || known.until <= Date.now())) this.asked = this.ask();
    return (await this.asked!).value;
  }
}

/** Logs in with OAuth2 client credentials. Tokens are kept until shortly before they end. */
export function oauth2({ tokenUrl, clientId, clientSecret }: OAuth2Options): Login {
  const token = new Kept(async () => {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const body = (await response.json().catch(() => null)) as { access_token?: string; expires_in?: number } | null;
    if (!response.ok || !body?.access_token) throw new OnrError('No token', response.status, body);
    return { value: body.access_token, until: Date.now() + (body.expires_in ?? 300) * 1_000 - MARGIN };
  });
  return { headers: async (renew) => ({ authorization: `Bearer ${await token.get(renew)}` }) };
}

export interface CasOptions {
  /** E.g. `https://virkailija.opintopolku.fi/cas`. */
  readonly casUrl: string;
  /** Of the register, as the client's `baseUrl`. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
}

/** Logs in through CAS with name and password, and keeps the session of the register. */
export function cas({ casUrl, baseUrl, username, password }: CasOptions): Login {
  const service = `${baseUrl}/j_spring_cas_security_check`;
  const post = async (url: string, form: Record<string, string>) => {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form), signal });
    if (!response.ok) throw new OnrError('CAS refuses the login', response.status, null);
    return response;
  };
  const session = new Kept(async () => {
    const granting = (await post(`${casUrl}/v1/tickets`, { username, password })).headers.get('location');
    if (!granting) throw new OnrError('CAS gives no ticket', 502, null);
    const ticket = await (await post(granting, { service })).text();
    const url = `${service}?ticket=${encodeURIComponent(ticket.trim())}`;
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) });
    const cookie = response.headers.getSetCookie().find((text) => text.startsWith('JSESSIONID='));
    if (!cookie) throw new OnrError('The register gives no session', response.status, null);
    return { value: cookie.split(';')[0]!, until: Infinity };
  });
  return { headers: async (renew) => ({ cookie: await session.get(renew) }) };
}
