import { PeerError } from '../../src/common/errors.js';
import { readConfig } from '../../src/config/config.js';
import { HenkiloModifiedTopic } from '../../src/integrations/sns/henkilo-modified.topic.js';
import { FakePeer, type FakeAnswer } from '../support/fake-peer.js';

const XML = { 'content-type': 'text/xml' };
const assumed = (lastsMs: number) => ({
  headers: XML,
  body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>AKIATEST</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${new Date(Date.now() + lastsMs).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
});
const TAKEN: FakeAnswer = { headers: XML, body: '<PublishResponse/>' };

let aws: FakePeer;
beforeEach(async () => {
  aws = await FakePeer.start();
});
afterEach(() => aws.stop());

const topic = (more: Record<string, string> = {}) =>
  new HenkiloModifiedTopic(
    readConfig({
      'aws.endpoint': aws.url,
      'aws.henkiloModifiedTopic.enabled': 'true',
      'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
      ...more,
    }),
  );
/** A stand-in that gives credentials for so long, and the answers of the topic. */
function answer(lastsMs: number, publish: () => FakeAnswer): void {
  aws.handle = ({ body }) => (body.includes('Action=AssumeRole') ? assumed(lastsMs) : publish());
}
const role = { 'aws.opintopolkuRoleArn': 'arn:aws:iam::1:role/sns' };
const asked = () => aws.calls.filter(({ body }) => body.includes('Action=AssumeRole'));

it('gets the message of the reference, signed as the role, whose credentials are asked for once', async () => {
  answer(3_600_000, () => TAKEN);
  const henkilot = topic(role);
  await Promise.all([henkilot.publish('1.2.246.562.24.1'), henkilot.publish('1.2.246.562.24.2')]);
  expect(asked().map(({ body }) => new URLSearchParams(body).get('RoleSessionName'))).toEqual([
    'onr-henkilo-modified-sns-publish',
  ]);
  const { headers, body } = aws.calls.at(-1)!;
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: 'arn:aws:sns:eu-west-1:1:henkilo',
    Message: '{"oidHenkilo":"1.2.246.562.24.2"}',
  });
  expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/eu-west-1\/sns\/aws4_request, /);
  expect(headers['x-amz-security-token']).toBe('token');
});

it('asks for new credentials when the old ones are about to end', async () => {
  answer(60_000, () => TAKEN);
  const henkilot = topic(role);
  for (let i = 0; i < 3; i++) await henkilot.publish('1.2.3');
  expect(asked()).toHaveLength(3);
});

it('is tried four times while it answers 5xx', async () => {
  let left = 3;
  answer(0, () => (left-- > 0 ? { status: 503 } : TAKEN));
  await topic().publish('1.2.3');
  expect(aws.calls).toHaveLength(4);
});

it('tells why it refuses, and nothing of the credentials', async () => {
  const body =
    '<ErrorResponse><Error><Code>AuthorizationError</Code><Message>AKIATEST</Message></Error></ErrorResponse>';
  answer(3_600_000, () => ({ status: 403, headers: XML, body }));
  const error = await topic(role)
    .publish('1.2.3')
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PeerError);
  expect(String(error)).toBe('PeerError: sns: publish answered 403 (AuthorizationError)');
});

it('gives an error when the role is refused, and asks again the next time', async () => {
  aws.handle = ({ body }) =>
    body.includes('AssumeRole') ? { status: 403, headers: XML, body: '<ErrorResponse/>' } : TAKEN;
  const henkilot = topic(role);
  await expect(henkilot.publish('1.2.3')).rejects.toMatchObject({ peer: 'sts' });
  answer(3_600_000, () => TAKEN);
  await henkilot.publish('1.2.3');
});

it.each([
  ['nothing', ''],
  ['something else', '<html>maintenance</html>'],
])('takes 200 with %s for a message that was not taken', async (_, body) => {
  answer(3_600_000, () => ({ headers: XML, body }));
  await expect(topic(role).publish('1.2.246.562.24.1')).rejects.toThrow('sns: publish answered 200 (no code)');
});
