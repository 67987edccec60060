import { toAddress, type IpRanges } from '../common/ip-ranges.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Address of the caller for the audit log. Only what a trusted proxy has written counts: `X-Forwarded-For` is read from
 * the right for as long as the address that wrote the entry is trusted; what stands left of it anybody may have written.
 * Without that header `X-Real-IP` of a trusted peer counts. What is no address is never taken.
 *
 * @param peer the other end of the connection
 */
export function clientAddress(peer: string, headers: Headers, trusted: IpRanges): string {
  let address = toAddress(peer) ?? '';
  if (address === '') return peer; // a connection that is closed already
  const forwarded = headers['x-forwarded-for'];
  if (typeof forwarded !== 'string') {
    const real = headers['x-real-ip'];
    return typeof real === 'string' && trusted.has(address) ? (toAddress(real) ?? address) : address;
  }
  for (const entry of forwarded.split(',').reverse()) {
    const next: string | null = trusted.has(address) ? toAddress(entry) : null;
    if (next === null) return address;
    address = next;
  }
  return address;
}
