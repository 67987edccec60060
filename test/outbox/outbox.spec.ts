import { setTimeout as sleep } from 'node:timers/promises';
import { Test, type TestingModule } from '@nestjs/testing';
import { readConfig } from '../../src/config/config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { Patience } from '../../src/common/work.js';
import { Database } from '../../src/database/database.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { runInRequest, type RequestContext } from '../../src/http/request-context.js';
import { IntegrationsModule } from '../../src/integrations/integrations.module.js';
import { HenkiloModifiedOutbox } from '../../src/outbox/henkilo-modified.outbox.js';
import { OutboxModule } from '../../src/outbox/outbox.module.js';
import { OutboxPublisher } from '../../src/outbox/outbox.publisher.js';
import { OutboxMessage } from '../../src/outbox/outbox-message.entity.js';
import { Child } from '../support/child.js';
import { eventually as waitUntil } from '../support/eventually.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { FakePeer, type FakeAnswer } from '../support/fake-peer.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TAKEN: FakeAnswer = {
  headers: { 'content-type': 'text/xml' },
  body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
};
const REQUEST = {
  patience: new Patience(20_000),
  isAbandoned: () => false,
  waits: () => undefined,
  headers: {},
} as unknown as RequestContext;

/** Leases that do not end on a busy machine. */
const PATIENT = { ONR_OUTBOX_LEASE_MS: '20000', ONR_OUTBOX_WAIT_MS: '20000' };

let database: TestDatabase;
let sns: FakePeer;
const apps: TestingModule[] = [];
const children: Child[] = [];

beforeEach(async () => {
  [database, sns] = await Promise.all([createTestDatabase(), FakePeer.start(() => TAKEN)]);
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await Promise.all(children.splice(0).map((child) => child.signal('SIGKILL')));
  await sns.stop();
  await database.drop();
});

const settings = (more: Record<string, string> = {}) => ({
  DATABASE_URL: database.url,
  'aws.endpoint': sns.url,
  'aws.henkiloModifiedTopic.enabled': 'true',
  'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
  ONR_OUTBOX_LEASE_MS: '400',
  ONR_OUTBOX_POLL_MS: '50',
  ...more,
});

async function start(more: Record<string, string> = {}): Promise<TestingModule> {
  const config = ConfigModule.of(readConfig(settings(more)));
  const imports = [config, DatabaseModule.forRoot([OutboxMessage]), IntegrationsModule, OutboxModule];
  const app = await Test.createTestingModule({ imports }).compile();
  apps.push(await app.init());
  return app;
}

function child(messages: string, more: Record<string, string> = {}): Child {
  const started = Child.start('outbox-writer.ts', { ...settings(more), MESSAGES: messages });
  children.push(started);
  return started;
}

const change = (app: TestingModule, ...oids: string[]) =>
  runInRequest(REQUEST, () => app.get(Database).transaction(async () => app.get(HenkiloModifiedOutbox).add(oids)));
/** OIDs that the topic was told of, in order. */
const told = () =>
  sns.calls.map(
    ({ body }) => (JSON.parse(new URLSearchParams(body).get('Message')!) as { oidHenkilo: string }).oidHenkilo,
  );
const left = async (app: TestingModule) => (await app.get(Database).query('select 1 from onr_outbox')).length;

const eventually = (isSo: () => boolean | Promise<boolean>) =>
  waitUntil(isSo, { tell: () => `told: ${told().join(' ')}` });

it('has told the topic in order by the time that a request is answered, and keeps nothing', async () => {
  const app = await start();
  await change(app, 'person', 'slave1', 'slave2', 'person');
  expect(told()).toEqual(['person', 'slave1', 'slave2', 'person']);
  expect(new URLSearchParams(sns.calls[0]!.body).get('TopicArn')).toBe('arn:aws:sns:eu-west-1:1:henkilo');
  expect(sns.calls[0]!.body).toContain(encodeURIComponent('{"oidHenkilo":"person"}'));
  await eventually(async () => (await left(app)) === 0);
});

it('tells of many persons of one transaction side by side, of each in order', async () => {
  const app = await start(PATIENT);
  const running = new Map<string, number>();
  let most = 0;
  sns.handle = ({ body }) => {
    const oid = new URLSearchParams(body).get('Message')!;
    running.set(oid, (running.get(oid) ?? 0) + 1);
    most = Math.max(most, ...running.values());
    setTimeout(() => running.set(oid, running.get(oid)! - 1), 9);
    return { ...TAKEN, delayMs: 10 };
  };
  await change(app, ...Array.from({ length: 100 }, (_, i) => `p${i % 40}`));
  expect([told().length, new Set(told()).size, most]).toEqual([100, 40, 1]);
});

it('collects what one transaction adds in several places', async () => {
  const app = await start();
  const [db, outbox] = [app.get(Database), app.get(HenkiloModifiedOutbox)];
  await runInRequest(REQUEST, () =>
    db.transaction(async () => {
      outbox.add(['a']);
      await db.transaction(async () => outbox.add(['b']));
      outbox.add(['c']);
    }),
  );
  expect(told()).toEqual(['a', 'b', 'c']);
});

it('tells beside each other what has nothing to do with each other, each list in order', async () => {
  const app = await start();
  const [db, outbox] = [app.get(Database), app.get(HenkiloModifiedOutbox)];
  sns.handle = ({ body }) => ({ ...TAKEN, delayMs: body.includes('slow') ? 200 : 5 });
  const lists = [
    ['slow', 'b'],
    ['c', 'd'],
  ];
  await runInRequest(REQUEST, () => db.transaction(async () => outbox.addEach(lists)));
  expect(told().slice(0, 2).sort()).toEqual(['c', 'slow']);
  expect(told().slice(2)).toEqual(['d', 'b']);
});

it('tells one after the other where a person is in two lists', async () => {
  const app = await start();
  const [db, outbox] = [app.get(Database), app.get(HenkiloModifiedOutbox)];
  await runInRequest(REQUEST, () => db.transaction(async () => outbox.addEach([['a', 'b'], ['b'], ['c']])));
  expect(told()).toEqual(['a', 'b', 'b', 'c']);
});

it('tells nothing of a change that was rolled back', async () => {
  const app = await start();
  const [db, outbox] = [app.get(Database), app.get(HenkiloModifiedOutbox)];
  const failing = db.transaction(async () => {
    outbox.add(['a']);
    await Promise.reject(new Error('no'));
  });
  await expect(failing).rejects.toThrow('no');
  await change(app, 'b');
  expect(told()).toEqual(['b']);
});

it('stores nothing when the topic is off', async () => {
  const app = await start({ 'aws.henkiloModifiedTopic.enabled': 'false' });
  await change(app, 'a');
  expect([told(), await left(app)]).toEqual([[], 0]);
});

it('answers while the topic is down and tells it everything afterwards, each person in order', async () => {
  const app = await start();
  let down = true;
  const kept: string[] = [];
  sns.handle = ({ body }) => {
    if (down)
      return {
        status: 400,
        body: '<ErrorResponse><Error><Code>AuthorizationError</Code></Error></ErrorResponse>',
        headers: { 'content-type': 'text/xml' },
      };
    kept.push((JSON.parse(new URLSearchParams(body).get('Message')!) as { oidHenkilo: string }).oidHenkilo);
    return TAKEN;
  };
  for (let i = 0; i < 20; i++) await change(app, 'a', `b${i}`);
  expect(await left(app)).toBe(40);
  down = false;
  await eventually(async () => (await left(app)) === 0);
  expect(kept.filter((oid) => oid === 'a')).toHaveLength(20);
  expect(kept.filter((oid) => oid !== 'a').sort()).toEqual(Array.from({ length: 20 }, (_, i) => `b${i}`).sort());
});

it('does not keep a client waiting for a slow topic', async () => {
  const app = await start({ ONR_OUTBOX_WAIT_MS: '100', ONR_OUTBOX_LEASE_MS: '120000' });
  sns.handle = () => ({ ...TAKEN, delayMs: 8_000 });
  await change(app, 'a');
  expect(await left(app)).toBe(1); // not told yet
  await eventually(async () => (await left(app)) === 0);
  expect(told()).toEqual(['a']);
});

it('lets a job go on and settles at its end', async () => {
  const app = await start(PATIENT);
  sns.handle = () => ({ ...TAKEN, delayMs: 30 });
  const [db, outbox] = [app.get(Database), app.get(HenkiloModifiedOutbox)];
  for (let i = 0; i < 10; i++) await db.transaction(async () => outbox.add([`a${i}`]));
  await app.get(OutboxPublisher).settle(5_000);
  expect(told()).toHaveLength(10);
  expect(await left(app)).toBe(0);
});

it('shares what is left between processes, telling of each person one message after the other', async () => {
  const oids = Array.from({ length: 300 }, (_, i) => `p${i % 30}`);
  const writer = await start(PATIENT);
  await writer
    .get(Database)
    .execute(
      `insert into onr_outbox (topic, henkilo_oid, body) select 'henkilo-modified', oid, jsonb_build_object('oidHenkilo', oid) from unnest($1::text[]) oid`,
      [oids],
    );
  const running = new Set<string>();
  let overlaps = 0;
  sns.handle = ({ body }) => {
    const oid = new URLSearchParams(body).get('Message')!;
    if (running.has(oid)) overlaps++;
    running.add(oid);
    setTimeout(() => running.delete(oid), 9);
    return { ...TAKEN, delayMs: 10 };
  };
  await Promise.all([start(PATIENT), start(PATIENT)]);
  await eventually(async () => (await left(writer)) === 0);
  expect([told().length, overlaps]).toEqual([300, 0]);
});

it('tells once although the database is away when the told message is to be removed', async () => {
  const proxy = await DatabaseProxy.start(database.url);
  const app = await start({ ...PATIENT, DATABASE_URL: proxy.url });
  await change(app, 'a');
  proxy.refuse(true);
  await sleep(1_000);
  proxy.refuse(false);
  await eventually(async () => (await left(app).catch(() => 1)) === 0);
  expect([told(), await left(app)]).toEqual([['a'], 0]);
  await proxy.stop();
});

it('loses nothing when the process is killed between commit and publish', async () => {
  sns.handle = () => ({ ...TAKEN, delayMs: 60_000 });
  const first = child('1.2.3,1.2.4');
  await first.until(/^committed$/);
  await first.signal('SIGKILL');
  sns.handle = () => TAKEN;
  sns.calls.length = 0;
  const second = child('');
  await second.until(/^ready$/);
  await eventually(() => told().length >= 2);
  expect(told()).toEqual(['1.2.3', '1.2.4']);
});
