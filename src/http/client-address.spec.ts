import { IpRanges } from '../common/ip-ranges.js';
import { clientAddress } from './client-address.js';

const PRIVATE = IpRanges.parse('private')!;

/** Peer, X-Forwarded-For, X-Real-IP, expected. */
it.each([
  ['203.0.113.7', undefined, undefined, '203.0.113.7'],
  ['::ffff:203.0.113.7', undefined, undefined, '203.0.113.7'],
  ['203.0.113.7', '6.6.6.6', '6.6.6.6', '203.0.113.7'],
  ['10.0.0.1', '198.51.100.9', undefined, '198.51.100.9'],
  ['10.0.0.1', '6.6.6.6, 198.51.100.9', undefined, '198.51.100.9'],
  ['10.0.0.1', '6.6.6.6, 198.51.100.9, 10.0.0.2', '6.6.6.6', '198.51.100.9'],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', undefined, '10.0.0.3'],
  ['10.0.0.1', '6.6.6.6, unknown, 10.0.0.2', undefined, '10.0.0.2'],
  ['10.0.0.1', 'anything at all', undefined, '10.0.0.1'],
  ['10.0.0.1', '', undefined, '10.0.0.1'],
  ['10.0.0.1', '198.51.100.9:4711', undefined, '198.51.100.9'],
  ['10.0.0.1', '[2001:db8::1]:4711', undefined, '2001:db8::1'],
  ['10.0.0.1', undefined, '198.51.100.9', '198.51.100.9'],
  ['10.0.0.1', undefined, 'anything at all', '10.0.0.1'],
  ['10.0.0.1', undefined, '198.51.100.9, 6.6.6.6', '10.0.0.1'],
  ['10.0.0.1', '198.51.100.9', '6.6.6.6', '198.51.100.9'],
  ['', '198.51.100.9', undefined, ''],
])('peer %j, forwarded for %j, real %j: %j', (peer, forwarded, real, expected) =>
  expect(clientAddress(peer, { 'x-forwarded-for': forwarded, 'x-real-ip': real }, PRIVATE)).toBe(expected),
);

it('takes nobody’s word where nobody is trusted', () =>
  expect(clientAddress('127.0.0.1', { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6' }, IpRanges.parse('none')!)).toBe('127.0.0.1')); // prettier-ignore
