import { BlockList, isIP } from 'node:net';

/** This machine, and networks that the Internet does not reach (RFC 1918, 3927, 4193, 4291). */
const PRIVATE = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

/** Addresses and networks of the Internet protocol, both versions. */
export class IpRanges {
  private readonly list = new BlockList();

  /**
   * @param text addresses and networks with commas between, e.g. `203.0.113.7, 2001:db8::/32`; `private` stands for this
   *   machine and every private network, `none` for nothing
   * @returns undefined: it is no such text
   */
  static parse(text: string): IpRanges | undefined {
    const ranges = new IpRanges();
    const parts = text.split(',').map((part) => part.trim());
    for (const part of parts.flatMap((one) => (one === 'private' ? PRIVATE : one === 'none' ? [] : [one]))) {
      if (!ranges.add(part)) return undefined;
    }
    return ranges;
  }

  /** @param address in the form of `toAddress` */
  has(address: string): boolean {
    return this.list.check(address, familyOf(address));
  }

  private add(range: string): boolean {
    const [address = '', length] = range.split(/\/(.*)/s);
    const version = isIP(address);
    if (version === 0 || address.includes('%')) return false;
    const bits = version === 4 ? 32 : 128;
    if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)) return false;
    this.list.addSubnet(address, length === undefined ? bits : Number(length), familyOf(address));
    return true;
  }
}

/**
 * An address as sockets and proxies write it (`::ffff:10.0.0.1`, `10.0.0.1:5000`, `[::1]:5000`, `fe80::1%eth0`) without
 * what is not part of it. @returns null: it is no address
 */
export function toAddress(text: string): string | null {
  const trimmed = text.trim();
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const address = bare.replace(/%.*$/s, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? null : address;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');
