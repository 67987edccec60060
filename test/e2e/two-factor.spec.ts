import { register } from 'prom-client';
import { readConfig } from '../../src/config/config.js';
import { StrongAuthentication } from '../../src/auth/strong-authentication/strong-authentication.service.js';
import { OPERATIONS } from '../security/operations.js';
import { createHenkilo, rowOf } from '../support/persons.js';
import { storeHenkilo, storeRyhma, type StoredHenkilo } from '../support/stored-persons.js';
import { useTestApp, type TestAnswer, type TestApp } from '../support/test-app.js';
import {
  kaikkiOikeudet,
  lukija,
  rekisterinpitaja,
  ROOT,
  userWith,
  virkailija,
  type TestUser,
} from '../support/users.js';

/* Two-factor login (docs/adr/0144-two-factor.md); every other file runs with the setting off. */

const EXEMPT = userWith('1.2.246.562.24.99000000441', ROOT, 'REKISTERINPITAJA');
const KEEPER = 'ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA';
const KEEPER_ROLES = [KEEPER, `${KEEPER}_${ROOT}`];
const BROWSER = { 'sec-fetch-dest': 'document', 'user-agent': 'Mozilla/5.0' };
const ACR = { acr: 'https://refeds.org/profile/mfa' };
const isChallenge = (answer: TestAnswer) =>
  answer.status === 401 && (answer.headers.get('www-authenticate') ?? '').includes('insufficient_user_authentication');

async function bearer(app: TestApp, user: TestUser, claims: object) {
  return { authorization: `Bearer ${await app.peers.token(user, claims)}` };
}

async function storeSuojattu(app: TestApp): Promise<StoredHenkilo> {
  const henkilo = await storeHenkilo(app, { etunimet: 'Suoja', kutsumanimi: 'Suoja', sukunimi: 'Salattu', turvakielto: true }); // prettier-ignore
  await storeRyhma(app, henkilo, [['SAHKOPOSTI', `salattu-${henkilo.id}@example.fi`]]);
  return henkilo;
}

describe('ONR_MFA=enforce', () => {
  const app = useTestApp({ ONR_MFA: 'enforce', ONR_MFA_EXEMPT_OIDS: EXEMPT.sub });

  /** A session of CAS, with the cookie of the browser or service. */
  async function session(methods: readonly string[]): Promise<Record<string, string>> {
    const ticket = await app.peers.ticket(rekisterinpitaja.sub, KEEPER_ROLES, methods);
    const answer = await app.anonymous.get(`/j_spring_cas_security_check?ticket=${ticket}`);
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
  }

  it('challenges a service that writes as a registrar, by RFC 9470, and changes nothing', async () => {
    const oid = await storeHenkilo(app, { etunimet: 'A', kutsumanimi: 'A', sukunimi: 'B' });
    const values = { oidHenkilo: oid.oid, sukunimi: 'Muu' };
    const answer = await app.as(rekisterinpitaja).put('/henkilo', values);
    expect(answer).toMatchObject({ status: 401, body: { status: 401, error: 'Unauthorized' } });
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", error_description="The operation needs a two-factor login", ' +
        `acr_values="https://refeds.org/profile/mfa", resource_metadata="${app.base}/.well-known/oauth-protected-resource"`,
    );
    expect(await rowOf(app, oid.oid)).toMatchObject({ sukunimi: 'B', version: 0 });

    for (const [sukunimi, claims] of [['Yksi', ACR], ['Kaksi', { amr: ['pwd', 'mfa'] }]] as const) {
      const headers = await bearer(app, rekisterinpitaja, claims);
      expect((await app.anonymous.put('/henkilo', { ...values, sukunimi }, headers)).status).toBe(200);
      expect(await rowOf(app, oid.oid)).toMatchObject({ sukunimi });
      const entry = app.audit.findLast(({ operation }) => operation === 'UPDATE_HENKILO');
      expect(entry).toMatchObject({ user: { oid: rekisterinpitaja.sub, authentication: 'strong' } });
    }
  }); // prettier-ignore

  it('takes a token that was asked for with acr_values, as the challenge says', async () => {
    const tokenFor = async (values: Record<string, string>) => {
      const form = {
        grant_type: 'client_credentials',
        client_id: 'rekisterinpitaja',
        client_secret: 'rekisterinpitaja',
      };
      const body = new URLSearchParams({ ...form, ...values });
      const answer = await fetch(`${app.peers.url}/kayttooikeus-service/oauth2/token`, { method: 'POST', body });
      return ((await answer.json()) as { access_token: string }).access_token;
    };
    const remove = async (values: Record<string, string>) =>
      app.anonymous.delete('/henkilo/1.2.246.562.24.404', { authorization: `Bearer ${await tokenFor(values)}` });
    expect(isChallenge(await remove({}))).toBe(true);
    expect((await remove({ acr_values: ACR.acr })).status).toBe(404);
  });

  it.each([
    [{ acr: ['https://refeds.org/profile/mfa'] }],
    [{ acr: 'https://refeds.org/profile/MFA' }],
    [{ acr: '' }],
    [{ acr: 1 }],
    [{ amr: 'mfa' }],
    [{ amr: [['mfa']] }],
    [{ amr: [null, 'MFA'] }],
    [{ amr: { mfa: true } }],
  ])('takes a token with %j for weak', async (claims) => {
    const headers = await bearer(app, rekisterinpitaja, claims);
    expect(isChallenge(await app.anonymous.delete('/henkilo/1.2.246.562.24.404', headers))).toBe(true);
  });

  it('says first what is wrong with the request or the rights: they do not get better by a second factor', async () => {
    const refused = await app.as(virkailija).post('/henkilo/1.2.246.562.24.404/passinumerot', ['X']);
    expect([refused.status, isChallenge(refused)]).toEqual([401, false]);
    expect((await app.as(rekisterinpitaja).put('/henkilo', 'null')).status).toBe(400);
    expect((await app.as(rekisterinpitaja).get('/nosuch')).status).toBe(404);
  });

  it('demands it of no exempt service user', async () => {
    expect((await app.as(EXEMPT).delete('/henkilo/1.2.246.562.24.404')).status).toBe(404);
  });

  it('tells writes from reads by POST, and demands it of all callers of an operation that is named', async () => {
    const challenged: string[] = [];
    for (const { id, method, sample, body } of OPERATIONS) {
      if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE') continue;
      if (isChallenge(await app.as(kaikkiOikeudet).send(method, sample, body ?? undefined))) challenged.push(id);
    }
    expect(challenged).toEqual(CHALLENGED);
  });

  it('shows protected contact details of others after a two-factor login only', async () => {
    const [suojattu, avoin] = [await storeSuojattu(app), await createOpen(app)];
    const read = (oid: string, user = lukija) => app.as(user).get(`/henkilo/${oid}`);
    const list = (oids: string[]) => app.as(rekisterinpitaja).post('/henkilo/henkilotByHenkiloOidList', oids);
    expect(isChallenge(await read(suojattu.oid))).toBe(true);
    expect(isChallenge(await list([avoin, suojattu.oid]))).toBe(true);
    expect([(await read(avoin)).status, (await list([avoin])).status]).toEqual([200, 200]);
    expect(app.audit.at(-1)).toMatchObject({ operation: 'READ', user: { authentication: 'weak' } });
    const himself = userWith(suojattu.oid, ROOT, 'REKISTERINPITAJA_READ');
    expect((await read(suojattu.oid, himself)).text).toContain('salattu-');

    const strong = await bearer(app, lukija, ACR);
    expect((await app.anonymous.get(`/henkilo/${suojattu.oid}`, strong)).text).toContain('salattu-');
    const byContact = `/henkilo/yhteystieto=salattu-${suojattu.id}@example.fi/oid`;
    expect((await app.as(lukija).get(byContact)).body).toEqual([]);
    expect((await app.anonymous.get(byContact, strong)).body).toEqual([suojattu.oid]);
  });

  it('shows callers with rights by organisation what it always shows: nothing protected', async () => {
    const suojattu = await storeSuojattu(app);
    await app.peers.state({ canAccess: ['*>*'] });
    const answer = await app.as(virkailija).get(`/henkilo/${suojattu.oid}`);
    expect([answer.status, answer.text.includes('salattu-')]).toEqual([200, false]);
  });

  it('sends a browser through the second factor of CAS and back to where it was', async () => {
    const { oid } = await storeSuojattu(app);
    const jar = new Map<string, string>();
    const go = async (at: string, form?: Record<string, string>) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const body = form && new URLSearchParams(form);
      const answer = await fetch(at, { method: form ? 'POST' : 'GET', body, redirect: 'manual', headers: { ...BROWSER, cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        jar.set(name!, value!);
      }
      return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
    }; // prettier-ignore
    const [, name, value] = /^([^=]+)=(.*)$/.exec((await session([])).cookie!)!;
    jar.set(name!, value!);

    const sent = await go(`${app.base}/henkilo/${oid}?a=%C3%A4`);
    expect(sent.status).toBe(302);
    const login = new URL(sent.location!);
    expect(login.pathname).toBe('/cas/login');
    expect(Object.fromEntries(login.searchParams)).toMatchObject({ renew: 'true', authn_method: 'mfa-gauth' });
    const service = login.searchParams.get('service')!;
    const password = { username: 'rekisterinpitaja', password: 'rekisterinpitaja' };
    const asked = await go(login.href, { service, authn_method: 'mfa-gauth', ...password });
    expect(asked.text).toContain('One-time code');
    expect((await go(login.href, { service, authn_method: 'mfa-gauth', code: '000000' })).status).toBe(401);
    const back = await go(login.href, { service, authn_method: 'mfa-gauth', code: '123456' });
    const checked = await go(back.location!);
    expect(checked).toMatchObject({ status: 302, location: `${app.base}/henkilo/${oid}?a=%C3%A4` });
    const page = await go(checked.location!);
    expect([page.status, page.text.includes('salattu-')]).toEqual([200, true]);
    expect(app.audit.at(-1)).toMatchObject({ operation: 'READ', user: { authentication: 'strong' } });
  });

  it('does not send a browser in circles where CAS has no second factor', async () => {
    const { oid } = await storeSuojattu(app);
    const sent = await app.anonymous.get(`/henkilo/${oid}`, { ...BROWSER, ...(await session([])) });
    const service = new URL(new URL(sent.headers.get('location')!).searchParams.get('service')!);
    const ticket = await app.peers.ticket(rekisterinpitaja.sub, KEEPER_ROLES, ['password']);
    const check = service.href.slice(app.base.length);
    const answer = await app.anonymous.get(`${check}&ticket=${ticket}`, BROWSER);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/html;charset=utf-8']);
    expect(answer.text).toContain('second factor');
  });

  it('answers a page that writes, and a service with a session, by the challenge', async () => {
    const page = await app.anonymous.delete('/henkilo/1.2.246.562.24.404', { ...BROWSER, ...(await session([])) });
    expect(isChallenge(page)).toBe(true);
    expect(page.headers.get('link')).toBe(
      `<${app.peers.url}/cas/login?service=${encodeURIComponent(`${app.base}/j_spring_cas_security_check`)}&renew=true&authn_method=mfa-gauth>; rel="login"`,
    );
    const service = await app.anonymous.delete('/henkilo/1.2.246.562.24.404', await session([]));
    expect([isChallenge(service), service.headers.get('link')]).toEqual([true, null]);
    const strong = await app.anonymous.delete('/henkilo/1.2.246.562.24.404', await session(['x', 'mfa-webauthn']));
    expect(strong.status).toBe(404);
  });

  it('does not start with the name of an operation that is none', () => {
    const { nest } = app;
    const config = readConfig({ ONR_MFA: 'enforce', ONR_MFA_OPERATIONS: 'GET /henkilo/{oid},GET /nosuch' });
    const strong = new StrongAuthentication(config, nest as never, nest as never);
    expect(() => strong.assertOperationsExist(['GET /henkilo/:oid'])).toThrow('ONR_MFA_OPERATIONS names unknown operations: GET /nosuch'); // prettier-ignore
  });
});

describe('ONR_MFA=dry-run', () => {
  const app = useTestApp({ ONR_MFA: 'dry-run', ONR_MFA_RIGHTS: 'write:REKISTERINPITAJA,read:REKISTERINPITAJA_READ' });

  it('refuses nobody, and tells who would have been refused for what', async () => {
    const suojattu = await storeSuojattu(app);
    const oid = await createHenkilo(app);
    expect((await app.as(rekisterinpitaja).get(`/henkilo/${suojattu.oid}`)).text).toContain('salattu-');
    expect((await app.as(lukija).get(`/henkilo/${oid}`)).status).toBe(200);
    expect((await app.anonymous.delete(`/henkilo/${oid}`, await bearer(app, rekisterinpitaja, ACR))).status).toBe(200);

    const metrics = await register.getSingleMetricAsString('onr_strong_authentication_missing_total');
    const lines = metrics.split('\n').filter((line) => line.includes('outcome="would_refuse"'));
    const line = (reason: string, operation: string, { sub }: TestUser) =>
      `onr_strong_authentication_missing_total{outcome="would_refuse",reason="${reason}",operation="${operation}",protocol="oauth",caller="${sub}"} 1`;
    expect(lines.sort()).toEqual(
      [
        line('protected', 'GET /henkilo/:oid', rekisterinpitaja),
        line('right', 'GET /henkilo/:oid', lukija),
        line('right', 'POST /henkilo', rekisterinpitaja),
      ].sort(),
    );
  });
});

const createOpen = async (app: TestApp) =>
  (await storeHenkilo(app, { etunimet: 'Avoin', kutsumanimi: 'Avoin', sukunimi: 'Muu' })).oid;

/** Writes, and the read E58, which the settings name by default. */
const CHALLENGED = [
  'E10', 'E13', 'E14', 'E17', 'E22', 'E25', 'E26', 'E27', 'E28', 'E29', 'E30', 'E32', 'E38', 'E39', 'E40', 'E54', 'E58', 'E59', 'E60', 'E62', 'E68', 'E69', 'E70', 'E72', 'E73', 'E75', 'E81',
]; // prettier-ignore
