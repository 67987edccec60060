/** OAuth2 issuer: client credentials, JWKS with rotation, and a page that gives a token to copy (docs/spec/security-integrations-jobs.md#1.9, docs/spec/security-integrations-jobs.md#4.1). */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { escape, json, page } from './http.ts';
import type { Answer, Call, Context, Route } from './route.ts';
import { serviceAccount, users, type Roles } from './users.ts';

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const newKey = () => ({ kid: randomBytes(6).toString('hex'), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) });

/** What a token says; further claims go in as they are. */
export interface Claims {
  readonly sub?: string | null;
  readonly roles?: Roles;
  /** Seconds; below 0: a token that is no longer valid. */
  readonly expiresIn?: number;
  readonly [name: string]: unknown;
}

export class Issuer {
  /** The address in the tokens. */
  readonly issuer: () => string;
  /** The newest key signs; older ones stay in the key set. */
  keys = [newKey()];

  constructor(issuer: () => string) {
    this.issuer = issuer;
  }

  rotate({ forgetOld = false }: { forgetOld?: boolean } = {}): void {
    this.keys = [newKey(), ...(forgetOld ? [] : this.keys)];
  }

  token({ sub, roles = {}, expiresIn = 3600, ...rest }: Claims): string {
    const [newest] = this.keys;
    if (!newest) throw new Error('no signing key');
    const { kid, privateKey } = newest;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer(), sub, aud: sub, iat: now, nbf: now - 60, exp: now + expiresIn, roles, ...rest };
    const signed = `${b64({ alg: 'RS256', typ: 'JWT', kid })}.${b64(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  jwks() {
    return {
      keys: this.keys.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        use: 'sig',
        alg: 'RS256',
      })),
    };
  }
}

/** Who a client id and secret are: a sandbox user, or the service itself. */
function findClient(id: string | null | undefined, secret: string | null | undefined) {
  if (id === serviceAccount.name && secret === serviceAccount.clientSecret) return { oid: id, roles: {} };
  return users.find(({ name, oid }) => name === id && name === secret && oid !== null);
}

function clientOf({ form, request }: Call) {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const [id, secret] = basic
    ? Buffer.from(basic, 'base64').toString().split(/:(.*)/s).map(decodeURIComponent)
    : [form.get('client_id'), form.get('client_secret')];
  return findClient(id, secret);
}

/** Long enough for who tries one operation after the other on the API page. */
const TOKEN_SECONDS = 3600;

/** The API page of the register, at another origin, may ask for tokens; the real issuer is at the same one. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-type, x-requested-with',
  'access-control-allow-methods': 'POST',
};
const open = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, ...CORS } });

/** Of who asks for the first of `acr_values`, as RFC 9470 has a client do: the sandbox gives a second factor to everybody. */
const strongClaims = (acrValues: string | null) =>
  acrValues ? { acr: acrValues.split(' ')[0], amr: ['pwd', 'mfa'] } : {};

export function oauth2Routes({ issuer }: Context): Route[] {
  const metadata = () => ({
    issuer: issuer.issuer(),
    jwks_uri: `${issuer.issuer()}/oauth2/jwks`,
    token_endpoint: `${issuer.issuer()}/oauth2/token`,
    grant_types_supported: ['client_credentials'],
    subject_types_supported: ['public'],
  });
  return [
    [
      'oauth2',
      'POST',
      /^\/kayttooikeus-service\/oauth2\/token$/,
      (_, call) => {
        if (call.form.get('grant_type') !== 'client_credentials')
          return open(json({ error: 'unsupported_grant_type' }, 400));
        const client = clientOf(call);
        if (!client) return open(json({ error: 'invalid_client' }, 401));
        const strong = strongClaims(call.form.get('acr_values'));
        const token = {
          access_token: issuer.token({ sub: client.oid, roles: client.roles, expiresIn: TOKEN_SECONDS, ...strong }),
          token_type: 'Bearer',
          expires_in: TOKEN_SECONDS,
        };
        return open(json(token));
      },
    ],
    [
      'oauth2',
      'OPTIONS',
      /^\/kayttooikeus-service\/oauth2\/token$/,
      () => open({ status: 204, headers: {}, body: '' }),
    ],
    ['oauth2', 'GET', /^\/kayttooikeus-service\/oauth2\/jwks$/, () => json(issuer.jwks())],
    [
      'oauth2',
      'GET',
      /^\/kayttooikeus-service\/\.well-known\/(openid-configuration|oauth-authorization-server)$/,
      () => json(metadata()),
    ],
    [
      'sandbox',
      'GET',
      /^\/token\/([a-z]+)$/,
      (name, { url }) => {
        const user = users.find((u) => u.name === name && u.oid !== null);
        if (!user) return page('No such user', '', { status: 404 });
        const strong = strongClaims(url.searchParams.get('acr_values'));
        const token = issuer.token({ sub: user.oid, roles: user.roles, expiresIn: 8 * 3600, ...strong });
        return page(
          `Token of ${name}`,
          `<p>Good for eight hours. In Swagger UI: Authorize, then paste it.</p><pre id="token">${escape(token)}</pre>`,
        );
      },
    ],
  ];
}
