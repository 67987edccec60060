import { Clock } from '../../src/common/clock.js';
import { PeerError } from '../../src/common/errors.js';
import { openTransactions } from '../../src/common/open-transaction.js';
import { readConfig } from '../../src/config/config.js';
import { KayttooikeusClient } from '../../src/integrations/kayttooikeus/kayttooikeus.client.js';
import { KoodistoClient } from '../../src/integrations/koodisto/koodisto.client.js';
import { OAuth2Token } from '../../src/integrations/oauth2-token.client.js';
import { OrganisaatioClient } from '../../src/integrations/organisaatio/organisaatio.client.js';
import { FakePeer, inTurn } from '../support/fake-peer.js';

class FakeClock extends Clock {
  private at = Date.parse('2026-01-01T12:00:00Z');
  override now(): Date {
    return new Date(this.at);
  }
  pass(seconds: number): void {
    this.at += seconds * 1000;
  }
}

let peer: FakePeer;
let clock: FakeClock;
const config = () => readConfig({ 'virkailija.baseurl': peer.url });
beforeEach(async () => {
  peer = await FakePeer.start();
  clock = new FakeClock();
});
afterEach(() => peer.stop());

describe('koodisto', () => {
  const koodi = (koodiArvo: string) => ({
    koodiArvo,
    tila: 'PASSIIVINEN',
    tuntematon: 1,
    metadata: [{ kieli: 'FI', nimi: `nimi ${koodiArvo}` }],
  });
  const client = () => new KoodistoClient(config(), clock);

  it('asks once for a list however many wait, and again after 300 s', async () => {
    peer.handle = () => ({ body: [koodi('FI'), koodi('SV')], delayMs: 20 });
    const koodisto = client();
    const lists = await Promise.all(Array.from({ length: 50 }, () => koodisto.get('kieli')));

    expect(lists[49]!.list).toEqual([
      { koodiArvo: 'FI', nimi: { FI: 'nimi FI' } },
      { koodiArvo: 'SV', nimi: { FI: 'nimi SV' } },
    ]);
    expect([lists[0]!.has('FI'), lists[0]!.has('fi')]).toEqual([true, false]);
    clock.pass(299);
    await koodisto.get('kieli');
    expect(peer.calls).toHaveLength(1);
    clock.pass(2);
    await koodisto.get('kieli');
    expect(peer.lines).toEqual(
      Array(2).fill('GET /koodisto-service/rest/json/kieli/koodi?onlyValidKoodis=false&koodistoVersio=1'),
    );
  });

  it('is never asked inside a transaction: a list of the last day serves there, however old it has become', async () => {
    peer.handle = () => ({ body: [koodi('FI')] });
    const koodisto = client();
    const inside = () => openTransactions.run({ isOpen: true }, () => koodisto.get('kieli'));
    await expect(inside()).rejects.toThrow('koodisto must not be called inside a transaction');
    expect(peer.calls).toHaveLength(0);
    await koodisto.get('kieli');
    clock.pass(23 * 3600);
    expect((await inside()).has('FI')).toBe(true);
    expect(peer.calls).toHaveLength(1);
    clock.pass(3601);
    await expect(inside()).rejects.toThrow('koodisto must not be called inside a transaction');
    await koodisto.get('kieli');
    expect(peer.calls).toHaveLength(2);
  });

  it('leaves out the version of the newest list and sends the common headers', async () => {
    peer.handle = () => ({ body: [koodi('246')] });
    await client().get('kansalaisuus');
    expect(peer.lines).toEqual(['GET /koodisto-service/rest/json/maatjavaltiot2/koodi?onlyValidKoodis=false']);
    expect(peer.calls[0]!.headers).toMatchObject({
      'caller-id': '1.2.246.562.10.00000000001.oppijanumerorekisteri-service',
      csrf: 'CSRF',
      cookie: 'CSRF=CSRF',
    });
  });

  it.each([
    ['404', { status: 404, body: [] }],
    ['a page', { body: '<html>' }],
    ['half a list', { body: [koodi('FI')], cut: 'half' as const }],
    ['an unknown language', { body: [{ koodiArvo: 'FI', metadata: [{ kieli: 'DE', nimi: 'x' }] }] }],
  ])('does not keep %s', async (_, answer) => {
    const koodisto = client();
    peer.handle = () => answer;
    await expect(koodisto.get('kieli')).rejects.toBeInstanceOf(PeerError);
    peer.handle = () => ({ body: [koodi('FI')] });
    expect((await koodisto.get('kieli')).has('FI')).toBe(true);
  });

  it('serves the kept list for a day while koodisto is down', async () => {
    const koodisto = client();
    peer.handle = () => ({ body: [koodi('FI')] });
    await koodisto.get('kieli');
    peer.handle = () => ({ status: 400 });
    clock.pass(3600);
    expect((await koodisto.get('kieli')).has('FI')).toBe(true);
    await koodisto.get('kieli');
    expect(peer.calls).toHaveLength(2);
    clock.pass(86_400);
    await expect(koodisto.get('kieli')).rejects.toBeInstanceOf(PeerError);
  });
});

describe('organisaatio', () => {
  it.each([
    [200, { oid: '1.2', nimi: {} }, true],
    [404, {}, false],
  ])('takes %i for an answer', async (status, body, exists) => {
    peer.handle = () => ({ status, body });
    expect(await new OrganisaatioClient(config()).exists('1.2')).toBe(exists);
    expect(peer.lines).toEqual(['GET /organisaatio-service/rest/organisaatio/1.2']);
  });

  it.each([302, 400, 401, 403])('does not take %i for an existing organisation', async (status) => {
    peer.handle = () => ({ status, body: {}, headers: { location: '/cas/login' } });
    await expect(new OrganisaatioClient(config()).exists('1.2')).rejects.toMatchObject({ status });
    expect(peer.calls).toHaveLength(1);
  });

  it('asks again two seconds after 500, and reads the children', async () => {
    peer.handle = inTurn({ status: 500 }, { body: { oids: ['1.2.246.562.10.2', '1.2.246.562.10.3'] } });
    expect(await new OrganisaatioClient(config()).listChildOids('1.2')).toEqual([
      '1.2.246.562.10.2',
      '1.2.246.562.10.3',
    ]);
    const line =
      'GET /organisaatio-service/rest/organisaatio/1.2/childoids?aktiiviset=true&suunnitellut=false&lakkautetut=true&rekursiivisesti=true';
    expect(peer.lines).toEqual([line, line]);
  });
});

describe('kayttooikeus', () => {
  const client = () => new KayttooikeusClient(config(), new OAuth2Token(config(), clock));
  const query = {
    callingUserOid: 'a',
    userOid: null,
    allowedPalveluRooli: { X: ['Y'] },
    externalPermissionService: null,
    callingUserRoles: [],
  };
  let tokens = 0;
  let answer: Parameters<typeof inTurn>;
  beforeEach(() => {
    tokens = 0;
    let turn: ReturnType<typeof inTurn> | undefined;
    peer.handle = (call) => {
      if (call.path.endsWith('/oauth2/token')) return { body: { access_token: `t${++tokens}` }, delayMs: 10 };
      return (turn ??= inTurn(...answer))(call);
    };
  });
  const calls = () => peer.calls.filter(({ path }) => !path.endsWith('/oauth2/token'));

  it('asks with one token for all and keeps it 250 s', async () => {
    answer = [{ body: true }];
    const kayttooikeus = client();
    expect(await Promise.all(Array.from({ length: 20 }, () => kayttooikeus.canUserAccessUser(query)))).toEqual(
      Array(20).fill(true),
    );
    expect(tokens).toBe(1);
    expect(JSON.parse(calls()[0]!.body)).toEqual(query);
    clock.pass(251);
    await kayttooikeus.canUserAccessUser(query);
    expect(calls().at(-1)!.headers.authorization).toBe('Bearer t2');
  });

  it('replaces a refused token once', async () => {
    const refused = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
    answer = [refused, { body: false }, refused];
    const kayttooikeus = client();
    expect(await kayttooikeus.canUserAccessUser(query)).toBe(false);
    await expect(kayttooikeus.canUserAccessUser(query)).rejects.toMatchObject({ status: 401 });
    expect(tokens).toBe(3);
  });

  it.each([
    ['204', { status: 204 }],
    ['404', { status: 404 }],
    ['500', { status: 500 }],
    ['a redirect to the login', { status: 302, headers: { location: '/cas/login' } }],
    ['text', { body: 'true!' }],
    ['an object', { body: {} }],
    ['nothing', { cut: 'before' as const }],
  ])('gives an error for %s, without repeating', async (_, given) => {
    answer = [given];
    await expect(client().canUserAccessUser(query)).rejects.toBeInstanceOf(PeerError);
    expect(calls()).toHaveLength(1);
  });

  it.each([
    [{ status: 404 }, true],
    [{ status: 204 }, true],
    [{ body: {} }, true],
    [{ body: { kayttajaTyyppi: 'OPPIJA' } }, true],
    [{ body: { kayttajaTyyppi: 'VIRKAILIJA' } }, false],
  ])('tells by %j whether a person is an oppija: %s', async (given, oppija) => {
    answer = [given];
    expect(await client().isOppija('1.2.3')).toBe(oppija);
  });

  it.each([401, 403, 500])('does not take %i for a passivation', async (status) => {
    answer = [{ status }];
    await expect(client().passivoi('1.2.3', null)).rejects.toMatchObject({ status });
  });

  it.each([200, 204, 404])('takes %i for a passivation', async (status) => {
    answer = [{ status }];
    await client().passivoi('1.2.3', '1.2.4');
    await client().passivoi('1.2.3', null);
    expect(calls().map(({ path }) => path)).toEqual([
      '/kayttooikeus-service/henkilo/1.2.3/passivoi?kasittelijaOid=1.2.4',
      '/kayttooikeus-service/henkilo/1.2.3/passivoi',
    ]);
  });

  it('asks for rights as the reference did', async () => {
    answer = [{ body: { admin: true, oids: ['1'] } }, { body: {} }];
    const kayttooikeus = client();
    expect(
      await kayttooikeus.getKayttooikeudet('1.2', { organisaatioOids: ['a', 'b'], kayttoOikeusRyhmaNimet: null }),
    ).toEqual({ admin: true, oids: ['1'] });
    expect(
      await kayttooikeus.getKayttooikeudet('1.2', { organisaatioOids: null, kayttoOikeusRyhmaNimet: null }),
    ).toEqual({ admin: false, oids: null });
    expect(JSON.parse(calls()[0]!.body)).toEqual({
      passivoitu: false,
      organisaatioOids: ['a', 'b'],
      kayttoOikeusRyhmaNimet: null,
      asMap: { passivoitu: false, organisaatioOids: 'a,b' },
    });
  });
});
