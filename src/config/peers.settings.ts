import { boolean, httpsHost, matching, text } from './setting-types.js';
import { awsName, milliseconds, ON_THIS_MACHINE, optionalPeerAddress, peerAddress, requiredWith, secret } from './setting-kinds.js'; // prettier-ignore
import { optional, setting, type Settings } from './setting.js';

/** @param name in properties @param variables of the reference's container, for user and password */
const serviceUser = (name: string, peer: string, [username, password]: readonly [string, string]) => ({
  username: setting({
    names: [`authentication.${name}.username`, username, 'authentication.default.username'],
    type: text,
    fallback: 'oppijanumerorekisteri',
    required: {},
    description: `our user at ${peer}`,
  }),
  password: secret('oppijanumerorekisteri', {
    names: [`authentication.${name}.password`, password, 'authentication.default.password'],
    description: 'its password',
  }),
});

export const PEER_SETTINGS = {
  virkailija: {
    baseUrl: optionalPeerAddress({
      names: ['virkailija.baseurl'],
      required: { unless: 'host_virkailija' },
      description:
        'base of käyttöoikeus, koodisto, organisaatio and of what follows; without it the next, without both `http://localhost:8484`',
    }),
    host: optional({
      names: ['host_virkailija'],
      type: httpsHost,
      refusals: [ON_THIS_MACHINE],
      description: 'host of the same; https',
    }),
  },
  cas: {
    url: peerAddress({
      names: ['cas.url'],
      fallback: ({ virkailija }) => `${virkailija}/cas`,
      description: 'CAS as the service reaches it',
    }),
    login: peerAddress({
      names: ['cas.login'],
      fallback: ({ virkailija }) => `${virkailija}/cas/login`,
      description: 'CAS as the browser reaches it',
    }),
    /** Service id prefix; `/j_spring_cas_security_check` is appended. */
    service: peerAddress({
      names: ['cas.service'],
      fallback: ({ production, virkailija, port, contextPath }) =>
        production ? `${virkailija}${contextPath}` : `http://localhost:${port}${contextPath}`,
      description: 'what tickets are asked for; this service as a browser reaches it',
    }),
    sendRenew: setting({
      names: ['cas.send-renew'],
      type: boolean,
      fallback: false,
      description: 'CAS asks for the password anew with every login',
    }),
    /** Browsers carry where they return to in the service's address, which CAS must accept with a query. */
    returnInService: setting({
      names: ['ONR_RETURN_IN_SERVICE'],
      type: boolean,
      fallback: true,
      description:
        'a browser’s login carries where it returns to in the service’s address, so that parallel requests each end where they were going (ADR 95); false where the registry of CAS accepts the check path without a query only: the last request then decides',
    }),
  },
  oauth2: {
    issuer: peerAddress({
      names: ['spring.security.oauth2.resourceserver.jwt.issuer-uri'],
      fallback: ({ virkailija }) => `${virkailija}/kayttooikeus-service`,
      required: {},
      description: 'issuer of tokens, base of the token endpoint',
    }),
    jwksUri: peerAddress({
      names: ['spring.security.oauth2.resourceserver.jwt.jwk-set-uri'],
      fallback: ({ virkailija }) => `${virkailija}/kayttooikeus-service/oauth2/jwks`,
      required: {},
      description: 'the issuer’s keys',
    }),
    clientId: setting({
      names: ['oppijanumerorekisteri.oauth2.clientId', 'oauth2_clientid'],
      type: text,
      fallback: 'oppijanumerorekisteri',
      required: {},
      description: 'our own client',
    }),
    clientSecret: secret('sandbox-secret', {
      names: ['oppijanumerorekisteri.oauth2.clientSecret', 'oauth2_clientsecret'],
      description: 'its secret',
    }),
  },
  serviceUsers: {
    viestinvalitys: serviceUser('viestintapalvelu', 'viestinvälitys', ['viestinta_username', 'viestinta_password']),
    ataru: serviceUser('ataru', 'Ataru', ['ataru_username', 'ataru_password']),
    hakuapp: serviceUser('hakuapp', 'haku-app', [
      'authentication_app_username_to_haku',
      'authentication_app_password_to_haku',
    ]),
  },
  viestinvalitys: {
    baseUrl: peerAddress({
      names: ['viestinvalitys.baseurl'],
      fallback: ({ virkailija }) => `${virkailija}/lahetys`,
      description: 'where mails are sent',
    }),
  },
  ataru: {
    baseUrl: peerAddress({
      names: ['ataru.baseurl'],
      fallback: ({ virkailija }) => `${virkailija}/lomake-editori`,
      description: 'applications',
    }),
  },
  hakuapp: {
    baseUrl: peerAddress({
      names: ['haku-app.baseurl'],
      fallback: ({ virkailija }) => `${virkailija}/haku-app`,
      description: 'older applications',
    }),
  },
  requestPatienceMs: milliseconds(100, 600_000, {
    names: ['ONR_REQUEST_PATIENCE_MS'],
    fallback: 20_000,
    description:
      'what one request may wait in all for other services and for its turn here; waits side by side count once',
  }),
  applicationsTimeoutMs: milliseconds(100, 600_000, {
    names: ['ONR_APPLICATIONS_TIMEOUT_MS'],
    fallback: 35_000,
    description:
      'how long an answer of Ataru or haku-app is waited for, within `ONR_REQUEST_PATIENCE_MS`; then what the other has is shown',
  }),
  slackUrl: optionalPeerAddress({
    names: ['oppijanumerorekisteri.slack-url', 'slack_webhook_url'],
    description: 'without it alerts are warnings in the log',
  }),
  aws: {
    region: setting({
      names: ['aws.region', 'aws_region'],
      type: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1'),
      fallback: 'eu-west-1',
      description: 'region of AWS',
    }),
    endpoint: optionalPeerAddress(
      { names: ['aws.endpoint', 'AWS_ENDPOINT_URL'], description: 'stand-in for every service of AWS' },
      [{ when: () => true, reason: 'is only fit for a sandbox' }],
    ),
    roleArn: awsName('iam', {
      names: ['aws.opintopolkuRoleArn', 'opintopolku_cross_account_role'],
      description: 'role that publishes to SNS',
    }),
    henkiloModifiedTopic: {
      enabled: optional({
        names: ['aws.henkiloModifiedTopic.enabled'],
        type: boolean,
        description: 'tell SNS of changed persons; without it where a topic is given',
      }),
      arn: awsName('sns', {
        names: ['aws.henkiloModifiedTopic.topicArn', 'henkilo_modified_sns_topic_arn'],
        required: requiredWith('aws.henkiloModifiedTopic.enabled'),
        description: 'the topic',
      }),
    },
  },
  outbox: {
    pollMs: milliseconds(50, 600_000, {
      names: ['ONR_OUTBOX_POLL_MS'],
      fallback: 2_000,
      description: 'how often messages to SNS that are left over are looked for',
    }),
    waitMs: milliseconds(0, 60_000, {
      names: ['ONR_OUTBOX_WAIT_MS'],
      fallback: 2_000,
      description: 'an answer to a client waits so long for SNS',
    }),
    leaseMs: milliseconds(100, 600_000, {
      names: ['ONR_OUTBOX_LEASE_MS'],
      fallback: 10_000,
      description: 'a message that its process has not published within this time is taken over by any process',
    }),
  },
} as const satisfies Settings;
