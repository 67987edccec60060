/** AWS (STS, SNS) and Slack: they keep what they are told. */
import { randomUUID } from 'node:crypto';
import { text, xml } from './http.ts';
import type { Context, Route } from './route.ts';

const HOUR_MS = 3_600_000;

const credentials = () =>
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  `<AccessKeyId>AKIASANDBOX</AccessKeyId><SecretAccessKey>sandbox</SecretAccessKey><SessionToken>sandbox</SessionToken><Expiration>${new Date(Date.now() + HOUR_MS).toISOString()}</Expiration></Credentials>` +
  '<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/sandbox/sandbox</Arn><AssumedRoleId>sandbox:sandbox</AssumedRoleId></AssumedRoleUser></AssumeRoleResult>' +
  `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`;

const published = () =>
  `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></PublishResponse>`;

export const messageRoutes = ({ state }: Context): Route[] => [
  [
    'slack',
    'POST',
    /^\/slack$/,
    (_, { data, body }) => {
      state.messages.slack.push(data ?? body);
      return text('ok');
    },
  ],
  [
    'aws',
    'POST',
    /^\/$/,
    (_, { form }) => {
      if (form.get('Action') === 'AssumeRole') return xml(credentials());
      state.messages.sns.push(form.get('Message') ?? '');
      return xml(published());
    },
  ],
];
