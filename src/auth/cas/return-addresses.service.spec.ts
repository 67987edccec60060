import { readConfig } from '../../config/config.js';
import { ReturnAddresses } from './return-addresses.service.js';

const PATH = '/oppijanumerorekisteri-service';
const addressesWith = (oauth2_clientsecret: string) => new ReturnAddresses(readConfig({ oauth2_clientsecret }));
const addresses = addressesWith('a secret');

it('gives back what it was given, in every process that has the secret', () => {
  const token = addresses.seal(`${PATH}/henkilo/hetu=010190-900P?a=%C3%A4&b=ä`)!;
  expect(addressesWith('a secret').open(token)).toBe(`${PATH}/henkilo/hetu=010190-900P?a=%C3%A4&b=ä`);
  expect(addressesWith('another').open(token)).toBeNull();
});

it('tells nobody where it leads, nor that two lead to the same', () => {
  const [one, other] = [1, 2].map(() => addresses.seal(`${PATH}/henkilo/hetu=010190-900P`)!);
  expect(one).not.toBe(other);
  expect(Buffer.from(one!, 'base64url').toString('latin1')).not.toContain('010190');
});

it.each(['//evil.example/', 'https://evil.example/', '/elsewhere', `${PATH}.evil.example`, `${PATH}@evil.example`, ''])(
  'does not lead to %j',
  (target) => expect(addresses.seal(target)).toBeNull(),
);

it('refuses a token that was changed, cut or made up', () => {
  const token = addresses.seal(`${PATH}/x`)!;
  const bytes = Buffer.from(token, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1;
    expect(addresses.open(changed.toString('base64url'))).toBeNull();
  }
  for (const other of [token.slice(0, -4), `${token}AAAA`, `/${token}`, 'x', '', 'A'.repeat(5_000), null])
    expect(addresses.open(other)).toBeNull();
});

it('is good for half an hour', () => {
  const token = addresses.seal(`${PATH}/x`)!;
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now');
  try {
    clock.mockReturnValue(now + 29 * 60_000);
    expect(addresses.open(token)).toBe(`${PATH}/x`);
    clock.mockReturnValue(now + 31 * 60_000);
    expect(addresses.open(token)).toBeNull();
  } finally {
    clock.mockRestore();
  }
});

it('fits into a cookie, and keeps nothing that would not', () => {
  const longest = `${PATH}?${'x'.repeat(2_800 - PATH.length - 1)}`;
  expect(addresses.seal(longest)!.length).toBeLessThan(3_900);
  expect(addresses.open(addresses.seal(longest))).toBe(longest);
  expect(addresses.seal(`${longest}x`)).toBeNull();
});
