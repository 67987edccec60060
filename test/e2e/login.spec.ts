import { request, type IncomingHttpHeaders } from 'node:http';
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
/** What a browser sends back: every cookie of an answer that does not expire at once. */
const jarOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .filter((line) => !line.includes('Max-Age=0'))
    .map((line) => line.split(';')[0])
    .join('; ');
/** What every browser says of itself. */
const BROWSER = { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' };
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

  it('takes the scheme in any case, and any other scheme for CAS', async () => {
    const token = await app.tokenOf(oikeudeton);
    for (const authorization of [`bearer ${token}`, `BEARER ${token}`, `Bearer   ${token}`])
      expect(await app.anonymous.get('/cas/prequel', { authorization })).toMatchObject({ status: 200, text: 'ok' });
    for (const authorization of ['bearer x', 'Bearer', 'bearer '])
      expect(await app.anonymous.get('/cas/prequel', { authorization })).toMatchObject({ status: 401, text: '' });
    for (const authorization of ['Basic Zm9vOmJhcg==', `Bearerx ${token}`, token])
      expect(await app.anonymous.get('/cas/prequel', { authorization })).toMatchObject({ status: 302 });
  });

  it.each([
    ['a list', [rekisterinpitaja.sub]],
    ['a number', 1],
    ['an object', { toString: rekisterinpitaja.sub }],
    ['true', true],
  ])('refuses a token whose subject is %s', async (_name, sub) => {
    const token = await app.peers.token({ ...rekisterinpitaja, sub: sub as never });
    const answer = await app.anonymous.get('/henkilo/1.2.246.562.24.99999999999', { authorization: `Bearer ${token}` });
    expect(answer).toMatchObject({ status: 401, text: '' });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
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

  it('comes back to the page that was asked for, without a session before the login', async () => {
    const before = await sessions();
    const asked = await app.anonymous.get('/cas/prequel?a=%C3%A4');
    expect(asked.headers.get('set-cookie')).toMatch(
      /^ONR_RETURN=[\w-]+; Max-Age=1800; Path=\/oppijanumerorekisteri-service\/j_spring_cas_security_check; HttpOnly; SameSite=Lax$/,
    );
    expect(await sessions()).toEqual(before);
    const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
    const back = await app.anonymous.get(`/j_spring_cas_security_check?ticket=${ticket}`, {
      cookie: jarOf(asked.headers),
    });
    expect(back.status).toBe(302);
    expect(back.headers.get('location')).toBe(`${app.base}/cas/prequel?a=%C3%A4`);
    expect(back.headers.getSetCookie().map((line) => line.split(';').slice(0, 2).join(';'))).toEqual([
      expect.stringMatching(/^JSESSIONID=[0-9a-f-]{36}; Path/),
      'ONR_RETURN=; Max-Age=0',
    ]);
    expect(await app.anonymous.get('/cas/prequel', { cookie: jarOf(back.headers) })).toMatchObject({ status: 200 });
  });

  it('writes nothing for anonymous requests, whatever they ask for', async () => {
    const before = await sessions();
    for (const path of ['/henkilo/1.2.3', '/nosuch', `/cas/prequel?${'x'.repeat(12_000)}`, '/login']) {
      const answer = await app.anonymous.get(path);
      expect(answer.status).toBe(302);
      for (const line of answer.headers.getSetCookie()) expect(line.length).toBeLessThan(4_096);
    }
    expect(await sessions()).toEqual(before);
  });

  it.each(['ONR_RETURN=x', 'ONR_RETURN=', 'ONR_RETURN=%2F%2Fevil.example', `ONR_RETURN=${'A'.repeat(3_000)}`])(
    'comes back to the root with a cookie that it has not made: %.40s',
    async (cookie) => {
      const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
      const back = await app.anonymous.get(`/j_spring_cas_security_check?ticket=${ticket}`, { cookie });
      expect(back.headers.get('location')).toBe(`${app.base}/`);
    },
  );

  it('brings each of a browser’s parallel requests back to its own address', async () => {
    const jar = new Map<string, string>();
    const follow = async (url: string) => {
      const hops: string[] = [];
      for (let at = url; hops.length < 20;) {
        hops.push(at);
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await fetch(at, { redirect: 'manual', headers: { ...BROWSER, cookie } });
        for (const line of answer.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
          jar.set(name!, value!);
        }
        if (answer.status !== 302) return { status: answer.status, at: new URL(at).search };
        at = new URL(answer.headers.get('location')!, at).href;
      }
      throw new Error(`Redirected without end: ${hops.join(' ')}`);
    };
    const loggedIn = await fetch(`${app.peers.url}/cas/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'rekisterinpitaja', password: 'rekisterinpitaja' }),
      redirect: 'manual',
    });
    jar.set('TGC', /TGC=([^;]+)/.exec(loggedIn.headers.get('set-cookie')!)![1]!);

    const numbers = Array.from({ length: 45 }, (_, i) => i);
    const ends = await Promise.all(numbers.map((i) => follow(`${app.base}/cas/prequel?nth=${i}`)));
    expect(ends).toEqual(numbers.map((i) => ({ status: 200, at: `?nth=${i}` })));
  });

  it('names the return address to CAS only for a browser’s GET, and not in clear', async () => {
    const browser = await app.anonymous.get('/henkilo/hetu=010190-900P', BROWSER);
    const service = new URL(browser.headers.get('location')!).searchParams.get('service')!;
    expect(service).toMatch(new RegExp(`^${app.base}/j_spring_cas_security_check\\?onr_return=[\\w-]+$`));
    expect(Buffer.from(service.split('=')[1]!, 'base64url').toString('latin1')).not.toContain('010190');
    expect(browser.headers.get('set-cookie')).toBeNull();
    for (const answer of [await app.anonymous.post('/henkilo', {}, BROWSER), await app.anonymous.get('/henkilo/1.2.3')])
      expect(answer.headers.get('location')).toBe(loginUrl());
  });

  it('sends a browser that loads the check path again back to its page', async () => {
    const asked = await app.anonymous.get('/cas/prequel?b', BROWSER);
    const service = new URL(asked.headers.get('location')!).searchParams.get('service')!;
    const check = `${service.slice(app.base.length)}&ticket=${await app.peers.ticket(VIRKAILIJA, ROLES)}`;
    const first = await app.anonymous.get(check, BROWSER);
    const again = await app.anonymous.get(check, { ...BROWSER, cookie: jarOf(first.headers) });
    for (const { status, headers } of [first, again])
      expect({ status, location: headers.get('location') }).toEqual({ status: 302, location: `${app.base}/cas/prequel?b` }); // prettier-ignore
    expect(cookieOf(again.headers)).toBe('');
    expect(await app.anonymous.get(check, BROWSER)).toMatchObject({ status: 401 }); // a used ticket opens nothing
  });

  it('never sends anybody to the host that a request names', async () => {
    const ticket = await app.peers.ticket(VIRKAILIJA, ROLES);
    const { port } = new URL(app.base);
    const locationFor = async (path: string, headers: Record<string, string>) =>
      (await rawGet(port, path, headers)).headers.location;
    for (const host of ['evil.example', 'evil.example:8080', 'localhost.evil.example']) {
      expect(await locationFor('/logout', { host })).toBe(`${app.base}/login?logout`);
      expect(await locationFor('/cas/prequel', { host })).toBe(loginUrl());
      const refused = await rawGet(port, '/cas/prequel', { host, authorization: 'Bearer x' });
      expect(refused.headers['www-authenticate']).toContain(`resource_metadata="${app.base}/.well-known/`);
      const metadata = await rawGet(port, '/.well-known/oauth-protected-resource', { host, authorization: 'Bearer x' });
      expect(JSON.parse(metadata.text)).toMatchObject({ resource: app.base });
      for (const path of ['/v3/api-docs', '/v3/api-docs/swagger-config', '/actuator'])
        expect((await rawGet(port, path, { host })).text).not.toContain('evil');
    }
    const check = `/j_spring_cas_security_check?ticket=${ticket}`;
    expect(await locationFor(check, { host: 'evil.example', 'x-forwarded-host': 'evil.example' })).toBe(`${app.base}/`);
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
    const answer = await app.anonymous.get('/cas/prequel', { cookie, CasSecurityTicket: other });
    expect(app.access.at(-1)).toMatchObject({ callerHenkiloOid: '1.2.246.562.24.99000000088', protocol: 'cas' });
    expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(answer.headers) })).toMatchObject({
      status: 200,
    });
    expect(app.access.at(-1)).toMatchObject({ callerHenkiloOid: '1.2.246.562.24.99000000088' });
  });

  it.each([
    ['another user', '1.2.246.562.24.99000000088'],
    ['the same user', VIRKAILIJA],
    ['a user without OID', null],
  ])('gives a new id to %s, so that a planted session becomes nobody’s', async (_name, oid) => {
    for (const log of [
      (ticket: string, cookie: string) =>
        app.anonymous.get(`/j_spring_cas_security_check?ticket=${ticket}`, { cookie }),
      (ticket: string, cookie: string) => app.anonymous.get(`/cas/prequel?ticket=${ticket}`, { cookie }),
      (ticket: string, cookie: string) =>
        app.anonymous.post('/cas/prequel', undefined, { cookie, CasSecurityTicket: ticket }),
    ]) {
      const { cookie: planted } = await login();
      const answer = await log(await app.peers.ticket(oid, ROLES), planted);
      expect(cookieOf(answer.headers)).toMatch(/^JSESSIONID=[0-9a-f-]{36}$/);
      expect(cookieOf(answer.headers)).not.toBe(planted);
      expect(await app.anonymous.get('/cas/prequel', { cookie: planted })).toMatchObject({ status: 302 });
      expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(answer.headers) })).toMatchObject({
        status: 200,
      });
    }
  });

  it('ends a session twelve hours after its login, in use or not', async () => {
    const { cookie } = await login();
    const age = (ms: number) =>
      app.query('update spring_session set creation_time = creation_time - $2, last_access_time = last_access_time - 120000 where session_id = $1', [cookie.slice(11), ms]); // prettier-ignore
    await age(11.75 * 3_600_000);
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
    const [row] = await app.query('select expiry_time from spring_session where session_id = $1', [cookie.slice(11)]);
    expect(Number(row!.expiry_time)).toBeLessThan(Date.now() + 16 * 60_000); // use prolongs it no further
    await age(16 * 60_000);
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
  });

  it('finds its session among other cookies of the name, also to log out', async () => {
    const foreign = '11111111-2222-4333-8444-555555555555';
    for (const around of [
      (cookie: string) => `JSESSIONID=foreign; ${cookie}`,
      (cookie: string) => `${cookie}; JSESSIONID=foreign`,
      (cookie: string) => `JSESSIONID=${foreign};${cookie}; JSESSIONID=node01.${foreign}`,
      (cookie: string) => `JSESSIONID; JSESSIONID=; XJSESSIONID=x; ${cookie.replace('=', '="')}"`,
      (cookie: string) => `${'JSESSIONID=foreign; '.repeat(200)}${cookie}`,
    ]) {
      const { cookie: own } = await login();
      const cookie = around(own);
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
      expect(await app.anonymous.get('/henkilo/a;b', { cookie })).toMatchObject({ status: 400 });
      expect((await app.anonymous.get('/logout', { cookie })).headers.get('set-cookie')).toMatch(/^JSESSIONID=; Max-Age=0/); // prettier-ignore
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
    }
  });

  it('ends every session that it is given at logout', async () => {
    const [one, other] = [await login(), await login()];
    await app.anonymous.get('/logout', { cookie: `${one.cookie}; ${other.cookie}` });
    for (const { cookie } of [one, other])
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
  });

  it('does not log out because another site says so', async () => {
    const { cookie } = await login();
    const answer = await app.anonymous.get('/logout', { cookie, 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject({ status: 302 });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
  });

  it('takes an empty ticket header for a bad ticket', async () => {
    const { cookie } = await login();
    const bad = { CasSecurityTicket: '' };
    expect(await app.anonymous.get('/cas/prequel', bad)).toMatchObject({ status: 401, text: '' });
    expect(await app.anonymous.post('/henkilo', {}, bad)).toMatchObject({ status: 401, text: '' });
    expect(await app.anonymous.get('/cas/prequel', { ...bad, cookie })).toMatchObject({ status: 401, text: '' });
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
  });

  it('does not trouble CAS with what can be no ticket', async () => {
    await app.peers.reset();
    for (const ticket of ['', 'x'.repeat(257), 'ä', 'a b', '\0', 'a\nb'])
      expect(await app.anonymous.get(`/cas/prequel?ticket=${encodeURIComponent(ticket)}`)).toMatchObject({
        status: 401,
      });
    expect(await app.peers.traffic()).toEqual([]);
  });

  it('opens one session with a ticket that CAS takes twice', async () => {
    const { cookie, ticket } = await login();
    await app.query('update cas_client_session set mapping_id = $2 where mapping_id = $1', [ticket, `${ticket}-again`]);
    const again = await app.peers.ticket(VIRKAILIJA, ROLES);
    await app.query('update cas_client_session set mapping_id = $2 where mapping_id = $1', [`${ticket}-again`, again]);
    const { headers } = await app.anonymous.get(`/cas/prequel?ticket=${again}`);
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
    expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(headers) })).toMatchObject({ status: 200 });
    await app.anonymous.get(`/?${new URLSearchParams({ logoutRequest: `<SessionIndex>${again}</SessionIndex>` })}`);
    expect(await app.anonymous.get('/cas/prequel', { cookie: cookieOf(headers) })).toMatchObject({ status: 302 });
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
      for (const unknown of ['ST-unknown', '', "'", 'x'.repeat(3_000)])
        expect(await send(saml(unknown))).toMatchObject({ status: 200, text: '' });
    }
  });

  it('ends the session also when the form comes in chunks, of any number and size', async () => {
    const form = (value: string) => `a=b&logoutRequest=${encodeURIComponent(value)}`;
    for (const [type, size] of [
      ['application/x-www-form-urlencoded', 10_000],
      ['application/x-www-form-urlencoded', 7],
      ['Application/X-WWW-Form-Urlencoded ; charset=UTF-8', 50],
    ] as const) {
      const { cookie, ticket } = await login();
      const answer = await sendInChunks('/j_spring_cas_security_check', type, form(`<x><SessionIndex>${ticket}</SessionIndex></x>`), size); // prettier-ignore
      expect(answer).toEqual({ status: 200, text: '' });
      expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
    }
  });

  it('reads no more than 64 kB of a form before the login', async () => {
    const type = 'application/x-www-form-urlencoded';
    expect((await sendInChunks('/henkilo', type, 'x'.repeat(65_536), 8_192)).status).toBe(302);
    expect((await sendInChunks('/henkilo', type, 'x'.repeat(65_537), 8_192)).status).toBe(413);
    expect((await sendInChunks('/henkilo', `${type}x`, 'x'.repeat(65_537), 8_192)).status).toBe(302);
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

  it('takes a session of ours in which the reference has written for none', async () => {
    const { cookie } = await login();
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 200 });
    await app.query(
      `insert into spring_session_attributes
       select primary_id, 'SPRING_SECURITY_CONTEXT', '\\xaced'::bytea from spring_session where session_id = $1`,
      [cookie.slice(11)],
    );
    expect(await app.anonymous.get('/cas/prequel', { cookie })).toMatchObject({ status: 302 });
  });

  it('keeps its login where the reference can read it: every attribute is an object of Java', async () => {
    const { cookie } = await login();
    const rows = await app.query<{ name: string; head: string }>(
      `select attribute_name as name, encode(substr(attribute_bytes, 1, 5), 'hex') as head from spring_session_attributes
        where session_primary_id = (select primary_id from spring_session where session_id = $1)`,
      [cookie.slice(11)],
    );
    expect(rows).toEqual([{ name: 'ONR_LOGIN', head: 'aced000574' }]); // a stream, version 5, of a text
  });

  it('goes on with a session that a former version opened', async () => {
    const id = '00000000-0000-4000-8000-000000000002';
    await app.query(`insert into spring_session values ($1, $1, $2, $2, 1800, $3, 'x');`, [
      id,
      Date.now(),
      Date.now() + 1_000_000,
    ]);
    await app.query(`insert into spring_session_attributes values ($1, 'ONR_SESSION', $2)`, [
      id,
      Buffer.from(JSON.stringify({ login: { oid: VIRKAILIJA, authorities: ROLES, ticket: 'ST-1' } })),
    ]);
    expect(await app.anonymous.get('/cas/prequel', { cookie: `JSESSIONID=${id}` })).toMatchObject({ status: 200 });
  });

  it('never logs a ticket or the id of a session', async () => {
    const { cookie, ticket } = await login();
    const id = cookie.slice(11);
    const other = await app.peers.ticket(VIRKAILIJA, ROLES);
    await app.anonymous.get('/henkilo/current/omattiedot', { cookie });
    const session = app.access.at(-1)!.session;
    expect(session).toMatch(/^[0-9a-f]{32}$/);
    await app.anonymous.get(`/cas/prequel?a=b&tic%6bet=${other}&c=d`, { cookie: '' });
    expect(app.access.at(-1)).toMatchObject({
      request: 'GET /oppijanumerorekisteri-service/cas/prequel?a=b&tic%6bet=****&c=d HTTP/1.1',
    });
    await app.anonymous.get('/cas/prequel', { cookie, referer: `${app.base}/x?ticket=${other}` });
    await app.anonymous.get(`/henkilo/1.2.3;jsessionid=${id}`, { cookie });
    await app.anonymous.get(`/henkilo/1.2.3%3BJSESSIONID%3D${id}`, { cookie });
    await app.anonymous.get(`/cas/prequel?jsessionid=${id}`, { cookie });
    await app.anonymous.get('/henkilo/1.2.246.562.24.99999999999', { cookie, 'user-agent': ticket });
    await app.anonymous.get(`/?${new URLSearchParams({ logoutRequest: `<SessionIndex>${ticket}</SessionIndex>` })}`);
    expect(app.lines.filter((line) => [id, ticket, other].some((secret) => line.includes(secret)))).toEqual([]);
  });

  it('answers 500 with a page when CAS is broken', async () => {
    await app.peers.state({ fail: { cas: 503 } });
    const answer = await app.anonymous.get('/cas/prequel?ticket=ST-1');
    await app.peers.reset();
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

/** A GET with any headers, Host included. @param path below the context path */
const rawGet = (port: string, path: string, headers: Record<string, string>) =>
  new Promise<{ headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const sent = request({ port, path: `/oppijanumerorekisteri-service${path}`, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ headers: answer.headers, text }));
    });
    sent.on('error', reject);
    sent.end();
  });

/** A POST without a length, in chunks. */
const sendInChunks = (path: string, type: string, body: string, size: number) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(app.base + path, { method: 'POST', headers: { 'content-type': type } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode!, text: answer.statusCode === 413 ? '' : text }));
    });
    sent.on('error', reject);
    for (let at = 0; at < body.length; at += size) sent.write(body.slice(at, at + size));
    sent.end();
  });

it('keeps the rights of a token to what it says', async () => {
  const reader = userWith('1.2.246.562.24.99000000055', YLIOPISTO, 'READ');
  expect(await app.as(reader).get('/cas/prequel')).toMatchObject({ status: 200 });
  expect(await app.as(rekisterinpitaja).get('/cas/prequel')).toMatchObject({ status: 200 });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
