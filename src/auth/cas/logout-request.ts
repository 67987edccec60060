import { inflateRawSync, inflateSync } from 'node:zlib';

const SESSION_INDEX = /<(?:[\w-]+:)?SessionIndex\b[^>]*>\s*([^<\s]+)\s*<\/(?:[\w-]+:)?SessionIndex>/;
const MAX_INFLATED = 100_000;

/**
 * The service ticket of a SAML LogoutRequest, given as XML or base64 of the deflated XML (spec
 * security-integrations-jobs 1.8).
 * @returns null: it names none @throws the value is neither
 */
export function ticketOfLogoutRequest(value: string): string | null {
  const xml = value.includes('SessionIndex') ? value : inflate(Buffer.from(value, 'base64'));
  return SESSION_INDEX.exec(xml)?.[1] ?? null;
}

function inflate(bytes: Buffer): string {
  const options = { maxOutputLength: MAX_INFLATED };
  try {
    return inflateSync(bytes, options).toString('utf8');
  } catch {
    return inflateRawSync(bytes, options).toString('utf8');
  }
}
