import { AUTHENTICATION_SETTINGS } from './authentication.settings.js';
import { DATABASE_SETTINGS } from './database.settings.js';
import { EXPORT_SETTINGS } from './export.settings.js';
import { JOB_SETTINGS } from './jobs.settings.js';
import { PEER_SETTINGS } from './peers.settings.js';
import { MODE_SETTINGS, PROCESS_SETTINGS } from './process.settings.js';
import { REGISTER_SETTINGS } from './register.settings.js';
import { type Deployment, type Mode, type ValuesOf } from './setting.js';
import { SettingsReader, type Environment } from './settings-reader.js';
import { TELEMETRY_SETTINGS } from './telemetry.settings.js';
import { VTJ_SETTINGS } from './vtj.settings.js';

/**
 * Every setting of the service, read once from the environment. The names are those of the reference's deployment
 * (docs/spec/security-integrations-jobs.md#7.2, docs/spec/security-integrations-jobs.md#7.3): a property name such as `oppijanumerorekisteri.slack-url` or the
 * variable that its container passes, such as `slack_webhook_url`.
 *
 * Outside production everything has a default that fits the sandbox. With NODE_ENV=production what is `required` must be
 * given, and what points at this machine or carries a sandbox secret is refused by name.
 */
export type Config = ReturnType<typeof toConfig>;

/** All that is wrong with the environment, one line per setting; the start ends with it. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

/** Sections of docs/settings.md. */
export const SETTINGS = {
  Process: { ...MODE_SETTINGS, ...PROCESS_SETTINGS },
  Database: DATABASE_SETTINGS,
  'Other systems': PEER_SETTINGS,
  VTJ: VTJ_SETTINGS,
  Authentication: AUTHENTICATION_SETTINGS,
  Register: REGISTER_SETTINGS,
  'Background jobs': JOB_SETTINGS,
  Exports: EXPORT_SETTINGS,
  Telemetry: TELEMETRY_SETTINGS,
} as const;

/** Where the sandbox peers listen unless told otherwise. */
const SANDBOX_PEERS = 'http://localhost:8484';

/**
 * @throws ConfigError naming every setting that is missing, malformed or only fit for a sandbox
 */
export function readConfig(env: Environment = process.env): Config {
  const reader = new SettingsReader(withTlsOfAddress(env));
  const deployment = readDeployment(reader);
  const values = reader.values(SETTINGS, deployment);
  const { mode, ca } = values.Database.tls;
  // A server whose certificate any public authority has signed would pass.
  if (mode === 'verify-ca' && ca === null)
    reader.refuse(DATABASE_SETTINGS.tls.ca, 'is missing: verify-ca needs authorities of its own');
  if (deployment.production) reader.refuseMissing(SETTINGS);
  if (reader.problems.size > 0) throw new ConfigError([...reader.problems]);
  return toConfig(values, deployment, env);
}

/** What the address of the database says of TLS goes before the settings, as in libpq; the address is given without it. */
function withTlsOfAddress(env: Environment): Environment {
  const [address = '', query] = (env.DATABASE_URL ?? '').split(/\?(.*)/s);
  if (query === undefined) return env;
  const parameters = new URLSearchParams(query);
  const { tls } = DATABASE_SETTINGS;
  const inside: Record<string, string> = {};
  for (const [parameter, { names }] of [
    ['sslmode', tls.mode],
    ['sslrootcert', tls.ca],
  ] as const) {
    const value = parameters.get(parameter);
    parameters.delete(parameter);
    if (value !== null) inside[names[0]] = value;
  }
  if (Object.keys(inside).length === 0) return env;
  return { ...env, ...inside, DATABASE_URL: parameters.size > 0 ? `${address}?${parameters.toString()}` : address };
}

function readDeployment(reader: SettingsReader): Deployment {
  const start: Deployment = { production: false, environment: '', allowsLoopback: false, port: 0, contextPath: '', virkailija: '' }; // prettier-ignore
  const { nodeEnv, environment, allowLoopbackPeers } = MODE_SETTINGS;
  const mode: Mode = {
    production: reader.value(nodeEnv, start) === 'production',
    environment: reader.value(environment, start),
    allowsLoopback: reader.value(allowLoopbackPeers, start),
  };
  const bare = { ...start, ...mode };
  const { baseUrl, host } = PEER_SETTINGS.virkailija;
  return {
    ...mode,
    port: reader.value(PROCESS_SETTINGS.port, bare),
    contextPath: reader.value(PROCESS_SETTINGS.contextPath, bare),
    virkailija: reader.value(baseUrl, bare) ?? reader.value(host, bare) ?? SANDBOX_PEERS,
  };
}

/** Values as the modules of the service take them. */
function toConfig(values: ValuesOf<typeof SETTINGS>, deployment: Deployment, env: Environment) {
  const { nodeEnv, environment, allowLoopbackPeers, managementPort, managementAddress, ...ofProcess } = values.Process;
  const { aws, virkailija, ...peers } = values['Other systems'];
  const { vtjKysely, vtjMuutosrajapinta } = values.VTJ;
  const topic = aws.henkiloModifiedTopic;
  return {
    ...ofProcess,
    ...peers,
    ...values.Authentication,
    ...values.Register,
    ...values['Background jobs'],
    ...values.Exports,
    ...values.Telemetry,
    production: deployment.production,
    /** `prod`, `qa`, `dev` or `hahtuva`; empty: not told. */
    environment: deployment.environment,
    /** Metrics are served here; null: nowhere. */
    management: managementPort === 0 ? null : { port: managementPort, address: managementAddress },
    database: toDatabase(values.Database, env),
    virkailija: { baseUrl: deployment.virkailija },
    aws: { ...aws, henkiloModifiedTopic: { enabled: topic.enabled ?? topic.arn !== null, arn: topic.arn ?? '' } },
    vtjKysely: {
      ...vtjKysely,
      /** The client key (PKCS12 or PEM); null without mutual TLS. */
      keystore: toStore(vtjKysely.keystore, VTJ_SETTINGS.vtjKysely.keystore.base64.names[0]),
      /** The trusted authorities (PKCS12 or PEM); null: the usual ones. */
      truststore: toStore(vtjKysely.truststore, VTJ_SETTINGS.vtjKysely.truststore.base64.names[0]),
    },
    vtjMuutosrajapinta,
  } as const;
}

/** DATABASE_URL, or the host, port … of the reference's deployment put together. */
function toDatabase(values: ValuesOf<typeof DATABASE_SETTINGS>, env: Environment) {
  const { url, host, port, username, password, ...rest } = values;
  if (env.DATABASE_URL || host === null) return { ...rest, url };
  const user = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  const servers = host.split(',').map((name) => `${name}:${port}`);
  return { ...rest, url: `postgres://${user}@${servers.join(',')}/oppijanumerorekisteri` };
}

/** A store of keys by its path, or in itself as base64 (the reference's container takes either), with its password. */
interface KeyStore {
  readonly path: string;
  readonly base64?: string;
  readonly password: string | null;
}

/** @param name of the setting with the store itself, in place of a path */
function toStore(
  { path, base64, password }: { path: string | null; base64: string | null; password: string | null },
  name: string,
): KeyStore | null {
  if (path !== null) return { path, password };
  return base64 === null ? null : { path: name, base64, password };
}
