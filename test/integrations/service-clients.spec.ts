import { PeerError } from '../../src/common/errors.js';
import { readConfig } from '../../src/config/config.js';
import { AtaruClient } from '../../src/integrations/ataru/ataru.client.js';
import { HakuappClient } from '../../src/integrations/hakuapp/hakuapp.client.js';
import { HttpClient } from '../../src/integrations/http.client.js';
import { SlackClient } from '../../src/integrations/slack/slack.client.js';
import {
  MessageRefusedError,
  ViestinvalitysClient,
} from '../../src/integrations/viestinvalitys/viestinvalitys.client.js';
import { FakePeer, inTurn, type FakeAnswer } from '../support/fake-peer.js';

let peer: FakePeer;
beforeEach(async () => {
  peer = await FakePeer.start();
});
afterEach(() => peer.stop());
const config = (more: Record<string, string> = {}) =>
  readConfig({
    'virkailija.baseurl': peer.url,
    'authentication.ataru.username': 'ataru user',
    'authentication.ataru.password': 'p&w',
    ...more,
  });

/** A service behind CAS: without the cookie of a login it answers `refusal`. */
function guarded(answer: () => FakeAnswer, refusal: FakeAnswer) {
  peer.handle = ({ method, path, headers }) => {
    if (path === '/cas/v1/tickets')
      return { status: 201, headers: { location: `${peer.url}/cas/v1/tickets/TGT-1` }, delayMs: 20 };
    if (path === '/cas/v1/tickets/TGT-1') return { body: 'ST-1' };
    if (method === 'GET')
      return {
        status: 302,
        headers: { location: '/', 'set-cookie': ['session=abc; Path=/x; HttpOnly', 'old=; Max-Age=0'] },
      };
    return headers.cookie?.includes('session=abc') ? answer() : refusal;
  };
}

describe('a service behind CAS', () => {
  it.each([
    ['401', { status: 401 }],
    ['a redirect to the login', { status: 302, headers: { location: 'https://virkailija/cas/login?service=x' } }],
  ])('is logged in to once when it answers %s, however many calls meet it', async (_, refusal) => {
    guarded(() => ({ body: [] }), refusal);
    const ataru = new AtaruClient(config());
    await Promise.all(Array.from({ length: 5 }, () => ataru.findApplications(['1.2.3'])));
    await ataru.findApplications(['1.2.3']);
    const other = peer.calls.filter(({ path }) => !path.includes('/onr/'));
    expect(other.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/cas/v1/tickets', 'username=ataru+user&password=p%26w'],
      ['POST', '/cas/v1/tickets/TGT-1', `service=${encodeURIComponent(`${peer.url}/lomake-editori/auth/cas`)}`],
      ['GET', '/lomake-editori/auth/cas?ticket=ST-1', ''],
    ]);
    expect(peer.calls.at(-1)!.headers.cookie).toBe('CSRF=CSRF; session=abc');
    expect(peer.calls).toHaveLength(3 + 5 + 5 + 1);
  });

  it('is asked twice at most', async () => {
    guarded(() => ({ status: 401 }), { status: 401 });
    await expect(new AtaruClient(config()).findApplications(['1.2.3'])).rejects.toMatchObject({
      peer: 'ataru',
      status: 401,
    });
    expect(peer.calls.filter(({ path }) => path.includes('/onr/'))).toHaveLength(2);
  });

  it.each([
    ['a refused password', '/cas/v1/tickets', { status: 401 }],
    ['a refused ticket', '/cas/v1/tickets/TGT-1', { status: 400 }],
  ])('gives an error without secrets for %s', async (_, path, refusal) => {
    guarded(() => ({ body: [] }), { status: 401 });
    const handle = peer.handle;
    peer.handle = (call) => (call.path === path ? refusal : handle(call));
    const error = await new AtaruClient(config()).findApplications(['1.2.3']).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PeerError);
    expect(String(error)).not.toMatch(/TGT|ST-|p&w|p%26w/);
  });
});

describe('applications', () => {
  it('of Ataru come by person, asked for 1 000 persons at most', async () => {
    peer.handle = () => ({
      body: [
        { henkiloOid: 'b', n: 1 },
        { henkiloOid: 'a', n: 2 },
        { henkiloOid: 'b', n: 3 },
      ],
    });
    const found = await new AtaruClient(config()).findApplications(Array.from({ length: 1500 }, (_, i) => String(i)));
    expect([...found]).toEqual([
      [
        'b',
        [
          { henkiloOid: 'b', n: 1, service: 'ataru' },
          { henkiloOid: 'b', n: 3, service: 'ataru' },
        ],
      ],
      ['a', [{ henkiloOid: 'a', n: 2, service: 'ataru' }]],
    ]);
    expect(peer.lines).toEqual(['POST /lomake-editori/api/external/onr/applications']);
    expect(JSON.parse(peer.calls[0]!.body)).toHaveLength(1000);
  });

  it('of haku-app come by person', async () => {
    peer.handle = () => ({ body: { a: [{ oid: 'x' }], b: [] } });
    const found = await new HakuappClient(config()).findApplications(['a', 'b']);
    expect([...found]).toEqual([
      ['a', [{ oid: 'x', service: 'haku-app' }]],
      ['b', []],
    ]);
    expect(peer.lines).toEqual(['POST /haku-app/applications/byPersonOid']);
    expect(peer.calls[0]!.body).toBe('["a","b"]');
  });

  it('of nobody are not asked for', async () => {
    expect([
      ...(await new AtaruClient(config()).findApplications([])),
      ...(await new HakuappClient(config()).findApplications([])),
    ]).toEqual([]);
    expect(peer.calls).toEqual([]);
  });

  it.each([
    ['500', { status: 500 }],
    ['204', { status: 204 }],
    ['a page', { body: '<html>' }],
    ['something else', { body: [1] }],
    ['null', { body: 'null' }],
  ])('are an error for %s', async (_, answer) => {
    peer.handle = () => answer;
    await expect(new AtaruClient(config()).findApplications(['a'])).rejects.toBeInstanceOf(PeerError);
    await expect(new HakuappClient(config()).findApplications(['a'])).rejects.toBeInstanceOf(PeerError);
  });
});

describe('viestinvälitys', () => {
  const viesti = {
    lahetysTunniste: 'l',
    vastaanottajat: ['a@example.fi', 'b@example.fi'],
    otsikko: 'o',
    sisalto: '<b>s</b>',
    idempotencyKey: 'k',
  };

  it('takes a dispatch and a message', async () => {
    peer.handle = inTurn({ body: { lahetysTunniste: 'l' } }, { body: { lahetysTunniste: 'l', viestiTunniste: 'v' } });
    const client = new ViestinvalitysClient(config());
    expect([await client.luoLahetys({ otsikko: 'o', replyTo: null }), await client.luoViesti(viesti)]).toEqual([
      'l',
      'v',
    ]);
    expect(peer.lines).toEqual(['POST /lahetys/v1/lahetykset', 'POST /lahetys/v1/viestit']);
    expect(JSON.parse(peer.calls[0]!.body)).toEqual({
      otsikko: 'o',
      lahettavaPalvelu: 'oppijanumerorekisteri',
      lahettavanVirkailijanOid: null,
      lahettaja: { nimi: 'Opetushallitus', sahkopostiOsoite: 'noreply@opintopolku.fi' },
      replyTo: null,
      prioriteetti: 'normaali',
      sailytysaika: 365,
    });
    expect(JSON.parse(peer.calls[1]!.body)).toMatchObject({
      idempotencyKey: 'k',
      vastaanottajat: [
        { nimi: null, sahkopostiOsoite: 'a@example.fi' },
        { nimi: null, sahkopostiOsoite: 'b@example.fi' },
      ],
    });
  });

  it('refuses for good with 400 and for now with everything else', async () => {
    const client = new ViestinvalitysClient(config());
    for (const [answer, refused] of [
      [{ status: 400 }, true],
      [{ status: 503 }, false],
      [{ status: 201, body: {} }, false],
      [{ body: {} }, false],
    ] as const) {
      peer.handle = () => answer;
      const error = await client.luoViesti(viesti).catch((e: unknown) => e);
      expect([error instanceof PeerError, error instanceof MessageRefusedError]).toEqual([true, refused]);
    }
  });
});

describe('Slack', () => {
  const slack = () => new SlackClient(config({ slack_webhook_url: `${peer.url}/slack` }));

  it('gets the alert with henkilötunnukset masked', async () => {
    peer.handle = () => ({ status: 200, body: 'ok' });
    await slack().send('Virhe VTJ-muutostietojen haussa', 'no 010190-900P');
    expect(peer.calls[0]!.headers['content-type']).toBe('application/json');
    expect(JSON.parse(peer.calls[0]!.body)).toEqual({
      text: ':wave: Oppijanumerorekisteri notification :wave:',
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: ':wave: Oppijanumerorekisteri notification :wave:', emoji: true },
        },
        { type: 'section', text: { type: 'mrkdwn', text: 'Virhe VTJ-muutostietojen haussa: ```no 010190-****```' } },
      ],
    });
  });

  it.each([[{ status: 500 }], [{ cut: 'before' as const }]])('stops nothing when it fails with %j', async (answer) => {
    peer.handle = () => answer;
    await slack().send('x');
    expect(peer.calls).toHaveLength(1);
  });
});

describe('any call', () => {
  it('ends when the answer takes too long, or its end never comes', async () => {
    const http = new HttpClient({ peer: 'slow', timeoutMs: 200, connectTimeoutMs: 100 });
    peer.handle = () => ({ body: 'x', delayMs: 5_000 });
    await expect(http.send(peer.url, { operation: 'x' })).rejects.toBeInstanceOf(PeerError);
    peer.handle = () => ({ body: 'x', headers: { 'content-length': '1000' } });
    await expect(http.send(peer.url, { operation: 'x' })).rejects.toBeInstanceOf(PeerError);
  });

  it('does not read more than it may', async () => {
    const http = new HttpClient({ peer: 'large', maxBytes: 1_000 });
    peer.handle = () => ({ body: 'x'.repeat(1_001) });
    await expect(http.send(peer.url, { operation: 'x' })).rejects.toThrow('more than 1000 bytes');
    peer.handle = () => ({ body: 'x'.repeat(1_000) });
    expect((await http.send(peer.url, { operation: 'x' })).text()).toHaveLength(1_000);
  });

  it('tells nothing of addresses and bodies in its error', async () => {
    const http = new HttpClient({ peer: 'away' });
    const error = await http
      .send('http://127.0.0.1:1/secret?ticket=ST-1', { operation: 'thing', body: 'hetu', method: 'POST' })
      .catch((e: unknown) => e);
    expect(String(error)).toBe('PeerError: away: thing got no answer (ECONNREFUSED)');
  });
});
