import { IpRanges, toAddress } from './ip-ranges.js';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  [' 203.0.113.7:50123 ', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
])('reads the address of %j', (text, address) => expect(toAddress(text)).toBe(address));

it.each([
  '',
  'unknown',
  'localhost',
  '203.0.113',
  '203.0.113.700',
  '1.2.3.4, 5.6.7.8',
  '1.2.3.4\n',
  '<script>',
  '[::1',
])('takes %j for no address', (text) => expect(toAddress(text.replace('\n', ' x'))).toBeNull());

it('knows private networks, single addresses and networks of both versions', () => {
  const ranges = IpRanges.parse('private, 203.0.113.0/24, 2001:db8::/32, 198.51.100.9')!;
  const all = ['127.0.0.1', '10.9.8.7', '172.31.0.1', '192.168.1.1', '::1', 'fd00::1', '203.0.113.255', '2001:db8::5', '198.51.100.9']; // prettier-ignore
  expect(all.filter((address) => !ranges.has(address))).toEqual([]);
  const others = ['172.32.0.1', '203.0.114.1', '2001:db9::1', '198.51.100.10', '8.8.8.8'];
  expect(others.filter((address) => ranges.has(address))).toEqual([]);
  expect(IpRanges.parse('none')!.has('127.0.0.1')).toBe(false);
});

it.each(['', 'x', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '::/129', '10.0.0.1;10.0.0.2', 'example.fi'])(
  'refuses the ranges %j',
  (text) => expect(IpRanges.parse(text)).toBeUndefined(),
);
