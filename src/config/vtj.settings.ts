import { base64, boolean, matching, text } from './setting-types.js';
import { awsName, milliseconds, peerAddress, requiredWith, secret } from './setting-kinds.js';
import { optional, setting, type Settings } from './setting.js';
import { TASKS } from './jobs.settings.js';

const kysely = (key: string) => `oppijanumerorekisteri.vtjkysely.${key}`;
const muutosrajapinta = (key: string) => `oppijanumerorekisteri.vtj-muutosrajapinta.${key}`;

/** The reference's deployments, by `ENV`. */
const PALVELUVAYLA: Readonly<Record<string, string>> = {
  prod: 'FI',
  qa: 'FI-TEST',
  dev: 'FI-DEV',
  hahtuva: 'FI-DEV',
};

const WITH_TLS = requiredWith(kysely('enabled'));
const WHEN_ASKED = requiredWith(muutosrajapinta('fetch-enabled'), muutosrajapinta('perustieto-enabled'));

/** A store of keys: a file, or the store itself. @param kind `keystore` or `truststore` */
const store = (kind: string, what: string, required?: { required: { with: string[]; unless: string } }) => ({
  path: optional({
    names: [kysely(`${kind}Uri`), `vtjkysely_${kind}`],
    type: text,
    description: `${what}; the path of a PKCS12 or PEM file`,
    ...required,
  }),
  password: optional({
    names: [kysely(`${kind}Password`), `vtjkysely_${kind}_password`],
    type: text,
    description: 'its password',
  }),
  base64: optional({
    names: [`vtjkysely_${kind}_base64`],
    type: base64,
    description: 'the store itself, where there is no file',
  }),
});

const task = (key: string, name: string) =>
  setting({ names: [muutosrajapinta(key)], type: boolean, fallback: false, description: `\`${name}\`` });

export const VTJ_SETTINGS = {
  vtjKysely: {
    enabled: setting({
      names: [kysely('enabled')],
      type: boolean,
      fallback: false,
      description: 'mutual TLS with the stores below; without it the same query goes out plain',
    }),
    /** Empty: nobody is asked, a query fails. */
    address: peerAddress({
      names: [kysely('address')],
      fallback: ({ production, virkailija }) => (production ? '' : `${virkailija}/vtjkysely`),
      required: requiredWith(kysely('enabled'), TASKS.yksilointi),
      description: 'without it every query fails',
    }),
    username: secret('username', {
      names: [kysely('username'), 'vtjkysely_username'],
      required: WITH_TLS,
      description: 'our user',
    }),
    password: secret('password', {
      names: [kysely('password'), 'vtjkysely_password'],
      required: WITH_TLS,
      description: 'its password',
    }),
    keystore: store('keystore', 'client key', {
      required: { with: [kysely('enabled')], unless: 'vtjkysely_keystore_base64' },
    }),
    certAlias: optional({
      names: [kysely('certAlias')],
      type: text,
      description: 'entry of the client key',
    }),
    truststore: store('truststore', 'trusted authorities, without it the usual ones'),
    timeoutMs: milliseconds(100, 600_000, {
      names: [kysely('timeout-ms')],
      fallback: 60_000,
      description: 'an answer is waited for so long',
    }),
  },
  vtjMuutosrajapinta: {
    baseUrl: peerAddress({
      names: [muutosrajapinta('base-url')],
      fallback: ({ virkailija }) => virkailija,
      required: WHEN_ASKED,
      description: 'change API',
    }),
    username: secret('mutpT1x', {
      names: [muutosrajapinta('username'), 'vtj_muutosrajapinta_username'],
      required: WHEN_ASKED,
      description: 'our user',
    }),
    password: secret('pwd', {
      names: [muutosrajapinta('password'), 'vtj_muutosrajapinta_password'],
      required: WHEN_ASKED,
      description: 'its password',
    }),
    palveluvaylaEnv: setting({
      names: [muutosrajapinta('palveluvayla-env')],
      type: matching(/^FI(-[A-Z]+)?$/, 'FI, FI-TEST or FI-DEV'),
      fallback: ({ environment }) => PALVELUVAYLA[environment] ?? 'FI-TEST',
      refusals: [
        {
          when: (value, { environment }) => environment === 'prod' && value !== 'FI',
          reason: 'is only fit for a test environment',
          isDescribed: true,
        },
      ],
      description: 'environment of palveluväylä; another than `FI` not with `ENV=prod`',
    }),
    /** Null outside production only, for a stand-in that does not look at signatures. */
    apigwRoleArn: awsName('iam', {
      names: [muutosrajapinta('apigw-role-arn'), 'palveluvayla_apigw_role_arn'],
      required: WHEN_ASKED,
      description: 'role that signs: nothing goes out unsigned from production',
    }),
    retryDelayMs: milliseconds(0, 600_000, {
      names: [muutosrajapinta('retry-delay-ms')],
      fallback: 15_000,
      description: 'pause after 429, 500, 502',
    }),
    fetchEnabled: task('fetch-enabled', 'vtj muutostieto fetch task'),
    muutostietoEnabled: task('muutostieto-enabled', 'vtj muutostieto task'),
    perustietoEnabled: task('perustieto-enabled', 'vtj perustieto task'),
  },
} as const satisfies Settings;
