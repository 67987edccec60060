import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { systemClock } from '../../common/clock.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TIME_BYTES = 4;
/** How long a login may take, for somebody who has to look for a password. */
const ADDRESS_LIFETIME_SECONDS = 30 * 60;
/** Bytes of path and query; the token of a longer one would not fit into a cookie. */
const MAX_ADDRESS_CHARACTERS = 2_800;
const TOKEN = /^[\w-]{43,3800}$/;

/**
 * Where a browser goes after the login, as a token that the browser carries (ADR 95). It is encrypted, since paths
 * hold hetut and the token passes through CAS and its logs, and sealed, so that it leads nowhere but to an address that
 * was asked for here. Every process reads the tokens of the others: the key comes from a secret that they share.
 */
@Injectable()
export class ReturnAddresses {
  /** Seconds for which a token is good. */
  readonly lifetimeSeconds = ADDRESS_LIFETIME_SECONDS;
  private readonly key: Buffer;
  private readonly contextPath: string;

  constructor(@InjectConfig() { oauth2, contextPath }: Config) {
    this.key = Buffer.from(hkdfSync('sha256', oauth2.clientSecret, '', 'onr return address', 32));
    this.contextPath = contextPath;
  }

  /** @param target path and query as sent @returns null: too long to be carried, or no address of ours */
  seal(target: string): string | null {
    const bytes = Buffer.from(target, 'utf8');
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
    if (token === null || !TOKEN.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    try {
      const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const target = plain.toString('utf8', TIME_BYTES);
      return plain.readUInt32BE() >= nowInSeconds() && this.isOurs(target) ? target : null;
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
