import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { FakePeer } from '../support/fake-peer.js';
import { useTestApp } from '../support/test-app.js';

/** The issuer's key set, and a token of any of its keys; the clock is moved to let ten minutes pass. */
const settings: Record<string, string> = {};
let issuer: FakePeer;
let answer: { status?: number; body?: unknown; headers?: Record<string, string> };
beforeAll(async () => {
  issuer = await FakePeer.start(() => answer);
  settings['spring.security.oauth2.resourceserver.jwt.jwk-set-uri'] = `${issuer.url}/jwks`;
});
afterAll(() => issuer.stop());
const app = useTestApp(settings);

interface Key {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const [one, other, third] = [1, 2, 3].map((): Key => generateKeyPairSync('rsa', { modulusLength: 2048 })) as [
  Key,
  Key,
  Key,
];
const jwk = ({ publicKey }: Key, more: object = {}) => ({
  ...publicKey.export({ format: 'jwk' }),
  use: 'sig',
  alg: 'RS256',
  ...more,
});
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
let count = 0;
/** Every token is another, so that none is remembered. */
const tokenOf = (key: Key, header: object = {}, claims: object = {}) => {
  const seconds = Math.floor(Date.now() / 1000);
  const body = { iss: `${app.peers.url}/kayttooikeus-service`, sub: '1.2.246.562.24.99000000077', jti: ++count };
  const signed = `${part({ alg: 'RS256', ...header })}.${part({ ...body, iat: seconds, exp: seconds + 3_600, ...claims })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key.privateKey).toString('base64url')}`;
};
const call = (token: string) => app.anonymous.get('/cas/prequel', { authorization: `Bearer ${token}` });
const statusOf = async (...of: Parameters<typeof tokenOf>) => (await call(tokenOf(...of))).status;

/** Everything but the clock. */
const REAL_TIMERS = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];
const begin = Date.now();
let minutes = 0;
/** Lets time pass, for the clock only. */
function pass(more: number): void {
  jest.useRealTimers();
  jest.useFakeTimers({ now: begin + (minutes += more) * 60_000, doNotFake: REAL_TIMERS });
}
afterAll(() => jest.useRealTimers());
/** @param keys what the issuer gives from now on; those that were fetched before are old */
function give(...keys: object[]): void {
  answer = { body: { keys } };
  pass(15);
}

it('tries every key that fits: without names, or of one name', async () => {
  for (const [keys, header] of [
    [[jwk(one), jwk(other)], {}],
    [[jwk(one, { kid: 'a' }), jwk(other, { kid: 'b' })], {}],
    [[jwk(one, { kid: 'a' }), jwk(other, { kid: 'a' })], { kid: 'a' }],
    [[{ kty: 'RSA', kid: 'a', n: '!', e: 'AQAB' }, null, 'x', jwk(one, { kid: 'a' }), jwk(other, { kid: 'a' })], { kid: 'a' }], // prettier-ignore
  ] as const) {
    give(...(keys as unknown as object[]));
    expect([await statusOf(one, header), await statusOf(other, header)]).toEqual([200, 200]);
    const refused = await call(tokenOf(third, header));
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await statusOf(other, header, { exp: 1 })).toBe(401); // a good signature is not all
    expect(await statusOf(other, header, { iss: 'http://elsewhere' })).toBe(401);
  }
});

it('takes a new key under an old name', async () => {
  give(jwk(one, { kid: 'a' }));
  expect(await statusOf(one, { kid: 'a' })).toBe(200);
  answer = { body: { keys: [jwk(other, { kid: 'a' })] } };
  pass(1);
  expect(await statusOf(other, { kid: 'a' })).toBe(200);
  expect(await statusOf(one, { kid: 'a' })).toBe(401);
});

it.each([
  ['broken', { status: 503 }],
  ['elsewhere', { status: 302, headers: { location: '/other' } }],
  ['a page', { body: '<html>' }],
  ['no set', { body: { keys: 'none' } }],
  ['endless', { body: 'x'.repeat(1_100_000) }],
])(
  'keeps the last keys for hours while the issuer is %s, and takes new ones when it is back',
  async (_name, broken) => {
    give(jwk(one, { kid: 'a' }));
    expect(await statusOf(one, { kid: 'a' })).toBe(200);
    answer = broken;
    for (const more of [11, 1, 240]) {
      pass(more);
      expect(await statusOf(one, { kid: 'a' })).toBe(200);
    }
    const unknown = await call(tokenOf(other, { kid: 'b' }));
    expect(unknown.status).toBe(401);
    expect(unknown.headers.get('www-authenticate')).not.toContain('error'); // it may be a good one
    answer = { body: { keys: [jwk(other, { kid: 'b' })] } };
    pass(1);
    expect(await statusOf(other, { kid: 'b' })).toBe(200);
    expect(await statusOf(one, { kid: 'a' })).toBe(401); // withdrawn
  },
);

it('asks the issuer once for many callers, and at most once a second', async () => {
  give(jwk(one, { kid: 'a' }));
  issuer.calls.length = 0;
  await Promise.all(Array.from({ length: 20 }, (_, i) => statusOf(other, { kid: `no${i}` })));
  await Promise.all(Array.from({ length: 20 }, () => statusOf(other, { kid: 'a' })));
  expect(issuer.lines.length).toBeLessThanOrEqual(2); // for the keys' age, and for the unknown names
});

it('refuses a symmetric signature made with the public key', async () => {
  give(jwk(one, { kid: 'a', alg: undefined }));
  const { createHmac } = await import('node:crypto');
  const signed = `${part({ alg: 'HS256', kid: 'a' })}.${part({ sub: '1.2.3', iss: `${app.peers.url}/kayttooikeus-service` })}`;
  for (const secret of [
    one.publicKey.export({ type: 'spki', format: 'pem' }),
    one.publicKey.export({ format: 'jwk' }).n!,
  ])
    expect((await call(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)).status).toBe(
      401,
    );
});
