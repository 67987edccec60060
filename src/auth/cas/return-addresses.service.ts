import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { systemClock } from '../../common/clock.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { RequestContext } from '../../http/request-context.js';
import { CHECK_PATH, isBrowser } from '../credentials.rules.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TIME_BYTES = 4;
/** How long a login may take, for somebody who has to look for a password. */
const ADDRESS_LIFETIME_SECONDS = 30 * 60;
/** Bytes of path and query; the token of a longer one would not fit into a cookie. */
const MAX_ADDRESS_CHARACTERS = 2_800;
const TOKEN = /^[\w-]{43,3800}$/;
/** Before the target of a login that has been asked for a second factor. No target begins with it. */
const STRONG = '!';
/** Holds where a login returns to, for callers that are no browsers. */
export const RETURN_COOKIE = 'ONR_RETURN';

/**
 * Where a browser goes after the login, as a token that the browser carries (ADR 95). It is encrypted,
 * since paths hold hetut and the token passes through CAS and its logs. It is sealed, so that nobody can make one that leads
 * elsewhere. Every process reads the tokens of the others: the key comes from a secret that they share.
 */
@Injectable()
export class ReturnAddresses {
  private readonly key: Buffer;
  private readonly contextPath: string;

  constructor(@InjectConfig() private readonly config: Config) {
    const { oauth2, contextPath } = config;
    this.key = Buffer.from(hkdfSync('sha256', oauth2.clientSecret, '', 'onr return address', 32));
    this.contextPath = contextPath;
  }

  /**
   * Keeps where the login that the request is sent to returns to; only what is read is worth coming back to. A browser carries it
   * in the service's address, others in a cookie.
   * @param isStrong whether the login is asked for a second factor
   * @returns the token for the service's address, or the cookie to be set
   */
  keep(
    { method, rawUrl, headers }: Pick<RequestContext, 'method' | 'rawUrl' | 'headers'>,
    isStrong = false,
  ): { token: string | null; cookie: string | null } {
    if (method !== 'GET') return { token: null, cookie: null };
    const token = this.seal(rawUrl, isStrong);
    if (token !== null && this.config.cas.returnInService && isBrowser({ headers })) return { token, cookie: null };
    return { token: null, cookie: this.cookie(token ?? '', token === null ? 0 : ADDRESS_LIFETIME_SECONDS) };
  }

  /** @param maxAge seconds; 0 removes it */
  cookie(token: string, maxAge: number): string {
    const flags = `HttpOnly; SameSite=Lax${this.config.usesSslProxy ? '; Secure' : ''}`;
    return `${RETURN_COOKIE}=${token}; Max-Age=${maxAge}; Path=${this.contextPath}${CHECK_PATH}; ${flags}`;
  }

  /** @param target path and query as sent @returns null: too long to be carried, or no address of ours */
  seal(target: string, isStrong = false): string | null {
    const bytes = Buffer.from(`${isStrong ? STRONG : ''}${target}`, 'utf8');
    if (bytes.length > MAX_ADDRESS_CHARACTERS || !this.isOurs(target)) return null;
    const expiry = Buffer.alloc(TIME_BYTES);
    expiry.writeUInt32BE(nowInSeconds() + ADDRESS_LIFETIME_SECONDS);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce);
    const sealed = [nonce, cipher.update(expiry), cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString('base64url');
  }

  /** Path and query; null: the token is not ours, or too old. */
  open(token: string | null): string | null {
    const content = this.decrypt(token);
    return content?.startsWith(STRONG) ? content.slice(STRONG.length) : content;
  }

  /** Was the login that brings the token asked for a second factor? */
  asksForStrong(token: string | null): boolean {
    return this.decrypt(token)?.startsWith(STRONG) === true;
  }

  private decrypt(token: string | null): string | null {
    if (token === null || !TOKEN.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    try {
      const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const content = plain.toString('utf8', TIME_BYTES);
      const target = content.startsWith(STRONG) ? content.slice(STRONG.length) : content;
      return plain.readUInt32BE() >= nowInSeconds() && this.isOurs(target) ? content : null;
    } catch {
      return null;
    }
  }

  /** Has the form of a token, whether or not it is good: such a text may be part of the service's address. */
  isToken(text: string | null): text is string {
    return text !== null && TOKEN.test(text);
  }

  /** Where the context path is empty, a target without `/` or `?` behind it would be read as part of the host name. */
  private isOurs(target: string): boolean {
    return target.startsWith(this.contextPath) && /^($|[/?])/.test(target.slice(this.contextPath.length));
  }
}

const nowInSeconds = (): number => Math.floor(systemClock.millis() / 1000);
