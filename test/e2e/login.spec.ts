import { useTestApp } from '../support/test-app.js';
import { oikeudeton, rekisterinpitaja, userWith, YLIOPISTO } from '../support/users.js';

const app = useTestApp();
const VIRKAILIJA = '1.2.246.562.24.99000000077';
const ROLES = ['ROLE_APP_OPPIJANUMEROREKISTERI_READ', 'ROLE_APP_OPPIJANUMEROREKISTERI_READ_1.2.246.562.10.10000000001'];

/** Everything but the clock. */
const REAL_TIMERS = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

const cookieOf = (headers: Headers) => /JSESSIONID=[^;]+/.exec(headers.get('set-cookie') ?? '')?.[0] ?? '';
const loginUrl = () =>
  `${app.peers.url}/cas/login?service=${encodeURIComponent(`${app.base}/j_spring_cas_security_check`)}`;
const sessions = () => app.query('select * from spring_session');

describe('Bearer tokens', () => {
  it('lets a good token in, without session and cookie', async () => {
    const before = await sessions();
    const answer = await app.as(oikeudeton).get('/cas/prequel');
    expect(answer).toMatchObject({ status: 200, text: 'ok' });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await sessions()).toEqual(before);
  });

  it.each([
    ['no JWT', () => 'foo', 'An error occurred while attempting to decode the Jwt: '],
    ['no token syntax', () => 'f(o)o', 'Bearer token is malformed'],
    ['expired more than a minute ago', () => app.peers.token(oikeudeton, { expiresIn: -61 }), ''],
    ['of another issuer', () => app.peers.token(oikeudeton, { iss: 'http://elsewhere' }), ''],
    ['signed by nobody', () => `${part({ alg: 'none' })}.${part({ sub: '1.2.3' })}.`, ''],
    ['changed after signing', async () => `${(await app.tokenOf(oikeudeton)).slice(0, -8)}AAAAAAAA`, ''],
  ])('refuses a token that is %s: 401 without body', async (_name, make, description) => {
    const answer = await app.anonymous.get('/cas/prequel', { authorization: `Bearer ${await make()}` });
    expect(answer).toMatchObject({ status: 401, text: '' });
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", /,
    );
    expect(answer.headers.get('www-authenticate')).toContain(`error_description="${description}`);
    expect(answer.headers.get('www-authenticate')).toContain(
      `error_uri="https://tools.ietf.org/html/rfc6750#section-3.1", resource_metadata="${app.base}/.well-known/oauth-protected-resource"`,
    );
  });

  it('does not look at the audience', async () => {
    const token = await app.peers.token(oikeudeton, { aud: 'somebody else' });
    expect(await app.anonymous.get('/cas/prequel', { authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
    });
  });

  it('says nothing about a token whose roles are no object', async () => {
    const token = await app.peers.token({ sub: '1.2.3', roles: ['x'] as never });
    const answer = await app.anonymous.get('/cas/prequel', { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${app.base}/.well-known/oauth-protected-resource"`,
    );
  });

  it('takes a new signing key without restart', async () => {
    await app.peers.rotate({ forgetOld: true });
    await new Promise((resolve) => setTimeout(resolve, 1100)); // keys are fetched at most once a second
    const token = await app.peers.token(oikeudeton);
    expect(await app.anonymous.get('/cas/prequel', { authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
    });
  });

  it('says nothing about a token while the signing keys are out of reach', async () => {
    await app.peers.rotate();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const token = await app.peers.token(oikeudeton);
    await app.peers.state({ fail: { oauth2: 503 } });
    const answer = await app.anonymous.get('/cas/prequel', { authorization: `Bearer ${token}` });
    await app.peers.reset();
    expect(answer).toMatchObject({ status: 401, text: '' });
    expect(answer.headers.get('www-authenticate')).not.toContain('error');
  });

  it('believes a verified token no longer than it says', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const authorization = `Bearer ${await app.peers.token(oikeudeton, { expiresIn: 30 })}`;
    expect(await app.anonymous.get('/cas/prequel', { authorization })).toMatchObject({ status: 200 });
    jest.useFakeTimers({ now: Date.now() + 95_000, doNotFake: REAL_TIMERS });
    try {
      expect(await app.anonymous.get('/cas/prequel', { authorization })).toMatchObject({ status: 401 });
    } finally {
      jest.useRealTimers();
    }
  });

  it('needs a good token also for health', async () => {
    expect(await app.anonymous.get('/actuator/health', { authorization: 'Bearer x' })).toMatchObject({ status: 401 });
    expect(await app.as(oikeudeton).get('/actuator/health')).toMatchObject({ status: 200 });
  });

  it('takes lower-case bearer and Basic for CAS', async () => {
    for (const authorization of ['bearer x', 'Basic Zm9vOmJhcg==']) {
      expect(await app.anonymous.get('/cas/prequel', { authorization })).toMatchObject({ status: 302 });
    }
  });

  it('describes itself to OAuth2 clients, to nobody else', async () => {
    expect((await app.as(oikeudeton).get('/.well-known/oauth-protected-resource')).body).toEqual({
      resource: app.base,
      bearer_methods_supported: ['header'],
      tls_client_certificate_bound_access_tokens: true,
    });
    expect(await app.anonymous.get('/.well-known/oauth-protected-resource')).toMatchObject({ status: 302 });
  });
});

describe('CAS', () => {
  const login = async (roles = ROLES, oid: string | null = VIRKAILIJA) => {
    const ticket = await app.peers.ticket(oid, roles);
    const answer = await app.anonymous.get(`/j_spring_cas_security_check?ticket=${ticket}`);
    return { ticket, answer, cookie: cookieOf(answer.headers) };
  };

  it.each(['GET', 'POST', 'OPTIONS', 'PUT'])(
    'sends an anonymous %s to the login, also for unknown paths',
    async (method) => {
      for (const path of ['/henkilo/1.2.3', '/nosuch', '/actuator/env', '/swagger-ui/nosuch']) {
        const answer = await app.anonymous.send(method, path);
        expect(answer).toMatchObject({ status: 302, text: '' });
        expect(answer.headers.get('location')).toBe(loginUrl());
      }
    },
  );

  it('comes back to the page that was asked for', async () => {
    const asked = await app.anonymous.get('/cas/prequel?a=%C3%A4');
    const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
    const back = await app.anonymous.get(`/j_spring_cas_security_check?ticket=${ticket}`, {
      cookie: cookieOf(asked.headers),
    });
    expect(back.status).toBe(302);
    expect(back.headers.get('location')).toBe(`${app.base}/cas/prequel?a=%C3%A4`);
    expect(cookieOf(back.headers)).not.toBe(cookieOf(asked.headers)); // a planted session cannot be logged in
    expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(asked.headers) })).toMatchObject({ status: 302 });
    expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(back.headers) })).toMatchObject({ status: 200 });
  });

  it('opens a session with the cookie of the reference', async () => {
    const { answer, cookie } = await login();
    expect(answer.headers.get('location')).toBe(`${app.base}/`);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^JSESSIONID=[0-9a-f-]{36}; Path=\/oppijanumerorekisteri-service; HttpOnly; SameSite=Lax$/,
    );
    const [row] = await app.query('select * from spring_session where session_id = $1', [cookie.slice(11)]);
    expect(row).toMatchObject({ principal_name: VIRKAILIJA, max_inactive_interval: 1800 });
    expect(Number(row!.expiry_time)).toBe(Number(row!.last_access_time) + 1_800_000);
  });

  it('takes a ticket on any path, as parameter or header, in the same request', async () => {
    for (const make of [
      (ticket: string) => app.anonymous.get(`/cas/prequel?ticket=${ticket}`),
      (ticket: string) => app.anonymous.post('/cas/prequel', undefined, { CasSecurityTicket: ticket }),
    ]) {
      const answer = await make(await app.peers.ticket(VIRKAILIJA, ROLES));
      expect(answer).toMatchObject({ status: 200, text: 'ok' });
      expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(answer.headers) })).toMatchObject({
        status: 200,
      });
    }
    const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
    expect(await app.anonymous.post(`/cas/prequel?ticket=${ticket}`)).toMatchObject({ status: 302 });
  });

  it.each(['/j_spring_cas_security_check?ticket=ST-nope', '/cas/prequel?ticket=ST-nope', '/cas/prequel?ticket='])(
    'refuses a bad ticket at %s: 401 without body, and keeps the session',
    async (path) => {
      const { cookie } = await login();
      expect(await app.anonymous.get(path, { cookie })).toMatchObject({ status: 401, text: '' });
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
    },
  );

  it('refuses the check path without a ticket', async () => {
    const { cookie } = await login();
    expect(await app.anonymous.get('/j_spring_cas_security_check', { cookie })).toMatchObject({
      status: 401,
      body: { error: 'Unauthorized' },
    });
    expect(await app.anonymous.get('/j_spring_cas_security_check')).toMatchObject({ status: 302 });
    expect(await app.as(oikeudeton).get('/j_spring_cas_security_check')).toMatchObject({ status: 401 });
  });

  it('asks CAS once for a repeated ticket, and again for another', async () => {
    const { cookie, ticket } = await login();
    await app.peers.reset();
    expect(await app.anonymous.get('/cas/prequel', { cookie, CasSecurityTicket: ticket })).toMatchObject({
      status: 200,
    });
    expect(await app.peers.traffic()).toEqual([]);
    const other = await app.peers.ticket('1.2.246.562.24.99000000088', ROLES);
    await app.anonymous.get('/cas/prequel', { cookie, CasSecurityTicket: other });
    expect(app.access.at(-1)).toMatchObject({ callerHenkiloOid: '1.2.246.562.24.99000000088', protocol: 'cas' });
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
    expect(app.access.at(-1)).toMatchObject({ callerHenkiloOid: '1.2.246.562.24.99000000088' });
  });

  it('takes one role like many, and none', async () => {
    for (const roles of [[ROLES[0]!], []]) expect((await login(roles)).cookie).not.toBe('');
    expect((await login(ROLES, null)).cookie).not.toBe('');
    const list = async (roles: string[]) => {
      const { cookie } = await login(roles);
      return (await app.anonymous.post('/henkilo/henkilotByHenkiloOidList', [], { cookie })).status;
    };
    expect(await Promise.all([ROLES, [ROLES[0]!], []].map(list))).toEqual([200, 200, 401]);
  });

  it('tells käyttöoikeuspalvelu the roles as the login gave them', async () => {
    const { cookie } = await login([ROLES[0]!]);
    await app.anonymous.get('/henkilo/1.2.246.562.24.99999999999', { cookie });
    const question = (await app.peers.traffic()).find(({ path }) => path.includes('canUserAccessUser'))!;
    expect(question.body).toMatchObject({ callingUserOid: VIRKAILIJA, callingUserRoles: [ROLES[0], 'FACTOR_CAS'] });
  });

  it('ends the session by single logout, without login, in a form or the query', async () => {
    const saml = (index: string) =>
      `<samlp:LogoutRequest><samlp:SessionIndex>${index}</samlp:SessionIndex></samlp:LogoutRequest>`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const send of [
      (xml: string) => app.anonymous.post('/henkilo', new URLSearchParams({ logoutRequest: xml }).toString(), form),
      (xml: string) => app.anonymous.get(`/?${new URLSearchParams({ logoutRequest: xml })}`),
    ]) {
      const { cookie, ticket } = await login();
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
      expect(await send(saml(ticket))).toMatchObject({ status: 200, text: '' });
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
      for (const unknown of ['ST-unknown', '', '\0', "'", 'x'.repeat(3_000)])
        expect(await send(saml(unknown))).toMatchObject({ status: 200, text: '' });
    }
  });

  it('ends also a session that a header ticket opened', async () => {
    const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
    const cookie = cookieOf((await app.anonymous.get('/cas/prequel', { CasSecurityTicket: ticket })).headers);
    const body = new URLSearchParams({ logoutRequest: `<x><SessionIndex>${ticket}</SessionIndex></x>` }).toString();
    await app.anonymous.post('/x', body, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
  });

  it('lets another form reach the rules: it is no body of any operation', async () => {
    const { cookie } = await login();
    const form = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    expect(await app.anonymous.post('/cas/prequel', 'a=b', form)).toMatchObject({ status: 200, text: 'ok' });
    expect(await app.anonymous.post('/nosuch', 'a=b', form)).toMatchObject({ status: 404 });
  });

  it('forgets a session after half an hour without use, and refreshes one in use', async () => {
    const { cookie } = await login();
    const id = cookie.slice(11);
    await app.query(
      'update spring_session set last_access_time = last_access_time - 120000, expiry_time = expiry_time - 120000 where session_id = $1',
      [id],
    );
    await app.anonymous.get('/cas/prequel', { cookie });
    const [row] = await app.query('select expiry_time from spring_session where session_id = $1', [id]);
    expect(Number(row!.expiry_time)).toBeGreaterThan(Date.now() + 1_790_000);
    await app.query('update spring_session set expiry_time = $2 where session_id = $1', [id, Date.now() - 1]);
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
  });

  it('logs out', async () => {
    const { cookie } = await login();
    const answer = await app.anonymous.get('/logout', { cookie });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`${app.base}/login?logout`);
    expect(answer.headers.get('set-cookie')).toMatch(/^JSESSIONID=; Max-Age=0; Path=/);
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
  });

  it('takes a session that the reference wrote for none', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    await app.query(`insert into spring_session values ($1, $1, 0, $2, 1800, $3, 'x');`, [
      id,
      Date.now(),
      Date.now() + 1_000_000,
    ]);
    await app.query(`insert into spring_session_attributes values ($1, 'SPRING_SECURITY_CONTEXT', '\\xaced'::bytea)`, [
      id,
    ]);
    expect(await app.anonymous.get('/cas/prequel', { cookie: `JSESSIONID=${id}` })).toMatchObject({ status: 302 });
  });

  it('never logs a ticket', async () => {
    const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
    await app.anonymous.get(`/cas/prequel?ticket=${ticket}&a=b`);
    expect(app.access.at(-1)).toMatchObject({
      request: 'GET /oppijanumerorekisteri-service/cas/prequel?ticket=****&a=b HTTP/1.1',
    });
    expect(app.lines.filter((line) => line.includes(ticket))).toEqual([]);
  });

  it('answers 500 with a page when CAS is broken', async () => {
    await app.peers.state({ fail: { cas: 503 } });
    const answer = await app.anonymous.get('/cas/prequel?ticket=ST-1');
    await app.peers.reset();
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

it('keeps the rights of a token to what it says', async () => {
  const reader = userWith('1.2.246.562.24.99000000055', YLIOPISTO, 'READ');
  expect(await app.as(reader).get('/cas/prequel')).toMatchObject({ status: 200 });
  expect(await app.as(rekisterinpitaja).get('/cas/prequel')).toMatchObject({ status: 200 });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
