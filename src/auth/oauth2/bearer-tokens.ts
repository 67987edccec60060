import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { Caller } from '../../http/request-context.js';

const CLOCK_TOLERANCE_SECONDS = 60;
/** A verified token is believed this long at most, so that a withdrawn key stops counting. */
const BELIEVED_MS = 5 * 60_000;
const REMEMBERED_TOKENS = 10_000;

/** The token does not prove who calls. The text goes to the client in `error_description`. */
export class InvalidTokenError extends Error {}
/** The token could not be judged: keys out of reach, or claims of an unknown shape (spec security-integrations-jobs 1.1). */
export class UnjudgedTokenError extends Error {}

interface Known {
  readonly caller: Caller;
  /** Epoch milliseconds after which the token is verified again; never after its `exp`. */
  readonly until: number;
}

/** OAuth2 bearer tokens of the platform's issuer (spec security-integrations-jobs 1.9). */
@Injectable()
export class BearerTokens {
  private readonly keys: JWTVerifyGetKey;
  private readonly known = new Map<string, Known>();

  constructor(@InjectConfig() private readonly config: Config) {
    this.keys = createRemoteJWKSet(new URL(config.oauth2.jwksUri), {
      cooldownDuration: 1000,
      cacheMaxAge: 10 * 60_000,
      timeoutDuration: 5000,
    });
  }

  /** The caller of a token that was verified lately; undefined: `verify` it. */
  recall(token: string): Caller | undefined {
    const known = this.known.get(token);
    if (known === undefined) return undefined;
    if (known.until > Date.now()) return known.caller;
    this.known.delete(token);
    return undefined;
  }

  /** @throws InvalidTokenError, UnjudgedTokenError */
  async verify(token: string): Promise<Caller> {
    const payload = await this.read(token);
    if (payload.exp !== undefined && payload.iat !== undefined && payload.exp <= payload.iat) {
      throw new InvalidTokenError('expiresAt must be after issuedAt');
    }
    const caller: Caller = { oid: payload.sub ?? null, protocol: 'oauth', authorities: authoritiesOf(payload) };
    this.remember(token, { caller, until: Math.min(Date.now() + BELIEVED_MS, (payload.exp ?? Infinity) * 1000) });
    return caller;
  }

  private async read(token: string): Promise<JWTPayload> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, {
        algorithms: ['RS256'],
        issuer: this.config.oauth2.issuer,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      if (protectedHeader.typ !== undefined && protectedHeader.typ.toUpperCase() !== 'JWT')
        throw new InvalidTokenError('the type is not JWT');
      return payload;
    } catch (error) {
      if (error instanceof InvalidTokenError) throw error;
      if (isAboutToken(error)) throw new InvalidTokenError(error.message);
      throw new UnjudgedTokenError('The signing keys cannot be fetched', { cause: error });
    }
  }

  /** The longest remembered goes first when there are too many. */
  private remember(token: string, known: Known): void {
    if (this.known.size >= REMEMBERED_TOKENS) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, known);
  }
}

/** The token is to blame, not the key server. */
function isAboutToken(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false;
  return !(
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  );
}

/** @throws UnjudgedTokenError `roles` is no object of text lists */
function authoritiesOf(payload: JWTPayload): ReadonlySet<string> {
  const authorities = new Set<string>();
  const { roles } = payload;
  if (roles !== undefined && roles !== null) {
    if (typeof roles !== 'object' || Array.isArray(roles)) throw new UnjudgedTokenError('Claim roles is not an object');
    for (const [organisation, rights] of Object.entries(roles)) {
      if (!isTextList(rights)) throw new UnjudgedTokenError('Claim roles holds what is not a list of texts');
      for (const right of rights) {
        authorities.add(`ROLE_APP_${right}`);
        authorities.add(`ROLE_APP_${right}_${organisation}`);
      }
    }
  }
  for (const scope of scopesOf(payload)) authorities.add(`SCOPE_${scope}`);
  return authorities;
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  const claim = scope ?? scp;
  if (typeof claim === 'string') return claim.split(' ').filter((s) => s !== '');
  return isTextList(claim) ? claim : [];
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string');
