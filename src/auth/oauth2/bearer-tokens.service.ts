import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose';
import { LRUCache } from 'lru-cache';
import { systemClock } from '../../common/clock.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { Caller } from '../../http/request-context.js';
import { levelOfToken } from '../strong-authentication/authentication-level.rules.js';
import { SigningKeys } from './signing-keys.service.js';

const CLOCK_TOLERANCE_SECONDS = 60;
/** A verified token is believed this long at most, so that a withdrawn key stops counting. */
const TOKEN_BELIEVED_MS = 5 * 60_000;
/** Verified tokens that are remembered, and their characters in all; their rights take a few times as much memory. */
const MAX_REMEMBERED_TOKENS = 10_000;
const MAX_REMEMBERED_CHARACTERS = 8_000_000;

/** The token does not prove who calls. The text goes to the client in `error_description`. */
export class InvalidTokenError extends Error {}
/** The token could not be judged: keys out of reach, or claims of an unknown shape (docs/spec/security-integrations-jobs.md#1.1). */
export class UnjudgedTokenError extends Error {}

/** OAuth2 bearer tokens of the platform's issuer (docs/spec/security-integrations-jobs.md#1.9). */
@Injectable()
export class BearerTokens {
  private readonly callers = new LRUCache<string, Caller>({
    max: MAX_REMEMBERED_TOKENS,
    maxSize: MAX_REMEMBERED_CHARACTERS,
    sizeCalculation: (_caller, token) => token.length,
    ttlResolution: 0,
    perf: { now: () => systemClock.millis() },
  });

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly keys: SigningKeys,
  ) {}

  /** The caller of a token that was verified lately; undefined: `verify` it. */
  recall(token: string): Caller | undefined {
    return this.callers.get(token);
  }

  /** @throws InvalidTokenError, UnjudgedTokenError */
  async verify(token: string): Promise<Caller> {
    const payload = await this.read(token);
    const { exp, iat } = payload;
    const sub: unknown = payload.sub ?? '';
    if (exp !== undefined && iat !== undefined && exp <= iat)
      throw new InvalidTokenError('expiresAt must be after issuedAt');
    // The signature does not say what a claim is: a list that holds a text would pass for that text later.
    if (typeof sub !== 'string') throw new InvalidTokenError('sub is not a text');
    const authentication = levelOfToken(payload, this.config.strongAuthentication);
    const caller: Caller = { oid: sub || null, protocol: 'oauth', authorities: authoritiesOf(payload), authentication };
    // A token within the tolerance after its `exp` is not remembered.
    const ttl = Math.floor(Math.min(TOKEN_BELIEVED_MS, (exp ?? Infinity) * 1000 - systemClock.millis()));
    if (ttl > 0) this.callers.set(token, caller, { ttl });
    return caller;
  }

  /** Asks for newer keys once when none of those at hand fits: the issuer may have changed them meanwhile. */
  private async read(token: string): Promise<JWTPayload> {
    try {
      try {
        return await this.readWithKeys(token);
      } catch (error) {
        if (!isAboutKeys(error)) throw error;
        const renewal = await this.keys.renew();
        if (renewal !== 'failed') return await this.readWithKeys(token);
        throw error instanceof errors.JWKSNoMatchingKey ? new UnjudgedTokenError() : error;
      }
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new InvalidTokenError(error.message);
      if (error instanceof InvalidTokenError || error instanceof UnjudgedTokenError) throw error;
      throw new UnjudgedTokenError('The token could not be verified', { cause: error });
    }
  }

  private async readWithKeys(token: string): Promise<JWTPayload> {
    const { payload, protectedHeader } = await this.verifySignature(token);
    const { typ } = protectedHeader;
    if (typ !== undefined && (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT'))
      throw new InvalidTokenError('the type is not JWT');
    return payload;
  }

  /** With every key that fits what the token says of its own: there may be several without a name, or of one name. */
  private async verifySignature(token: string): Promise<JWTVerifyResult> {
    const options = {
      algorithms: ['RS256'],
      issuer: this.config.oauth2.issuer,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    const getKey: JWTVerifyGetKey = async (header, jws) => {
      const keys = await this.keys.current();
      if (keys === null) throw new UnjudgedTokenError('The signing keys cannot be fetched');
      return keys(header, jws);
    };
    try {
      return await jwtVerify(token, getKey, options);
    } catch (several) {
      if (!(several instanceof errors.JWKSMultipleMatchingKeys)) throw several;
      for await (const key of several) {
        try {
          return await jwtVerify(token, key, options);
        } catch (error) {
          const isAboutClaims = error instanceof errors.JOSEError && !isAboutKeys(error);
          if (isAboutClaims) throw error;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }
}

/** Another key may verify the token. */
const isAboutKeys = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;

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
