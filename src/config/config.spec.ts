import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig } from './config.js';

/** A complete environment of production: the names of the reference's deployment. */
const COMPLETE = {
  NODE_ENV: 'production',
  ENV: 'qa',
  postgresql_host: 'db.example.fi',
  postgresql_username: 'onr',
  postgresql_password: 'p@ss/word',
  host_virkailija: 'virkailija.example.fi',
  'spring.security.oauth2.resourceserver.jwt.issuer-uri': 'https://otuva.example.fi/kayttooikeus-service',
  'spring.security.oauth2.resourceserver.jwt.jwk-set-uri': 'https://otuva.example.fi/kayttooikeus-service/oauth2/jwks',
  oauth2_clientid: 'onr',
  oauth2_clientsecret: 'a',
  viestinta_username: 'v',
  viestinta_password: 'b',
  ataru_username: 'a',
  ataru_password: 'c',
  authentication_app_username_to_haku: 'h',
  authentication_app_password_to_haku: 'd',
};
const VTJ = 'oppijanumerorekisteri.vtj-muutosrajapinta.';
const KYSELY = 'oppijanumerorekisteri.vtjkysely.';
const MUUTOSRAJAPINTA = {
  [`${VTJ}fetch-enabled`]: 'true',
  [`${VTJ}base-url`]: 'https://gateway.example.fi',
  vtj_muutosrajapinta_username: 'onr',
  vtj_muutosrajapinta_password: 'e',
  palveluvayla_apigw_role_arn: 'arn:aws:iam::123456789012:role/palveluvayla',
};
const VTJKYSELY = {
  [`${KYSELY}enabled`]: 'true',
  [`${KYSELY}address`]: 'https://vtj.example.fi/kysely',
  vtjkysely_username: 'onr',
  vtjkysely_password: 'f',
  vtjkysely_keystore: '/app/vtjkysely-keystore',
};

type Env = Record<string, string | undefined>;

function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('settings of production', () => {
  it('are enough when everything required is given', () => {
    const config = readConfig({ ...COMPLETE, ...MUUTOSRAJAPINTA, ...VTJKYSELY });
    expect(config.database.url).toBe('postgres://onr:p%40ss%2Fword@db.example.fi:5432/oppijanumerorekisteri');
    expect(config.virkailija.baseUrl).toBe('https://virkailija.example.fi');
    expect(config.cas.service).toBe('https://virkailija.example.fi/oppijanumerorekisteri-service');
    expect(config.allowFakeSsn).toBe(false);
  });

  it('are refused by name when nothing is given', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual(
      [
        'DATABASE_URL',
        'virkailija.baseurl',
        'spring.security.oauth2.resourceserver.jwt.issuer-uri',
        'spring.security.oauth2.resourceserver.jwt.jwk-set-uri',
        'oppijanumerorekisteri.oauth2.clientId',
        'oppijanumerorekisteri.oauth2.clientSecret',
        'authentication.viestintapalvelu.username',
        'authentication.viestintapalvelu.password',
        'authentication.ataru.username',
        'authentication.ataru.password',
        'authentication.hakuapp.username',
        'authentication.hakuapp.password',
      ].map((name) => `${name} is missing`),
    );
  });

  it.each(Object.keys(COMPLETE).filter((name) => !['NODE_ENV', 'ENV'].includes(name)))(
    'are refused without %s',
    (name) => {
      expect(problemsOf({ ...COMPLETE, [name]: undefined })).toEqual([expect.stringMatching(/ is missing$/)]);
    },
  );

  it.each(Object.keys(MUUTOSRAJAPINTA).slice(1))(
    'are refused without %s where changes are fetched from VTJ',
    (name) => {
      expect(problemsOf({ ...COMPLETE, ...MUUTOSRAJAPINTA, [name]: undefined })).toEqual([
        expect.stringMatching(/^oppijanumerorekisteri\.vtj-muutosrajapinta\.[\w-]+ is missing$/),
      ]);
    },
  );

  it.each(Object.keys(VTJKYSELY).slice(1))('are refused without %s where VTJ is queried', (name) => {
    expect(problemsOf({ ...COMPLETE, ...VTJKYSELY, [name]: undefined })).toEqual([
      expect.stringMatching(/^oppijanumerorekisteri\.vtjkysely\.\w+ is missing$/),
    ]);
  });

  it('take the key store of VTJ in itself, too', () => {
    const env = { ...COMPLETE, ...VTJKYSELY, vtjkysely_keystore: undefined };
    expect(problemsOf({ ...env, vtjkysely_keystore_base64: 'QUJD\nREVG' })).toEqual([]);
    expect(problemsOf({ ...env, vtjkysely_keystore_base64: '{}' })[0]).toBe('vtjkysely_keystore_base64 must be base64');
  });

  it.each<[string, Env]>([
    ['aws.henkiloModifiedTopic.topicArn is missing', { 'aws.henkiloModifiedTopic.enabled': 'true' }],
    [`${KYSELY}address is missing`, { 'oppijanumerorekisteri.scheduling.yksilointi.enabled': 'true' }],
  ])('are refused: %s', (problem, env) => {
    expect(problemsOf({ ...COMPLETE, ...env })).toEqual([problem]);
  });

  it.each<[string, Env]>([
    ['virkailija.baseurl', { 'virkailija.baseurl': 'http://localhost:8484' }],
    ['virkailija.baseurl', { 'virkailija.baseurl': 'HTTPS://user@LOCALHOST/x' }],
    ['cas.url', { 'cas.url': 'https://127.0.0.1/cas' }],
    ['ataru.baseurl', { 'ataru.baseurl': 'http://[::1]:80' }],
    ['slack_webhook_url', { slack_webhook_url: 'http://0.0.0.0/slack' }],
    ['host_virkailija', { host_virkailija: 'localhost:8484' }],
    ['aws.endpoint', { 'aws.endpoint': 'https://stand-in.example.fi' }],
    ['oauth2_clientsecret', { oauth2_clientsecret: 'sandbox-secret' }],
    ['ataru_password', { ataru_password: 'oppijanumerorekisteri' }],
    ['vtj_muutosrajapinta_password', { vtj_muutosrajapinta_password: 'pwd' }],
    ['vtjkysely_password', { vtjkysely_password: 'password' }],
    ['oppijanumerorekisteri.allow-fake-ssn', { ENV: 'prod', 'oppijanumerorekisteri.allow-fake-ssn': 'true' }],
    ['ONR_ALLOW_FAKE_SSN', { ENV: undefined, ONR_ALLOW_FAKE_SSN: 'true' }],
    ['ONR_ALLOW_LOOPBACK_PEERS', { ENV: 'prod', ONR_ALLOW_LOOPBACK_PEERS: 'true' }],
    [`${VTJ}palveluvayla-env`, { ...MUUTOSRAJAPINTA, ENV: 'prod', [`${VTJ}palveluvayla-env`]: 'FI-TEST' }],
    ['palveluvayla_apigw_role_arn', { palveluvayla_apigw_role_arn: 'arn:aws:iam::1:role/sandbox' }],
  ])('are refused by name when only fit for a sandbox or a test: %s %j', (name, env) => {
    expect(problemsOf({ ...COMPLETE, ...env })).toEqual([
      expect.stringMatching(new RegExp(`^${name.replaceAll('.', '\\.')} `)),
    ]);
  });

  it('may name peers on this machine for a rehearsal', () => {
    const rehearsal = { ONR_ALLOW_LOOPBACK_PEERS: 'true', 'virkailija.baseurl': 'http://localhost:8484' };
    expect(problemsOf({ ...COMPLETE, ...rehearsal })).toEqual([]);
  });
});

describe('malformed settings are refused by name, everywhere', () => {
  it.each([
    ['DATABASE_URL', 'mysql://u:p@host/db'],
    ['DATABASE_URL', 'postgres://host'],
    ['DATABASE_URL', 'postgres://u:p@host:99999/db'],
    ['virkailija.baseurl', 'virkailija.example.fi'],
    ['virkailija.baseurl', 'ftp://virkailija.example.fi'],
    ['host_virkailija', 'https://virkailija.example.fi'],
    ['server.servlet.context-path', 'oppijanumerorekisteri-service'],
    ['server.servlet.context-path', '/onr/'],
    ['server.port', '80a'],
    ['server.port', '65536'],
    ['aws.region', 'Ireland'],
    ['aws.opintopolkuRoleArn', 'role/x'],
    ['aws.henkiloModifiedTopic.topicArn', 'arn:aws:iam::123456789012:role/x'],
    ['oppijanumerorekisteri.slack-url', 'hooks.slack.com/x'],
    ['oppijanumerorekisteri.root-user-oid', 'root'],
    ['oppijanumerorekisteri.etunimi-threshold', '1.5'],
    ['oppijanumerorekisteri.allow-fake-ssn', 'kyllä'],
    ['oppijanumerorekisteri.vtj-muutosrajapinta.palveluvayla-env', 'prod'],
    ['ONR_ALLOW_LOOPBACK_PEERS', 'yes'],
  ])('%s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name} must be `)]);
  });

  it('names the port of the reference’s database variables', () => {
    expect(problemsOf({ postgresql_host: 'db', postgresql_port: 'x' })).toEqual([
      expect.stringContaining('postgresql_port must be'),
    ]);
  });
});

it.each([
  ['prod', 24, 'FI'],
  ['qa', 98, 'FI-TEST'],
  ['dev', 198, 'FI-DEV'],
  ['hahtuva', 298, 'FI-DEV'],
  [undefined, 24, 'FI-TEST'],
])('gives OIDs and asks VTJ as the deployment %s does', (ENV, solmuluokka, palveluvaylaEnv) => {
  const config = readConfig({ ...COMPLETE, ENV });
  expect(config.solmuluokka).toBe(solmuluokka);
  expect(config.vtjMuutosrajapinta.palveluvaylaEnv).toBe(palveluvaylaEnv);
});

describe('TLS to the database', () => {
  const database = (env: Record<string, string>) => readConfig({ NODE_ENV: 'test', ...env }).database;
  const problems = (env: Record<string, string>) => {
    try {
      database(env);
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };
  const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';

  it('is preferred unless something else is said', () => {
    expect(database({}).tls).toEqual({ mode: 'prefer', ca: null });
  });

  it('is set by PGSSLMODE, before it by our own name, before that by the address, which loses it', () => {
    expect(database({ PGSSLMODE: 'require' }).tls.mode).toBe('require');
    expect(database({ PGSSLMODE: 'require', ONR_DATABASE_SSLMODE: 'disable' }).tls.mode).toBe('disable');
    const DATABASE_URL = 'postgres://a:b%40c@db:5432/onr?sslmode=verify-full&application_name=x';
    expect(database({ DATABASE_URL, ONR_DATABASE_SSLMODE: 'disable' })).toMatchObject({
      url: 'postgres://a:b%40c@db:5432/onr?application_name=x',
      tls: { mode: 'verify-full', ca: null },
    });
  });

  it('takes authorities as they are or from a file', () => {
    expect(database({ PGSSLROOTCERT: PEM, PGSSLMODE: 'verify-ca' }).tls).toEqual({ mode: 'verify-ca', ca: PEM });
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'onr-ca-')), 'ca.pem');
    writeFileSync(file, PEM);
    expect(database({ ONR_DATABASE_SSLROOTCERT: file }).tls).toEqual({ mode: 'prefer', ca: PEM });
  });

  it('refuses what is no mode, no certificate, or verify-ca without authorities', () => {
    expect(problems({ PGSSLMODE: 'on' })).toEqual([
      'PGSSLMODE must be one of disable, allow, prefer, require, verify-ca, verify-full',
    ]);
    expect(problems({ PGSSLROOTCERT: '/nosuch' })).toEqual([
      'PGSSLROOTCERT must be certificates in PEM or the path of a file with them',
    ]);
    expect(problems({ PGSSLMODE: 'verify-ca' })).toEqual([
      'ONR_DATABASE_SSLROOTCERT is missing: verify-ca needs authorities of its own',
    ]);
  });
});
