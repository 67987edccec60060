import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PeerError } from '../../src/common/errors.js';
import { readConfig } from '../../src/config/config.js';
import { VtjKyselyClient } from '../../src/integrations/vtj-kysely/vtj-kysely.client.js';
import { newVtjHetu } from '../support/persons.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

/* The VTJ query as in production: over mutual TLS, here with the sandbox's own certificate authority. */

const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const settings: Record<string, string> = {};
let vtj: SandboxPeers;
beforeAll(async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-tls-'));
  execFileSync(process.execPath, [path.resolve(__dirname, '../../sandbox/certificates.ts'), directory]);
  vtj = await SandboxPeers.start({ certificates: directory });
  const file = (name: string) => path.join(directory, name);
  const own = { enabled: 'true', address: vtj.vtjTlsUrl!, keystoreUri: file('client.p12'), keystorePassword: 'sandbox', certAlias: 'sandbox', truststoreUri: file('truststore.p12'), truststorePassword: 'sandbox' }; // prettier-ignore
  for (const [name, value] of Object.entries(own)) settings[`oppijanumerorekisteri.vtjkysely.${name}`] = value;
});
const app = useTestApp(settings);
afterAll(() => vtj.stop());

const client = (values: Record<string, string | undefined>) => {
  const named = Object.entries(values).map(([name, value]) => [`oppijanumerorekisteri.vtjkysely.${name}`, value]);
  return new VtjKyselyClient(readConfig({ ...settings, ...(Object.fromEntries(named) as Record<string, string>) }));
};
const besides = (name: string) => settings['oppijanumerorekisteri.vtjkysely.keystoreUri']!.replace('client.p12', name);

it('reaches VTJ with the client certificate and the trusted authority', async () => {
  const hetu = newVtjHetu();
  await vtj.state({ vtj: { [hetu]: NIMET } });
  expect(await app.as(rekisterinpitaja).post('/henkilo/exists', { hetu, ...NIMET })).toMatchObject({ status: 204 });
  expect((await vtj.traffic()).map(({ peer }) => peer)).toEqual(['vtjkysely']);
});

it('works with PEM files, too', async () => {
  const hetu = newVtjHetu();
  await vtj.state({ vtj: { [hetu]: NIMET } });
  const both = besides('both.pem');
  writeFileSync(both, ['client-key.pem', 'client.pem'].map((name) => readFileSync(besides(name), 'utf8')).join(''));
  const passwords = { keystorePassword: undefined, truststorePassword: undefined };
  const withPem = client({ keystoreUri: both, truststoreUri: besides('ca.pem'), ...passwords });
  expect(await withPem.find(hetu)).toMatchObject({ kind: 'found' });
});

it('takes the stores themselves, as the reference’s container does', async () => {
  const hetu = newVtjHetu();
  await vtj.state({ vtj: { [hetu]: NIMET } });
  const base64 = (name: string) => readFileSync(besides(name)).toString('base64');
  const stores = {
    vtjkysely_keystore_base64: base64('client.p12'),
    vtjkysely_truststore_base64: base64('truststore.p12'),
  };
  const {
    'oppijanumerorekisteri.vtjkysely.keystoreUri': _,
    'oppijanumerorekisteri.vtjkysely.truststoreUri': __,
    ...rest
  } = settings;
  expect(await new VtjKyselyClient(readConfig({ ...rest, ...stores })).find(hetu)).toMatchObject({ kind: 'found' });
});

it.each<[string, () => Record<string, string | undefined>]>([
  ['a certificate of another authority', () => ({ keystoreUri: besides('stranger.p12') })],
  ['no certificate', () => ({ keystoreUri: undefined })],
  ['trust in the usual authorities only', () => ({ truststoreUri: undefined, truststorePassword: undefined })],
])('does not get through with %s', async (_, values) => {
  const before = (await vtj.traffic()).length;
  await expect(client(values()).find(newVtjHetu())).rejects.toThrow(PeerError);
  expect(await vtj.traffic()).toHaveLength(before);
});
