import { createServer } from 'node:net';

/** Every address of the machine: IPv6 and IPv4, or IPv4 alone where the machine has no IPv6. */
export async function everyAddress(): Promise<'::' | '0.0.0.0'> {
  const probe = createServer();
  const hasIpv6 = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(0, '::', () => resolve(true));
  });
  if (hasIpv6) await new Promise((resolve) => probe.close(resolve));
  return hasIpv6 ? '::' : '0.0.0.0';
}
