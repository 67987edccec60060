import { inflateRawSync, inflateSync } from 'node:zlib';

/** Never looks beyond the next `<`, so that a hostile text takes no longer than its length. */
const SESSION_INDEX =
  /<(?:[\w-]{1,50}:)?SessionIndex(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?([^<\]\s]+)\s*(?:\]\]>\s*)?<\/(?:[\w-]{1,50}:)?SessionIndex\s*>/g;
const MAX_INFLATED_BYTES = 100_000;
/** CAS names one; the standard allows several. */
const MAX_TICKETS = 100;

/**
 * The service tickets of a SAML LogoutRequest, given as XML or base64 of the deflated XML
 * (docs/spec/security-integrations-jobs.md#1.8).
 * @returns empty: it names none @throws the value is neither
 */
export function ticketsOfLogoutRequest(value: string): string[] {
  const xml = value.includes('SessionIndex') ? value : inflate(Buffer.from(value, 'base64'));
  return [...xml.matchAll(SESSION_INDEX)].slice(0, MAX_TICKETS).map((match) => match[1]!);
}

function inflate(bytes: Buffer): string {
  const options = { maxOutputLength: MAX_INFLATED_BYTES };
  try {
    return inflateSync(bytes, options).toString('utf8');
  } catch {
    return inflateRawSync(bytes, options).toString('utf8');
  }
}
