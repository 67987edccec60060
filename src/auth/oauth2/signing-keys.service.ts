import { Injectable, Logger } from '@nestjs/common';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { systemClock } from '../../common/clock.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient } from '../../integrations/http.client.js';

/** Keys are fetched again after so long, so that a withdrawn one stops counting. */
const KEYS_FRESH_MS = 10 * 60_000;
/** They are fetched at most this often, whatever tokens name. */
const FETCH_PAUSE_MS = 1_000;
/** Of a longer set the first ones count. */
const MAX_KEYS = 100;

/** How an attempt to have newer keys ended; `recent`: the keys are those of a moment ago. */
export type Renewal = 'renewed' | 'recent' | 'failed';

/** The issuer's signing keys. While they cannot be fetched the last ones count on. */
@Injectable()
export class SigningKeys {
  private readonly log = new Logger(SigningKeys.name);
  private readonly http = new HttpClient({ peer: 'oauth2', timeoutMs: 5_000, maxBytes: 1_000_000 });
  private keys: JWTVerifyGetKey | null = null;
  private renewedAt = 0;
  private triedAt = 0;
  private renewal: Promise<boolean> | null = null;

  constructor(@InjectConfig() private readonly config: Config) {}

  /** Null: none have been fetched yet, and they cannot be now. */
  async current(): Promise<JWTVerifyGetKey | null> {
    if (since(this.renewedAt) >= KEYS_FRESH_MS) {
      const away = this.triedAt > this.renewedAt; // then nobody waits for keys while there are some
      const renewal = this.renew();
      if (this.keys === null || !away) await renewal;
    }
    return this.keys;
  }

  /** Fetches the keys unless that has just been tried; of several callers one does. */
  async renew(): Promise<Renewal> {
    if (this.renewal === null && since(this.triedAt) < FETCH_PAUSE_MS)
      return this.triedAt > this.renewedAt ? 'failed' : 'recent';
    this.renewal ??= this.fetch().finally(() => (this.renewal = null));
    return (await this.renewal) ? 'renewed' : 'failed';
  }

  private async fetch(): Promise<boolean> {
    this.triedAt = systemClock.millis();
    try {
      const response = await this.http.send(this.config.oauth2.jwksUri, { operation: 'jwks' });
      if (response.status !== 200) throw response.error();
      this.keys = createLocalJWKSet(toKeySet(response.json()));
      this.renewedAt = this.triedAt;
      return true;
    } catch (error) {
      this.log.warn(`The signing keys stay as they were: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
}

/** Also when the clock was set back meanwhile. */
const since = (time: number): number => Math.abs(systemClock.millis() - time);

/** What is no key is left out. @throws Error no set of keys */
function toKeySet(answer: unknown): JSONWebKeySet {
  const { keys } = (answer ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('oauth2: jwks answered what is no set of keys');
  const isKey = (key: unknown): key is JSONWebKeySet['keys'][number] =>
    typeof key === 'object' && key !== null && typeof (key as { kty?: unknown }).kty === 'string';
  return { keys: keys.filter(isKey).slice(0, MAX_KEYS) };
}
