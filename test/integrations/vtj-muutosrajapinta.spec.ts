import { PeerError } from '../../src/common/errors.js';
import { readConfig } from '../../src/config/config.js';
import {
  MuutostietoRetryError,
  VtjMuutosrajapintaClient,
} from '../../src/integrations/vtj-muutosrajapinta/vtj-muutosrajapinta.client.js';
import { FakePeer, inTurn } from '../support/fake-peer.js';

const HETU = '010190-900P';
const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>AKIATEST</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

let peer: FakePeer;
beforeEach(async () => {
  peer = await FakePeer.start();
});
afterEach(() => peer.stop());
const property = (name: string) => `oppijanumerorekisteri.vtj-muutosrajapinta.${name}`;
const client = (more: Record<string, string> = {}) =>
  new VtjMuutosrajapintaClient(
    readConfig({
      [property('base-url')]: peer.url,
      [property('username')]: 'user',
      [property('password')]: 'pass',
      [property('retry-delay-ms')]: '5',
      ...more,
    }),
  );
const PATH = '/r1/FI-TEST/GOV/0245437-2/VTJmutpa/VTJmutpa/api/v1';
const uptodate = { viimeisinKirjausavain: 1001, ajanTasalla: true, muutokset: [] };

it('reads the cursor of a day', async () => {
  peer.handle = () => ({ body: { viimeisinKirjausavain: 1000, muuta: 1 } });
  expect(await client().getKirjausavain('2026-01-31')).toBe(1000);
  expect(peer.lines).toEqual([`GET ${PATH}/kirjausavain/2026-01-31`]);
  expect(peer.calls[0]!.headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
    'x-authorization': `Basic ${Buffer.from('user:pass').toString('base64')}`,
    'x-road-client': 'FI-TEST/GOV/2769790-1/vtj-oph-client',
  });
});

it('reads changes and full data', async () => {
  const muutokset = [
    { henkilotunnus: HETU, muutospv: '2026-01-31T10:20:30.123', tietoryhmat: [{ tietoryhma: 'X', a: [1] }] },
  ];
  peer.handle = inTurn(
    { body: { viimeisinKirjausavain: 1002, ajanTasalla: false, muutokset } },
    { body: { ajanTasalla: true, perustiedot: [{ henkilotunnus: HETU, tietoryhmat: [{ b: 2 }] }] } },
  );
  const api = client();
  expect(await api.getMuutokset(1001, [HETU])).toEqual({ viimeisinKirjausavain: 1002, ajanTasalla: false, muutokset });
  expect(await api.listPerustiedot([HETU])).toEqual([{ henkilotunnus: HETU, tietoryhmat: [{ b: 2 }] }]);
  expect(peer.calls.map(({ path, body }) => [path.replace(PATH, ''), JSON.parse(body)])).toEqual([
    ['/muutokset', { viimeisinKirjausavain: 1001, hetulista: [HETU] }],
    ['/perustiedot', { hetulista: [HETU] }],
  ]);
});

it('sends nothing unsigned from production', async () => {
  const settings = readConfig({ [property('base-url')]: peer.url });
  const api = new VtjMuutosrajapintaClient({ ...settings, production: true });
  await expect(api.getKirjausavain('2026-01-31')).rejects.toThrow('no role to sign as');
  expect(peer.calls).toEqual([]);
});

it('signs as the assumed role, asking for its credentials once', async () => {
  peer.handle = ({ body }) =>
    body.includes('Action=AssumeRole')
      ? { body: assumed, headers: { 'content-type': 'text/xml' } }
      : { body: uptodate };
  const api = client({ [property('apigw-role-arn')]: 'arn:aws:iam::1:role/apigw', 'aws.endpoint': peer.url });
  await Promise.all([api.getMuutokset(1, [HETU])]);
  await api.getMuutokset(1, [HETU]);
  const asked = peer.calls.filter(({ body }) => body.includes('AssumeRole'));
  expect(asked).toHaveLength(1);
  expect(asked[0]!.body).toMatch(
    /RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fapigw.*RoleSessionName=palveluvayla|RoleSessionName=palveluvayla.*RoleArn/,
  );
  const { headers } = peer.calls.at(-1)!;
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=[\w;-]*x-authorization;x-road-client, Signature=[0-9a-f]{64}$/,
  );
  expect(headers).toMatchObject({
    'x-amz-security-token': 'token',
    'x-road-client': 'FI-TEST/GOV/2769790-1/vtj-oph-client',
  });
});

it('tries again after 429, 500 and 502', async () => {
  peer.handle = inTurn({ status: 429 }, { status: 502 }, { body: uptodate });
  expect(await client().getMuutokset(1, [])).toEqual(uptodate);
  peer.handle = () => ({ status: 500 });
  await expect(client().getMuutokset(1, [])).rejects.toBeInstanceOf(MuutostietoRetryError);
  expect(peer.calls).toHaveLength(6);
});

it.each([
  ['400', { status: 400, body: { henkilotunnus: HETU } }],
  ['403', { status: 403 }],
  ['503', { status: 503 }],
  ['a redirect', { status: 302, headers: { location: '/' } }],
  ['an empty body', { status: 200 }],
  ['half a body', { body: uptodate, cut: 'half' as const }],
  ['no word whether it is up to date', { body: { viimeisinKirjausavain: 1, muutokset: [] } }],
  ['a change of nobody', { body: { ...uptodate, muutokset: [{ muutospv: 'x', tietoryhmat: [] }] } }],
  ['a text for a cursor', { body: { ...uptodate, viimeisinKirjausavain: '1' } }],
])('gives an error at once for %s', async (_, answer) => {
  peer.handle = () => answer;
  const error = await client()
    .getMuutokset(1, [HETU])
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PeerError);
  expect(error).not.toBeInstanceOf(MuutostietoRetryError);
  expect(String(error)).not.toContain(HETU);
  expect(peer.calls).toHaveLength(1);
});

it('keeps little memory for a bucket of 10 000 henkilötunnus', async () => {
  peer.handle = () => ({ body: uptodate });
  const hetut = Array.from({ length: 10_000 }, (_, i) => `${String(i).padStart(6, '0')}-900P`);
  const api = client();
  await api.getMuutokset(1, hetut);
  peer.calls.length = 0;
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 20; i++) {
    await api.getMuutokset(1, hetut);
    peer.calls.length = 0;
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});
