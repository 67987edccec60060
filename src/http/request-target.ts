import type { IncomingMessage } from 'node:http';

const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;
/** A name or IPv4 address, or an IPv6 address, with or without a port. */
const HOST = /^(?:[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/**
 * A target with scheme and host (`GET http://host/path`, as for a proxy) counts as the path with that host, which goes before
 * the header's (RFC 9112, 3.2.2).
 */
export function takeOrigin(request: IncomingMessage): void {
  const target = request.url!;
  if (target.charCodeAt(0) === 47) return;
  const [origin, host] = ABSOLUTE.exec(target) ?? [];
  if (origin === undefined) return;
  const rest = target.slice(origin.length);
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  (request as { originalUrl?: string }).originalUrl = request.url;
  if (request.headers.host !== undefined) request.headers.host = host!;
}

/** Is the header `Host` missing where HTTP/1.1 demands it, given more than once, or no name of a host? */
export function hasHostFault({ rawHeaders, httpVersion, headers }: IncomingMessage): boolean {
  const { host } = headers;
  if (host === undefined) return httpVersion !== '1.0';
  if (!HOST.test(host)) return true;
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count > 1;
}
