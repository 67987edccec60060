import { boolean, ipRanges, listOf, matching, text, wholeNumber } from './setting-types.js';
import { milliseconds } from './setting-kinds.js';
import { optional, setting, type Settings } from './setting.js';
import { IpRanges } from '../common/ip-ranges.js';

/** What is read before everything else. */
export const MODE_SETTINGS = {
  nodeEnv: optional({
    names: ['NODE_ENV'],
    type: text,
    description: '`production`: no defaults that fit only a sandbox',
  }),
  environment: setting({
    names: ['ENV'],
    type: text,
    fallback: '',
    description:
      'environment of the deployment: `prod`, `qa`, `dev` or `hahtuva`; `prod` refuses artificial hetut and rehearsals',
  }),
  allowLoopbackPeers: setting({
    names: ['ONR_ALLOW_LOOPBACK_PEERS'],
    type: boolean,
    fallback: false,
    refusals: [
      {
        when: (allowed, { environment }) => allowed && environment === 'prod',
        reason: 'is only fit for a rehearsal',
        isDescribed: true,
      },
    ],
    description: 'true: production with peers on this machine, for rehearsals; not with `ENV=prod`',
  }),
} as const satisfies Settings;

export const PROCESS_SETTINGS = {
  environmentName: setting({
    names: ['env.name', 'ENV'],
    type: text,
    fallback: 'env.name_IS_UNDEFINED',
    description: '`environment` in the access log',
  }),
  port: setting({
    names: ['server.port', 'PORT'],
    type: wholeNumber(0, 65_535),
    fallback: 8080,
    description: 'HTTP port; 0 takes a free one',
  }),
  address: optional({
    names: ['server.address'],
    type: text,
    description: 'where it listens; without it every address of the machine, IPv6 and IPv4',
  }),
  managementPort: setting({
    names: ['management.server.port'],
    type: wholeNumber(0, 65_535),
    fallback: 0,
    description:
      'port of its own for `/actuator/prometheus` (ADR 99); the network must keep callers away from it. With 0 there are no metrics',
  }),
  managementAddress: optional({
    names: ['management.server.address'],
    type: text,
    description: 'where the management port is opened; without it every address',
  }),
  shutdownDelayMs: milliseconds(0, 15_000, {
    names: ['ONR_SHUTDOWN_DELAY_MS'],
    fallback: ({ production }) => (production ? 5_000 : 0),
    description:
      'after SIGTERM the process is not ready (503) but serves on so long, so that load balancers turn away first',
  }),
  contextPath: setting({
    names: ['server.servlet.context-path'],
    type: matching(/^(\/[A-Za-z0-9._~-]+)+$/, 'a path such as /oppijanumerorekisteri-service'),
    fallback: '/oppijanumerorekisteri-service',
    description: 'what every path of the service begins with',
  }),
  usesSslProxy: setting({
    names: ['oppijanumerorekisteri.uses-ssl-proxy'],
    type: boolean,
    fallback: ({ production }) => production,
    description: 'every request counts as https: absolute redirects, cookie `Secure`',
  }),
  trustedHosts: setting({
    names: ['ONR_TRUSTED_HOSTS'],
    type: listOf(/^[a-z0-9.-]+(:\d+)?$/, 'host names with commas between, such as onr.example.fi'),
    fallback: [],
    description:
      'hosts, with the port where it is not the usual one, by which callers reach the service besides that of `cas.service`: redirects and `resource_metadata` name them',
  }),
  trustedProxies: setting({
    names: ['ONR_TRUSTED_PROXIES'],
    type: ipRanges,
    fallback: IpRanges.parse('private')!,
    fallbackText: '`private`',
    description:
      'whose `X-Forwarded-For` is believed for the audit log; `private`: this machine and private networks, `none`: nobody',
  }),
  sessionLifetimeMs: milliseconds(1_000, 604_800_000, {
    names: ['ONR_SESSION_LIFETIME_MS'],
    fallback: 43_200_000,
    description: 'a session ends so long after its login, in use or not; half an hour without use ends it anyway',
  }),
} as const satisfies Settings;
