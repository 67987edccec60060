import { existsSync, readFileSync } from 'node:fs';
import { IpRanges } from '../common/ip-ranges.js';

/**
 * Every setting of the service, read once from the environment. The names are those of the reference's deployment
 * (docs/spec/security-integrations-jobs.md#7.2, docs/spec/security-integrations-jobs.md#7.3): a property name such as `oppijanumerorekisteri.slack-url` or the
 * variable that its container passes, such as `slack_webhook_url`. The first name that is set wins.
 *
 * Outside production everything has a default that fits the sandbox. With NODE_ENV=production a setting marked
 * `required` must be given, and one that points at this machine or carries a sandbox secret is refused by name.
 */
export type Config = ReturnType<typeof readConfig>;

/** All that is wrong with the environment, one line per setting; the start ends with it. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

/** PGSSLMODE of libpq. */
const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
const TLS_MODE_NAMES = ['ONR_DATABASE_SSLMODE', 'PGSSLMODE'];
const TLS_CA_NAMES = ['ONR_DATABASE_SSLROOTCERT', 'PGSSLROOTCERT'];

type Env = Readonly<Record<string, string | undefined>>;

const ROOT_USER_OID = '1.2.246.562.24.00000000001';
/** Where the sandbox peers listen unless told otherwise. */
const SANDBOX_PEERS = 'http://localhost:8484';
const LOOPBACK = /^(.*\.)?localhost\.?$|^127\.|^0\.0\.0\.0$|^\[::1?\]$|^\[::ffff:7f/;

/** What differs between the deployments of the reference (docs/spec/security-integrations-jobs.md#7.2), by `ENV`. */
const SOLMULUOKKA: Readonly<Record<string, number>> = { prod: 24, qa: 98, dev: 198, hahtuva: 298 };
const PALVELUVAYLA: Readonly<Record<string, string>> = {
  prod: 'FI',
  qa: 'FI-TEST',
  dev: 'FI-DEV',
  hahtuva: 'FI-DEV',
};

class Reader {
  readonly problems: string[] = [];
  private readonly given = new Map<string, string>();

  constructor(
    private readonly env: Env,
    readonly production: boolean,
  ) {}

  /** What is given elsewhere for a name goes before the environment. */
  override(name: string, value: string): void {
    this.given.set(name, value);
  }

  private valueOf(name: string): string | undefined {
    const value = this.given.get(name) ?? this.env[name];
    return value === '' ? undefined : value;
  }

  private raw(names: readonly string[]): string | undefined {
    return this.valueOf(this.nameOf(names));
  }

  /** The name that is set, or the first. */
  private nameOf(names: readonly string[]): string {
    return names.find((name) => this.valueOf(name) !== undefined) ?? names[0]!;
  }

  /** @param fallback value outside production; null: the setting is optional everywhere and null when absent */
  private get<T>(
    names: readonly string[],
    fallback: T,
    required: boolean,
    parse: (text: string) => T | undefined,
    kind: string,
  ): T {
    const text = this.raw(names);
    if (text === undefined) {
      if (required && this.production) this.problems.push(`${names[0]} is missing`);
      return fallback;
    }
    const value = parse(text);
    if (value === undefined) {
      this.problems.push(`${this.nameOf(names)} must be ${kind}`);
      return fallback;
    }
    return value;
  }

  text(names: readonly string[], fallback: string, { required = false, form = /^/, kind = 'a text' } = {}): string {
    return this.get(names, fallback, required, (v) => (form.test(v) ? v : undefined), kind);
  }

  oneOf<T extends string>(names: readonly string[], values: readonly T[], fallback: T): T {
    const parse = (v: string) => values.find((value) => value === v);
    return this.get(names, fallback, false, parse, `one of ${values.join(', ')}`);
  }

  optional(names: readonly string[]): string | null {
    return this.raw(names) ?? null;
  }

  /** A secret: where `required` it must be given in production; it must differ from the sandbox's there. */
  secret(names: readonly string[], sandboxValue: string, { required = true } = {}): string {
    const value = this.text(names, sandboxValue, { required });
    if (this.production && this.raw(names) === sandboxValue) this.refuse(names, 'is the sandbox secret');
    return value;
  }

  /** A base address without a trailing slash; in production not this machine. */
  url(names: readonly string[], fallback: string, { required = false } = {}): string {
    const value = this.get(names, fallback, required, parseUrl, 'an http or https URL');
    if (this.production && this.raw(names) !== undefined) this.refuseLoopback(names, value);
    return value;
  }

  /** Of a PostgreSQL database; required. */
  databaseUrl(names: readonly string[], fallback: string): string {
    const parse = (v: string) => (/^postgres(ql)?:\/\/[^/\s?#]*\/[^/\s?#]+/.test(v) && URL.canParse(v) ? v : undefined);
    return this.get(names, fallback, true, parse, 'postgres://user:password@host:port/database');
  }

  optionalUrl(names: readonly string[]): string | null {
    return this.raw(names) === undefined ? null : this.url(names, '');
  }

  /** PEM of certificates, given itself or as the path of a file; null when it is not given. */
  certificates(names: readonly string[]): string | null {
    const parse = (v: string) => {
      const text = v.startsWith('-----BEGIN') ? v : existsSync(v) ? readFileSync(v, 'utf8') : '';
      return text.includes('-----BEGIN CERTIFICATE-----') ? text : undefined;
    };
    return this.get<string | null>(names, null, false, parse, 'certificates in PEM or the path of a file with them');
  }

  /** A host name without scheme and path, as its https address; undefined when it is not given. */
  host(names: readonly string[]): string | undefined {
    const given = this.raw(names);
    if (given === undefined) return undefined;
    const parse = (v: string) => (/^[A-Za-z0-9.-]+(:\d+)?$/.test(v) ? parseUrl(`https://${v}`) : undefined);
    const value = this.get(names, `https://${given}`, false, parse, 'a host name');
    if (this.production) this.refuseLoopback(names, value);
    return value;
  }

  /** Name of a thing in AWS; outside production any text that looks like one. @param service between the colons */
  arn(names: readonly string[], service: string, { required = false } = {}): string | null {
    const account = this.production ? '\\d{12}' : '\\d+';
    const form = new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]*:${account}:\\S+$`);
    const kind = `an ARN of ${service}, arn:aws:${service}:…`;
    return this.text(names, '', { required, form, kind }) || null;
  }

  /**
   * A store of keys by its path, or in itself as base64 (the reference's container takes either), with its password.
   * @param kind `keystore` or `truststore`
   */
  store(kind: string): { path: string; base64?: string; password: string | null } | null {
    const property = `oppijanumerorekisteri.vtjkysely.${kind}`;
    const password = this.optional([`${property}Password`, `vtjkysely_${kind}_password`]);
    const inside = [`vtjkysely_${kind}_base64`];
    const base64 = this.text(inside, '', { form: /^[A-Za-z0-9+/\s]+=*\s*$/, kind: 'base64' });
    const path = this.optional([`${property}Uri`, `vtjkysely_${kind}`]);
    if (path !== null) return { path, password };
    return base64 === '' ? null : { path: inside[0]!, base64, password };
  }

  private refuseLoopback(names: readonly string[], url: string): void {
    if (this.allowsLoopback || !URL.canParse(url)) return;
    if (LOOPBACK.test(new URL(url).hostname)) {
      this.refuse(names, 'points at this machine, which is only fit for a sandbox');
    }
  }

  /** Texts with commas between, in small letters; none: an empty list. */
  list(names: readonly string[], form: RegExp, kind: string): readonly string[] {
    const parse = (v: string) => {
      const parts = v.split(',').map((part) => part.trim().toLowerCase());
      return parts.every((part) => form.test(part)) ? parts : undefined;
    };
    return this.get<readonly string[]>(names, [], false, parse, kind);
  }

  ipRanges(names: readonly string[], fallback: string): IpRanges {
    const kind = 'addresses or networks with commas between, private or none';
    return this.get(names, IpRanges.parse(fallback)!, false, (v) => IpRanges.parse(v), kind);
  }

  integer(names: readonly string[], fallback: number, min: number, max: number): number {
    const parse = (v: string) => (/^-?\d+$/.test(v) && Number(v) >= min && Number(v) <= max ? Number(v) : undefined);
    return this.get(names, fallback, false, parse, `a whole number from ${min} to ${max}`);
  }

  decimal(names: readonly string[], fallback: number): number {
    const parse = (v: string) => (Number(v) >= 0 && Number(v) <= 1 ? Number(v) : undefined);
    return this.get(names, fallback, false, parse, 'a number from 0 to 1');
  }

  boolean(names: readonly string[], fallback: boolean): boolean {
    const parse = (v: string) => (/^(true|false)$/i.test(v) ? v.toLowerCase() === 'true' : undefined);
    return this.get(names, fallback, false, parse, 'true or false');
  }

  refuse(names: readonly string[], reason: string): void {
    this.problems.push(`${this.nameOf(names)} ${reason}`);
  }

  /** A rehearsal of production on one machine: ONR_ALLOW_LOOPBACK_PEERS=true. */
  private get allowsLoopback(): boolean {
    return this.env.ONR_ALLOW_LOOPBACK_PEERS?.toLowerCase() === 'true';
  }
}

/** Without trailing slashes; undefined when it is no address of an HTTP server. */
function parseUrl(text: string): string | undefined {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text.replace(/\/+$/, '') : undefined;
}

/** DATABASE_URL, or `host`, `port` … of the reference's deployment put together. */
function readDatabaseUrl(env: Env, r: Reader): string {
  if (env.DATABASE_URL || !env.postgresql_host) {
    return r.databaseUrl(['DATABASE_URL'], 'postgres://oph:oph@localhost:5434/oppijanumerorekisteri');
  }
  const user = encodeURIComponent(r.text(['postgresql_username'], 'oph', { required: true }));
  const password = encodeURIComponent(r.text(['postgresql_password'], '', { required: true }));
  const host = r.text(['postgresql_host'], '', { form: /^[\w.-]+$/, kind: 'a host name' });
  const port = r.integer(['postgresql_port'], 5432, 1, 65_535);
  return `postgres://${user}:${password}@${host}:${port}/oppijanumerorekisteri`;
}

/** What the address of the database says of TLS goes before the settings, as in libpq; the address is given without it. */
function readDatabaseTls(r: Reader, given: string) {
  const address = URL.canParse(given) ? new URL(given) : null;
  const take = (parameter: string, name: string) => {
    const value = address?.searchParams.get(parameter) ?? null;
    address?.searchParams.delete(parameter);
    if (value !== null) r.override(name, value);
    return value !== null;
  };
  const isInside = [take('sslmode', TLS_MODE_NAMES[0]!), take('sslrootcert', TLS_CA_NAMES[0]!)].includes(true);
  const mode = r.oneOf(TLS_MODE_NAMES, TLS_MODES, 'prefer');
  const ca = r.certificates(TLS_CA_NAMES);
  // A server whose certificate any public authority has signed would pass.
  if (mode === 'verify-ca' && ca === null) r.refuse(TLS_CA_NAMES, 'is missing: verify-ca needs authorities of its own');
  return { url: isInside ? address!.href : given, tls: { mode, ca } };
}

/**
 * @throws ConfigError naming every setting that is missing, malformed or only fit for a sandbox
 */
export function readConfig(env: Env = process.env) {
  const production = env.NODE_ENV === 'production';
  const r = new Reader(env, production);
  const onr = (key: string) => `oppijanumerorekisteri.${key}`;

  const port = r.integer(['server.port', 'PORT'], 8080, 0, 65535);
  const managementPort = r.integer(['management.server.port'], 0, 0, 65535);
  const contextPath = r.text(['server.servlet.context-path'], '/oppijanumerorekisteri-service', {
    form: /^(\/[A-Za-z0-9._~-]+)+$/,
    kind: 'a path such as /oppijanumerorekisteri-service',
  });
  const hostVirkailija = r.host(['host_virkailija']);
  const virkailija = r.url(['virkailija.baseurl'], hostVirkailija ?? SANDBOX_PEERS, { required: !hostVirkailija });
  const { url, tls } = readDatabaseTls(r, readDatabaseUrl(env, r));
  const serviceUser = (name: string, variables: [string, string]) => ({
    username: r.text(
      [`authentication.${name}.username`, variables[0], 'authentication.default.username'],
      'oppijanumerorekisteri',
      { required: true },
    ),
    password: r.secret(
      [`authentication.${name}.password`, variables[1], 'authentication.default.password'],
      'oppijanumerorekisteri',
    ),
  });
  const allowFakeSsn = r.boolean([onr('allow-fake-ssn'), 'ONR_ALLOW_FAKE_SSN'], !production);
  const topicArn = r.arn(['aws.henkiloModifiedTopic.topicArn', 'henkilo_modified_sns_topic_arn'], 'sns');
  const snsEnabled = r.boolean(['aws.henkiloModifiedTopic.enabled'], topicArn !== null);
  const vtjKyselyEnabled = r.boolean([onr('vtjkysely.enabled')], false);
  const muutosrajapinta = (key: string) => r.boolean([onr(`vtj-muutosrajapinta.${key}`)], false);
  const fetchEnabled = muutosrajapinta('fetch-enabled');
  const perustietoEnabled = muutosrajapinta('perustieto-enabled');
  /** What the change API needs, where it is asked at all. */
  const whenAsked = { required: fetchEnabled || perustietoEnabled };
  const withTls = { required: vtjKyselyEnabled };
  const environment = env.ENV ?? '';

  const config = {
    production,
    /** HTTP port; 0 takes a free one. */
    port,
    /** Where it listens; null: on every address of the machine. */
    address: r.optional(['server.address']),
    /** Starts with a slash, does not end with one. */
    contextPath,
    /** Metrics are served here; null: nowhere. */
    management:
      managementPort === 0 ? null : { port: managementPort, address: r.optional(['management.server.address']) },
    /** A process that is told to end goes on so long, not ready any more, before it closes its port. */
    shutdownDelayMs: r.integer(['ONR_SHUTDOWN_DELAY_MS'], production ? 5_000 : 0, 0, 15_000),
    /** Value `environment` of the access log. */
    environmentName: r.text(['env.name', 'ENV'], 'env.name_IS_UNDEFINED'),
    /** Every request is regarded as https: absolute redirects and the cookie's Secure. */
    usesSslProxy: r.boolean([onr('uses-ssl-proxy')], production),
    /** Hosts besides that of `cas.service` by which callers reach the service, with the port where it is not the usual one. */
    trustedHosts: r.list(
      ['ONR_TRUSTED_HOSTS'],
      /^[a-z0-9.-]+(:\d+)?$/,
      'host names with commas between, such as onr.example.fi',
    ),
    /** Proxies whose word on the caller's address is taken. */
    trustedProxies: r.ipRanges(['ONR_TRUSTED_PROXIES'], 'private'),
    /** A session ends so long after its login, however much it is used. */
    sessionLifetimeMs: r.integer(['ONR_SESSION_LIFETIME_MS'], 43_200_000, 1_000, 604_800_000),
    /** A request waits so long in all for services outside and for its turn; its waits side by side count once. */
    requestPatienceMs: r.integer(['ONR_REQUEST_PATIENCE_MS'], 20_000, 100, 600_000),
    database: {
      url,
      tls,
      poolSize: r.integer(['spring.datasource.hikari.maximum-pool-size', 'ONR_POOL_SIZE'], 20, 2, 200),
      /** PostgreSQL ends what takes longer: the answer is 503. */
      requests: {
        statementMs: r.integer(['ONR_STATEMENT_TIMEOUT_MS'], 20_000, 100, 3_600_000),
        lockMs: r.integer(['ONR_LOCK_TIMEOUT_MS'], 5_000, 100, 3_600_000),
        connectionMs: r.integer(
          ['spring.datasource.hikari.connection-timeout', 'ONR_CONNECTION_TIMEOUT_MS'],
          5_000,
          100,
          600_000,
        ),
      },
      /** The same for jobs and for what the process does by itself, on connections of their own. */
      jobs: {
        poolSize: r.integer(['ONR_JOB_POOL_SIZE'], 10, 2, 200),
        statementMs: r.integer(['ONR_JOB_STATEMENT_TIMEOUT_MS'], 600_000, 100, 86_400_000),
        lockMs: r.integer(['ONR_JOB_LOCK_TIMEOUT_MS'], 60_000, 100, 86_400_000),
        connectionMs: r.integer(['ONR_JOB_CONNECTION_TIMEOUT_MS'], 60_000, 100, 600_000),
      },
    },
    /** Search texts of so many persons are kept in memory at most; 0: none. */
    duplicates: { mostPersonsInMemory: r.integer(['ONR_DUPLICATE_MEMORY_PERSONS'], 1_000_000, 0, 100_000_000) },
    virkailija: { baseUrl: virkailija },
    cas: {
      url: r.url(['cas.url'], `${virkailija}/cas`),
      login: r.url(['cas.login'], `${virkailija}/cas/login`),
      /** Service id prefix; `/j_spring_cas_security_check` is appended. */
      service: r.url(
        ['cas.service'],
        production ? `${virkailija}${contextPath}` : `http://localhost:${port}${contextPath}`,
      ),
      sendRenew: r.boolean(['cas.send-renew'], false),
      /** Browsers carry where they return to in the service's address, which CAS must accept with a query. */
      returnInService: r.boolean(['ONR_RETURN_IN_SERVICE'], true),
    },
    oauth2: {
      issuer: r.url(['spring.security.oauth2.resourceserver.jwt.issuer-uri'], `${virkailija}/kayttooikeus-service`, {
        required: true,
      }),
      jwksUri: r.url(
        ['spring.security.oauth2.resourceserver.jwt.jwk-set-uri'],
        `${virkailija}/kayttooikeus-service/oauth2/jwks`,
        { required: true },
      ),
      clientId: r.text([onr('oauth2.clientId'), 'oauth2_clientid'], 'oppijanumerorekisteri', { required: true }),
      clientSecret: r.secret([onr('oauth2.clientSecret'), 'oauth2_clientsecret'], 'sandbox-secret'),
    },
    serviceUsers: {
      viestinvalitys: serviceUser('viestintapalvelu', ['viestinta_username', 'viestinta_password']),
      ataru: serviceUser('ataru', ['ataru_username', 'ataru_password']),
      hakuapp: serviceUser('hakuapp', ['authentication_app_username_to_haku', 'authentication_app_password_to_haku']),
    },
    viestinvalitys: { baseUrl: r.url(['viestinvalitys.baseurl'], `${virkailija}/lahetys`) },
    ataru: { baseUrl: r.url(['ataru.baseurl'], `${virkailija}/lomake-editori`) },
    hakuapp: { baseUrl: r.url(['haku-app.baseurl'], `${virkailija}/haku-app`) },
    /** An answer about applications is waited for so long; what the other service has is shown then. */
    applicationsTimeoutMs: r.integer(['ONR_APPLICATIONS_TIMEOUT_MS'], 35_000, 100, 600_000),
    /** Accept hetut with individual number 900-999; never in production. */
    allowFakeSsn,
    /** OID node: prod 24, qa 98, dev 198, hahtuva 298. */
    solmuluokka: r.integer([onr('henkilo.solmuluokka')], SOLMULUOKKA[environment] ?? 24, 1, 9999),
    nimi: {
      etunimiThreshold: r.decimal([onr('etunimi-threshold')], 0.85),
      sukunimiThreshold: r.decimal([onr('sukunimi-threshold')], 0.85),
    },
    imports: {
      /** An import brings every person that its rows find into its organisations, whatever the names, as the reference does. */
      attachWhateverNames: r.boolean(['ONR_IMPORT_ATTACH_WHATEVER_NAMES'], false),
    },
    protectedContacts: {
      /** Callers with rights by organisation see the contact details of persons under turvakielto, as in the reference. */
      shownByOrganisation: r.boolean(['ONR_PROTECTED_CONTACTS_BY_ORGANISATION'], false),
    },
    henkiloViiteSplitSize: r.integer([onr('henkilo-viite-split-size')], 5000, 1, 100_000),
    rootUserOid: r.text([onr('root-user-oid')], ROOT_USER_OID, { form: /^1(\.\d+)+$/, kind: 'an OID' }),
    slackUrl: r.optionalUrl([onr('slack-url'), 'slack_webhook_url']),
    jobs: {
      enabled: r.boolean(['db-scheduler.enabled'], true),
      pollMs: r.integer(['db-scheduler.polling-interval-ms', 'ONR_JOBS_POLL_MS'], 10_000, 50, 600_000),
      heartbeatMs: r.integer(['db-scheduler.heartbeat-interval-ms', 'ONR_JOBS_HEARTBEAT_MS'], 300_000, 50, 3_600_000),
      missedHeartbeats: r.integer(['db-scheduler.missed-heartbeats-limit'], 6, 2, 100),
      /** A stopping process waits so long for its runs, and ends after 20 s in any case; another takes over those left. */
      shutdownMs: r.integer(['db-scheduler.shutdown-max-wait-ms', 'ONR_JOBS_SHUTDOWN_MS'], 15_000, 0, 3_600_000),
    },
    outbox: {
      /** A message that its process has not published within this time is taken over by any process. */
      leaseMs: r.integer(['ONR_OUTBOX_LEASE_MS'], 10_000, 100, 600_000),
      pollMs: r.integer(['ONR_OUTBOX_POLL_MS'], 2_000, 50, 600_000),
      /** An answer to a client waits so long for the topic. */
      waitMs: r.integer(['ONR_OUTBOX_WAIT_MS'], 2_000, 0, 60_000),
    },
    yksilointi: {
      enabled: r.boolean([onr('scheduling.yksilointi.enabled')], !production),
      batchSize: r.integer([onr('scheduling.yksilointi.batch-size')], 300, 1, 100_000),
      requestDelayMs: r.integer([onr('scheduling.yksilointi.vtj-request-delay-in-millis')], 200, 0, 600_000),
      fixedDelayMs: r.integer([onr('scheduling.yksilointi.fixed-delay-in-millis')], 900_000, 100, 86_400_000),
    },
    vtjKysely: {
      enabled: vtjKyselyEnabled,
      /** Empty: nobody is asked, a query fails. */
      address: r.url([onr('vtjkysely.address')], production ? '' : `${virkailija}/vtjkysely`, withTls),
      username: r.secret([onr('vtjkysely.username'), 'vtjkysely_username'], 'username', withTls),
      password: r.secret([onr('vtjkysely.password'), 'vtjkysely_password'], 'password', withTls),
      /** The client key (PKCS12 or PEM); null without mutual TLS. */
      keystore: r.store('keystore'),
      certAlias: r.optional([onr('vtjkysely.certAlias')]),
      /** The trusted authorities (PKCS12 or PEM); null: the usual ones. */
      truststore: r.store('truststore'),
      timeoutMs: r.integer([onr('vtjkysely.timeout-ms')], 60_000, 100, 600_000),
    },
    vtjMuutosrajapinta: {
      baseUrl: r.url([onr('vtj-muutosrajapinta.base-url')], virkailija, whenAsked),
      username: r.secret([onr('vtj-muutosrajapinta.username'), 'vtj_muutosrajapinta_username'], 'mutpT1x', whenAsked),
      password: r.secret([onr('vtj-muutosrajapinta.password'), 'vtj_muutosrajapinta_password'], 'pwd', whenAsked),
      palveluvaylaEnv: r.text([onr('vtj-muutosrajapinta.palveluvayla-env')], PALVELUVAYLA[environment] ?? 'FI-TEST', {
        form: /^FI(-[A-Z]+)?$/,
        kind: 'FI, FI-TEST or FI-DEV',
      }),
      /** Role that signs the calls; null outside production only, for a stand-in that does not look at signatures. */
      apigwRoleArn: r.arn([onr('vtj-muutosrajapinta.apigw-role-arn'), 'palveluvayla_apigw_role_arn'], 'iam', whenAsked),
      /** Pause between tries after 429, 500, 502. */
      retryDelayMs: r.integer([onr('vtj-muutosrajapinta.retry-delay-ms')], 15_000, 0, 600_000),
      fetchEnabled,
      muutostietoEnabled: muutosrajapinta('muutostieto-enabled'),
      perustietoEnabled,
    },
    auditCleanup: {
      enabled: r.boolean([onr('tasks.audit-cleanup.enabled')], false),
      retentionDays: r.integer([onr('tasks.audit-cleanup.retention-days')], 1825, 1, 100_000),
      batchSize: r.integer([onr('tasks.audit-cleanup.batch-size')], 10_000, 1, 1_000_000),
      hour: r.integer([onr('tasks.audit-cleanup.hour')], 3, 0, 23),
      minute: r.integer([onr('tasks.audit-cleanup.minute')], 30, 0, 59),
    },
    aws: {
      region: r.text(['aws.region', 'aws_region'], 'eu-west-1', {
        form: /^[a-z]{2}(-[a-z]+)+-\d$/,
        kind: 'a region such as eu-west-1',
      }),
      /** Address of a stand-in for every AWS service; null: the real ones. */
      endpoint: r.optionalUrl(['aws.endpoint', 'AWS_ENDPOINT_URL']),
      roleArn: r.arn(['aws.opintopolkuRoleArn', 'opintopolku_cross_account_role'], 'iam'),
      henkiloModifiedTopic: { enabled: snsEnabled, arn: topicArn ?? '' },
    },
  } as const;
  if (production) {
    const { aws, vtjKysely, vtjMuutosrajapinta, yksilointi } = config;
    const isProd = environment === 'prod';
    if (allowFakeSsn && (isProd || environment === ''))
      r.refuse(
        [onr('allow-fake-ssn'), 'ONR_ALLOW_FAKE_SSN'],
        'accepts artificial hetut, which only a test environment (ENV) may',
      );
    if (aws.endpoint) r.refuse(['aws.endpoint', 'AWS_ENDPOINT_URL'], 'is only fit for a sandbox');
    if (snsEnabled && topicArn === null) r.refuse(['aws.henkiloModifiedTopic.topicArn'], 'is missing');
    if (vtjKyselyEnabled && vtjKysely.keystore === null) r.refuse([onr('vtjkysely.keystoreUri')], 'is missing');
    if (yksilointi.enabled && vtjKysely.address === '') r.refuse([onr('vtjkysely.address')], 'is missing');
    if (isProd && vtjMuutosrajapinta.palveluvaylaEnv !== 'FI' && whenAsked.required)
      r.refuse([onr('vtj-muutosrajapinta.palveluvayla-env')], 'is only fit for a test environment');
    if (isProd && r.boolean(['ONR_ALLOW_LOOPBACK_PEERS'], false))
      r.refuse(['ONR_ALLOW_LOOPBACK_PEERS'], 'is only fit for a rehearsal');
  } else {
    r.boolean(['ONR_ALLOW_LOOPBACK_PEERS'], false);
  }
  if (r.problems.length > 0) throw new ConfigError([...new Set(r.problems)]);
  return config;
}
