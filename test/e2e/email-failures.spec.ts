import { createApp } from '../../src/app.setup.js';
import { readConfig } from '../../src/config/config.js';
import { EmailService } from '../../src/email/email.service.js';
import { ILMOITUS_OTSIKKO, toIlmoitusHtml } from '../../src/oppijat-tuonti/tuonti/tuonti-ilmoitus.html.js';
import { FakePeer, type FakeAnswer, type SeenCall } from '../support/fake-peer.js';
import { useTestApp } from '../support/test-app.js';

const settings: Record<string, string> = {};
let peer: FakePeer;
/** What the service answers to the next calls; afterwards it accepts. */
let failures: FakeAnswer[] = [];
/** Recipients of the messages that the service accepted, by key: a known key is not delivered again. */
const delivered = new Map<string, string[]>();

function viestinvalitys({ path, body }: SeenCall): FakeAnswer {
  if (path.startsWith('/cas/')) return { status: 500 };
  const failure = failures.shift();
  if (failure && failure.cut !== 'half') return failure;
  if (path.endsWith('/lahetykset')) return { ...failure, body: { lahetysTunniste: `l-${peer.calls.length}` } };
  const viesti = JSON.parse(body) as { idempotencyKey: string; vastaanottajat: { sahkopostiOsoite: string }[] };
  const { idempotencyKey: key, vastaanottajat } = viesti;
  if (!delivered.has(key)) delivered.set(key, vastaanottajat.map(({ sahkopostiOsoite }) => sahkopostiOsoite)); // prettier-ignore
  return { ...failure, body: { lahetysTunniste: 'l', viestiTunniste: 'v' } };
}

beforeAll(async () => {
  peer = await FakePeer.start(viestinvalitys);
  settings['viestinvalitys.baseurl'] = `${peer.url}/lahetys`;
  settings['cas.url'] = `${peer.url}/cas`;
});
const app = useTestApp(settings);
afterAll(() => peer.stop());
beforeEach(async () => {
  failures = [];
  delivered.clear();
  peer.calls.length = 0;
  await app.query('delete from queuedemail');
});

const NOW = new AbortController().signal;
const send = (signal = NOW) => app.nest.get(EmailService).sendDue(signal);
const addresses = (count: number, prefix = 'a') => Array.from({ length: count }, (_, n) => `${prefix}${n}@example.fi`);
const queue = (recipients: string[]) =>
  app.nest.get(EmailService).queue({ recipients, subject: 'Aihe', body: '<b>Hei</b>' });
const later = () => app.query(`update queuedemail set last_attempt = last_attempt - interval '10 minutes 1 second', modified = modified - interval '10 minutes 1 second'`); // prettier-ignore
const mails = () =>
  app.query<{ status: string; sent: number; key: string; fresh: boolean }>(
    `select queuedemailstatus_id as status, batch_sent as sent, idempotency_key::text as key,
            modified > now() - interval '1 minute' and last_attempt > now() - interval '1 minute' as fresh
       from queuedemail order by created, id`,
  );
const keys = () =>
  peer.calls.filter(({ path }) => path.endsWith('/viestit')).map(({ body }) => (JSON.parse(body) as { idempotencyKey: string }).idempotencyKey); // prettier-ignore

it.each<[string, FakeAnswer]>([
  ['answers 500', { status: 500 }],
  ['answers 404', { status: 404 }],
  ['answers 429', { status: 429 }],
  ['wants a login that CAS refuses', { status: 401 }],
  ['answers 201', { status: 201, body: { viestiTunniste: 'v', lahetysTunniste: 'l' } }],
  ['closes the connection', { cut: 'before' }],
  ['answers without an id', { body: {} }],
  ['answers no JSON', { body: '<html>' }],
  ['takes the message and loses its answer', { cut: 'half' }],
])('a mail is delivered once when the service first %s', async (_, failure) => {
  await queue(addresses(3));
  const [queued] = await mails();
  for (const step of [[failure], [{}, failure]].map((answers) =>
    answers.filter(({ status, cut, body }) => status || cut || body),
  )) {
    // prettier-ignore
    failures = [...step];
    expect(await send()).toEqual({ seen: 1, changed: 0, failed: 1 });
    expect(await mails()).toEqual([{ ...queued, fresh: true }]);
    expect(await send()).toEqual({ seen: 0, changed: 0, failed: 0 }); // not before ten minutes
    await later();
  }
  expect(await send()).toEqual({ seen: 1, changed: 1, failed: 0 });
  expect(await mails()).toEqual([{ ...queued, status: 'SENT', sent: 3, fresh: true }]);
  expect([...delivered.values()]).toEqual([addresses(3)]);
  expect(new Set(keys())).toEqual(new Set([queued!.key]));
  expect(app.lines.join('\n')).not.toContain('a0@example.fi');
});

it('a service that is down for an hour gets everything afterwards, each mail once and the oldest first', async () => {
  for (let n = 0; n < 23; n++) await queue([`hour${n}@example.fi`]);
  const before = (await mails()).map(({ key }) => key);
  for (let run = 0; run < 12; run++) {
    failures = Array.from({ length: 30 }, () => ({ status: 503 }));
    const { seen, failed } = await send();
    expect(failed).toBe(seen);
    await app.query(`update queuedemail set last_attempt = last_attempt - interval '5 minutes'`);
  }
  await later();
  failures = [];
  expect((await mails()).map(({ status, key }) => [status, key])).toEqual(before.map((key) => ['QUEUED', key]));
  for (const seen of [10, 10, 3, 0]) expect(await send()).toEqual({ seen, changed: seen, failed: 0 });
  expect([...delivered.values()].flat()).toEqual(Array.from({ length: 23 }, (_, n) => `hour${n}@example.fi`));
});

it('a message whose answer was lost is repeated with its key, and the next has another', async () => {
  await queue(addresses(1100));
  failures = [{ cut: 'half' }];
  await send();
  await later();
  failures = [{ body: { lahetysTunniste: 'l' } }, { cut: 'half' }];
  await send();
  await later();
  expect(await send()).toMatchObject({ changed: 1 });
  const [first, again, second, third, ...more] = keys();
  expect([again, more]).toEqual([first, []]);
  expect(new Set([first, second, third]).size).toBe(3);
  expect([...delivered.values()].map(({ length }) => length)).toEqual([512, 512, 76]);
  expect([...delivered.values()].flat()).toEqual(addresses(1100));
});

it.each([
  ['the dispatch', [], 0],
  ['the first message', [{ body: { lahetysTunniste: 'l' } }], 0],
  ['the second message', [{ body: { lahetysTunniste: 'l' } }, { body: { viestiTunniste: 'v' } }], 512],
])('a mail whose %s is refused with 400 is given up, others go on', async (_, before, sent) => {
  await queue(addresses(600));
  await queue(addresses(1, 'b'));
  failures = [...before, { status: 400 }];
  expect(await send()).toEqual({ seen: 2, changed: 1, failed: 1 });
  expect(await mails()).toMatchObject([
    { status: 'ERROR', sent, fresh: true },
    { status: 'SENT', sent: 1 },
  ]);
  await later();
  expect(await send()).toEqual({ seen: 0, changed: 0, failed: 0 });
});

it('several processes send each mail once', async () => {
  const others = await Promise.all([0, 1].map(() => createApp(readConfig({ ...app.settings, PORT: '0' }))));
  await Promise.all(others.map((other) => other.init()));
  try {
    for (let n = 0; n < 24; n++) await queue([`p${n}@example.fi`]);
    const services = [app.nest, ...others].map((process) => process.get(EmailService));
    const results = await Promise.all(services.map((service) => service.sendDue(NOW)));
    expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBe(24);
    expect(keys()).toHaveLength(24);
    expect([...delivered.values()].flat().sort()).toEqual(Array.from({ length: 24 }, (_, n) => `p${n}@example.fi`).sort()); // prettier-ignore
  } finally {
    await Promise.all(others.map((other) => other.close()));
  }
});

it('a process that was left behind neither repeats nor undoes what another one has sent', async () => {
  await queue(addresses(600));
  const service = app.nest.get(EmailService);
  let takeOver: Promise<unknown> | undefined;
  peer.handle = (call) => {
    const answer = viestinvalitys(call);
    if (call.path.endsWith('/viestit') && !takeOver) {
      takeOver = later().then(() => service.sendDue(NOW)); // ten minutes pass before the first sender has its answer
      return { ...answer, delayMs: 500 };
    }
    return answer;
  };
  try {
    expect(await send()).toEqual({ seen: 1, changed: 0, failed: 1 });
    expect(await takeOver).toEqual({ seen: 1, changed: 1, failed: 0 });
  } finally {
    peer.handle = viestinvalitys;
  }
  expect([...delivered.values()].map(({ length }) => length)).toEqual([512, 88]);
  expect(await mails()).toMatchObject([{ status: 'SENT', sent: 600 }]);
});

it('a run that is to end leaves the other mails for the next', async () => {
  for (let n = 0; n < 3; n++) await queue([`s${n}@example.fi`]);
  const stop = new AbortController();
  peer.handle = (call) => {
    if (call.path.endsWith('/viestit')) stop.abort();
    return viestinvalitys(call);
  };
  try {
    expect(await send(stop.signal)).toEqual({ seen: 1, changed: 1, failed: 0 });
  } finally {
    peer.handle = viestinvalitys;
  }
  expect(await send()).toMatchObject({ changed: 2 });
});

it('the mail about an import has its text, with the address escaped', () => {
  expect(ILMOITUS_OTSIKKO).toBe('Virkailijan opintopolku: oppijoiden tuonti suoritettu');
  const html = toIlmoitusHtml('https://virkailija.example.fi/henkilo-ui/oppijoidentuonti?a="<b>&c');
  const href = 'https://virkailija.example.fi/henkilo-ui/oppijoidentuonti?a=&quot;&lt;b&gt;&amp;c';
  expect(html).toMatch(/^<!doctype html>\n<html lang="fi">/);
  for (const part of [
    '<meta charset="utf-8">',
    `<title>${ILMOITUS_OTSIKKO}</title>`,
    'background: #F6F4F0;',
    `<h3>${ILMOITUS_OTSIKKO}</h3>`,
    '<p>Hei,</p>',
    'oppijat on käsitelty, mutta kaikkia ei onnistuttu yksilöimään.',
    `Voitte korjata virheet käyttöliittymästä: <a href="${href}">${href}</a>`,
    'alt="Opetushallitus"',
  ])
    expect(html).toContain(part);
  expect(html.match(/<(div|p|h3|a|body|html|head|style|title)\b/g)).toHaveLength(html.match(/<\/\w+>/g)!.length);
});
