import type { Config } from '../config/config.js';

/** This machine under any name and port: where a developer's browser is. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/**
 * Scheme and host of the service for addresses that callers are given: those of setting `cas.service`. The header `Host`,
 * which anybody may write, counts only where setting `ONR_TRUSTED_HOSTS` names it, or, outside production, for this machine.
 */
export function publicOrigin(
  { cas, trustedHosts, production, usesSslProxy }: Config,
  host: string | undefined,
): string {
  const name = host?.toLowerCase() ?? '';
  const trusted = trustedHosts.includes(name) || (!production && LOOPBACK.test(name));
  return trusted ? `${usesSslProxy ? 'https' : 'http'}://${name}` : new URL(cas.service).origin;
}
