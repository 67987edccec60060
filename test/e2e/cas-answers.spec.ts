import { FakePeer, type FakeAnswer } from '../support/fake-peer.js';
import { useTestApp } from '../support/test-app.js';

const settings: Record<string, string> = {};
let cas: FakePeer;
let answer: FakeAnswer;
beforeAll(async () => {
  cas = await FakePeer.start(() => answer);
  settings['cas.url'] = cas.url;
});
afterAll(() => cas.stop());
const app = useTestApp(settings);

const xml = (body: string): FakeAnswer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${body}</cas:serviceResponse>`,
});
const success = (attributes: string) =>
  `<cas:authenticationSuccess><cas:user>x</cas:user><cas:attributes>${attributes}</cas:attributes></cas:authenticationSuccess>`;
const OID = '<cas:oidHenkilo>1.2.246.562.24.99000000077</cas:oidHenkilo>';
const logIn = (given: FakeAnswer) => {
  answer = given;
  return app.anonymous.get('/cas/prequel?ticket=ST-1-abcdefgh');
};
const sessions = () => app.query('select * from spring_session');

it('asks for the constant address of the service, as every peer is asked', async () => {
  expect(await logIn(xml(success(OID)))).toMatchObject({ status: 200, text: 'ok' });
  const { path, headers } = cas.calls.at(-1)!;
  expect(new URL(path, cas.url).searchParams.get('service')).toBe(`${app.base}/j_spring_cas_security_check`);
  expect(headers['caller-id']).toBe('1.2.246.562.10.00000000001.oppijanumerorekisteri-service');
});

it.each<[string, FakeAnswer]>([
  ['a refusal', xml('<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>')],
  ['a refusal without words', xml('<cas:authenticationFailure code="INVALID_SERVICE"/>')],
  ['412', { status: 412 }],
])('refuses the ticket after %s', async (_name, given) => {
  expect(await logIn(given)).toMatchObject({ status: 401, text: '' });
});

it.each<[string, FakeAnswer]>([
  [
    'a page',
    { headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><html><body>Maintenance</body></html>' },
  ],
  ['nothing', { body: '' }],
  ['JSON', { body: { serviceResponse: { authenticationSuccess: { user: 'x' } } } }],
  ['404', { status: 404, body: 'no' }],
  ['400', { status: 400 }],
  ['204', { status: 204 }],
  ['a refusal with status 403', { ...xml('<cas:authenticationFailure code="INVALID_TICKET"/>'), status: 403 }],
  ['another document', { body: '<a/>' }],
  ['an empty document', xml('')],
  ['a login without content', xml('<cas:authenticationSuccess/>')],
  ['a login and a refusal', xml(`${success(OID)}<cas:authenticationFailure code="INVALID_TICKET"/>`)],
  ['two logins', xml(success(OID) + success(OID))],
  ['two persons', xml(success(OID + OID))],
  ['an unfinished login', { body: `<cas:serviceResponse>${success(OID)}` }],
  ['its own trouble', xml('<cas:authenticationFailure code="INTERNAL_ERROR">x</cas:authenticationFailure>')],
  ['bytes that are no text', { headers: { 'content-type': 'application/xml' }, body: Buffer.from([0xff, 0xfe, 0x80]) }],
  [
    'entities',
    {
      body: `<!DOCTYPE x [<!ENTITY o SYSTEM "file:///etc/passwd">]><cas:serviceResponse>${success('<cas:oidHenkilo>&o;</cas:oidHenkilo>')}</cas:serviceResponse>`,
    },
  ],
  ['depth', xml('<a>'.repeat(20_000) + '</a>'.repeat(20_000))],
])('says that CAS is to blame after %s: 502, logged, and nobody is logged in', async (_name, given) => {
  const before = await sessions();
  const lines = app.lines.length;
  const { status, headers } = await logIn(given);
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 502, type: 'text/html;charset=utf-8' });
  expect(headers.get('set-cookie')).toBeNull();
  expect(await sessions()).toEqual(before);
  const logged = app.lines.slice(lines).filter((line) => line.includes('CAS gives no judgement of a ticket: cas: '));
  expect(logged).toHaveLength(1);
  expect(app.lines.slice(lines).filter((line) => line.includes('ST-1-abcdefgh'))).toEqual([]);
});

it('does not go where CAS sends it', async () => {
  const elsewhere = await FakePeer.start(() => xml(success(OID)));
  expect(await logIn({ status: 302, headers: { location: `${elsewhere.url}/p3/proxyValidate` } })).toMatchObject({
    status: 502,
  });
  expect(elsewhere.calls).toEqual([]);
  await elsewhere.stop();
});

it.each<[string, FakeAnswer]>([
  ['breaks', { status: 503 }],
  ['hangs up', { cut: 'before' }],
  ['stops in the middle', { ...xml(success(OID)), cut: 'half' }],
  ['goes on for ever', { body: `<a>${'x'.repeat(5_000_000)}</a>` }],
])('answers 500 while CAS %s', async (_name, given) => {
  expect(await logIn(given)).toMatchObject({ status: 500 });
});
