import { FakePeer, type FakeAnswer } from '../support/fake-peer.js';
import { createHenkilo } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

type Service = 'ataru' | 'hakuapp';
type Answers = Record<Service, (oids: string[]) => FakeAnswer | Promise<FakeAnswer>>;

const TIMEOUT_MS = 1500;
const settings: Record<string, string> = { ONR_APPLICATIONS_TIMEOUT_MS: String(TIMEOUT_MS) };
const peers = {} as Record<Service, FakePeer>;
let answers: Answers;
const GOOD: Answers = {
  ataru: (oids) => ({ body: oids.map((henkiloOid) => ({ henkiloOid, oid: `a-${henkiloOid}` })) }),
  hakuapp: (oids) => ({ body: Object.fromEntries(oids.map((oid) => [oid, [{ oid: `h-${oid}` }]])) }),
};
const other = (service: Service): Service => (service === 'ataru' ? 'hakuapp' : 'ataru');

beforeAll(async () => {
  for (const [service, setting] of [['ataru', 'ataru.baseurl'], ['hakuapp', 'haku-app.baseurl']] as const) {
    peers[service] = await FakePeer.start(({ body }) => answers[service](JSON.parse(body || '[]') as string[]));
    settings[setting] = peers[service].url;
  }
}); // prettier-ignore
const app = useTestApp(settings);
afterAll(() => Promise.all(Object.values(peers).map((peer) => peer.stop())));
beforeEach(() => {
  answers = { ...GOOD };
  for (const peer of Object.values(peers)) peer.calls.length = 0;
});

const keeper = () => app.as(rekisterinpitaja);
const errors = () => app.lines.filter((line) => line.includes('ERROR') && line.includes('Applications are missing'));
const services = (rows: { hakemusData: { service: string } }[]) => rows.map(({ hakemusData }) => hakemusData.service);
const names = { etunimet: 'Hilla', kutsumanimi: 'Hilla', sukunimi: 'Hakijainen', syntymaaika: '2001-02-03' };
let asked: string;
let found: string;
beforeAll(async () => {
  [asked, found] = [await createHenkilo(app, names), await createHenkilo(app, names)];
});

/** Applications that GET …/duplicates and GET …/hakemukset give, as their services. */
async function shown() {
  const duplicates = await keeper().get(`/henkilo/${asked}/duplicates`);
  const hakemukset = await keeper().get(`/henkilo/${found}/hakemukset`);
  expect([duplicates.status, hakemukset.status]).toEqual([200, 200]);
  const [row, ...more] = duplicates.body as { oidHenkilo: string; hakemukset: [] }[];
  expect([row!.oidHenkilo, more]).toEqual([found, []]);
  return [services(row!.hakemukset), services(hakemukset.body as [])];
}

const NAMES: Record<Service, string> = { ataru: 'ataru', hakuapp: 'haku-app' };
const SECRET = '010190-900P';
const failures: [string, FakeAnswer][] = [
  ['answers 500', { status: 500, body: SECRET }],
  ['answers 201', { status: 201, body: [] }],
  ['redirects elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ['closes the connection', { cut: 'before' }],
  ['closes the connection in the middle', { cut: 'half', body: '[{"henkiloOid":"x"}]' }],
  ['does not answer', { delayMs: 60_000 }],
  ['never ends its answer', { body: '[', headers: { 'content-length': '100' } }],
  ['answers half of a document', { body: `{"${SECRET}": [{"a": 1` }],
  ['answers a page', { body: `<html>${SECRET}</html>` }],
  ['answers nothing', { body: '' }],
  ['answers null', { body: 'null' }],
  ['answers a text', { body: JSON.stringify(SECRET) }],
  ['answers bytes that are no text', { body: Buffer.from([0x5b, 0xff, 0x5d]) }],
  ['answers more than it may', { body: `[${' '.repeat(21_000_000)}]` }],
];
const wrongShapes: [Service, string, (oids: string[]) => FakeAnswer][] = [
  ['ataru', 'an object', () => ({ body: {} })],
  ['ataru', 'a list of numbers', () => ({ body: [1] })],
  ['ataru', 'a list with null', ([oid]) => ({ body: [{ henkiloOid: oid }, null] })],
  ['ataru', 'an application of nobody', ([oid]) => ({ body: [{ henkiloOid: oid }, { oid: 'x' }] })],
  ['ataru', 'an application of a number', () => ({ body: [{ henkiloOid: 1 }] })],
  ['hakuapp', 'a list', () => ({ body: [] })],
  ['hakuapp', 'null for a person', ([oid]) => ({ body: { [oid!]: null } })],
  ['hakuapp', 'an object for a person', ([oid]) => ({ body: { [oid!]: { a: 1 } } })],
  ['hakuapp', 'null for an application', ([oid]) => ({ body: { [oid!]: [null] } })],
  ['hakuapp', 'a text for an application', ([oid]) => ({ body: { [oid!]: ['x'] } })],
  ['hakuapp', 'a list for an application', ([oid]) => ({ body: { [oid!]: [['x']] } })],
];

describe.each<Service>(['ataru', 'hakuapp'])('applications while %s', (service) => {
  it.each(failures)('%s are those of the other one, and the log tells', async (_, answer) => {
    answers[service] = () => answer;
    const before = errors().length;
    expect(await shown()).toEqual([[NAMES[other(service)]], [NAMES[other(service)]]]);
    const logged = errors().slice(before);
    expect(logged).toHaveLength(2);
    for (const line of logged) expect(line).toContain(`${service}: `);
    expect(logged.join()).not.toContain(SECRET);
    expect(logged.join()).not.toContain(found);
  });
});

it.each(wrongShapes)('applications are those of the other one when %s answers %s', async (service, _, answer) => {
  answers[service] = answer;
  const before = errors().length;
  expect(await shown()).toEqual([[NAMES[other(service)]], [NAMES[other(service)]]]);
  expect(errors()).toHaveLength(before + 2);
});

it('no applications are shown when both fail, each with a line in the log', async () => {
  answers = { ataru: () => ({ status: 500 }), hakuapp: () => ({ cut: 'before' }) };
  const before = errors().length;
  expect(await shown()).toEqual([[], []]);
  expect(errors()).toHaveLength(before + 4);
});

it('both services are asked at once: each of them answers only when the other one has been asked, too', async () => {
  const ask: Record<string, () => void> = {};
  const asked = ['ataru', 'hakuapp'].map((name) => new Promise<void>((resolve) => (ask[name] = resolve)));
  const whenBothAreAsked = async (name: Service, answer: FakeAnswer | Promise<FakeAnswer>) => {
    ask[name]!();
    await Promise.all(asked);
    return answer;
  };
  answers = {
    ataru: (oids) => whenBothAreAsked('ataru', GOOD.ataru(oids)),
    hakuapp: (oids) => whenBothAreAsked('hakuapp', GOOD.hakuapp(oids)),
  };
  const { body } = await keeper().get(`/henkilo/${found}/hakemukset`);
  expect(services(body as [])).toEqual(['haku-app', 'ataru']);
});

it('other requests go on while many wait for a service that does not answer', async () => {
  answers.ataru = () => ({ delayMs: 60_000 });
  const waiting = Array.from({ length: 30 }, () => keeper().get(`/henkilo/${asked}/duplicates`));
  await new Promise((resolve) => setTimeout(resolve, 300));
  let ended = 0;
  for (const one of waiting) void one.then(() => ended++);
  expect((await keeper().get(`/henkilo/${found}`)).status).toBe(200);
  expect(ended).toBeLessThan(waiting.length);
  for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
});

it('an application is given as it came, only its service is named', async () => {
  const application = `{"henkiloOid":"x","service":"lie","constructor":{"a":[{"b":null}]},"big":12345678901234567890,"tiny":0.1,"text":"ä\\u2028😀"}`;
  answers = { ataru: () => ({ body: `[${application}]` }), hakuapp: () => ({ body: {} }) };
  const { text } = await keeper().get(`/henkilo/${found}/hakemukset`);
  expect(text).toContain('"big":12345678901234567890');
  expect(JSON.parse(text)).toEqual([{ hakemusData: { ...(JSON.parse(application) as object), service: 'ataru' } }]);
});

it('one thousand persons are asked of Ataru at most, all of haku-app', async () => {
  await app.query(
    `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, passivoitu, duplicate)
     select nextval('hibernate_sequence'), 0, '1.2.246.562.24.' || (80000000000 + n), 'Moni', 'Moni', 'Samanniminen', false, false
       from generate_series(1, 1001) n`,
  );
  const path = '/henkilo/duplikaatit?etunimet=Moni&kutsumanimi=Moni&sukunimi=Samanniminen';
  const { body } = await keeper().get(path);
  const rows = body as { oidHenkilo: string; hakemukset: [] }[];
  expect(rows).toHaveLength(1001);
  const sent = (service: Service) => JSON.parse(peers[service].calls.at(-1)!.body) as string[];
  expect(sent('hakuapp')).toEqual(rows.map(({ oidHenkilo }) => oidHenkilo));
  expect(sent('ataru')).toEqual(sent('hakuapp').slice(0, 1000));
  expect(services(rows[999]!.hakemukset)).toEqual(['haku-app', 'ataru']);
  expect(services(rows[1000]!.hakemukset)).toEqual(['haku-app']);
});
