/**
 * CAS: login page with single sign-on, single logout, REST tickets for service users, ticket validation
 * (docs/spec/security-integrations-jobs.md#1.3 to docs/spec/security-integrations-jobs.md#1.8,
 * docs/spec/security-integrations-jobs.md#4.5). A service ticket works once, for the service it was given for, for a minute.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { cookiesOf, escape, page, redirect, text, xml } from './http.ts';
import { casAuthorities, serviceAccount, users } from './users.ts';

const TICKET_MS = 60_000;
const newTicket = (kind) => `${kind}-${randomBytes(12).toString('hex')}`;

export class Cas {
  /** Service ticket → { assertion, service, expires }; `service: null` fits every service. */
  tickets = new Map();
  /** Ticket granting ticket of a browser or service → { assertion, services: [{ ticket, service }] }. */
  logins = new Map();

  /** @param assertion { user, oidHenkilo, roles, kayttajaTyyppi } */
  grant(assertion, service, login) {
    const ticket = newTicket('ST');
    this.tickets.set(ticket, { assertion, service, expires: Date.now() + TICKET_MS });
    login?.services.push({ ticket, service });
    return ticket;
  }

  logIn(assertion) {
    const tgt = newTicket('TGT');
    const login = { assertion, services: [] };
    this.logins.set(tgt, login);
    return { tgt, login };
  }

  /** Ends the login and tells every service that had a ticket of it. */
  async logOut(tgt) {
    const login = this.logins.get(tgt);
    this.logins.delete(tgt);
    await Promise.allSettled((login?.services ?? []).map(({ ticket, service }) => postLogoutRequest(service, ticket)));
  }

  validate(ticket, service) {
    const granted = this.tickets.get(ticket);
    this.tickets.delete(ticket);
    if (!granted || granted.expires < Date.now()) return failure('INVALID_TICKET', `Ticket ${ticket} not recognized`);
    if (granted.service !== null && granted.service !== service)
      return failure('INVALID_SERVICE', `Ticket ${ticket} is not for ${service}`);
    return success(granted.assertion);
  }

  reset() {
    this.tickets.clear();
    this.logins.clear();
  }
}

/** Posts the SAML message of CAS's back channel. @returns the service's status */
export async function postLogoutRequest(url, ticket) {
  const logoutRequest =
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-${randomUUID()}" Version="2.0" IssueInstant="${new Date().toISOString()}">` +
    '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>' +
    `<samlp:SessionIndex>${escape(ticket)}</samlp:SessionIndex></samlp:LogoutRequest>`;
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ logoutRequest }),
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  });
  return response.status;
}

export const assertionOf = (user) => ({
  user: user.name,
  oidHenkilo: user.oid,
  roles: casAuthorities(user),
  kayttajaTyyppi: user.kayttajaTyyppi,
});

const response = (body) =>
  xml(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${body}</cas:serviceResponse>`);

const failure = (code, message) =>
  response(`<cas:authenticationFailure code="${code}">${escape(message)}</cas:authenticationFailure>`);

function success({ user, oidHenkilo, roles = [], kayttajaTyyppi = 'VIRKAILIJA' }) {
  const attribute = (name, value) =>
    value === null || value === undefined ? '' : `<cas:${name}>${escape(value)}</cas:${name}>`;
  return response(
    `<cas:authenticationSuccess>${attribute('user', user ?? oidHenkilo)}<cas:attributes>${attribute('oidHenkilo', oidHenkilo)}` +
      `${attribute('kayttajaTyyppi', kayttajaTyyppi)}${attribute('idpEntityId', 'usernamePassword')}` +
      `${roles.map((role) => attribute('roles', role)).join('')}</cas:attributes></cas:authenticationSuccess>`,
  );
}

/** The user of a name and password: sandbox users and the service's own account. */
function findUser(name, password) {
  const user = users.find((u) => u.name === name);
  if (user) return password === name ? assertionOf(user) : undefined;
  const isService = name === serviceAccount.name && password === serviceAccount.password;
  return isService ? { user: name, oidHenkilo: null, roles: [], kayttajaTyyppi: 'PALVELU' } : undefined;
}

const withTicket = (service, ticket) => `${service}${service.includes('?') ? '&' : '?'}ticket=${ticket}`;

function loginPage(service, message = '') {
  const hidden = `<input type="hidden" name="service" value="${escape(service)}">`;
  const rows = users
    .map(
      ({ name, title }) =>
        `<tr><td><form method="post">${hidden}<input type="hidden" name="username" value="${name}"><button name="password" value="${name}">${name}</button></form><td>${escape(title)}`,
    )
    .join('');
  return page(
    'Sandbox login',
    `<p class="note">${service ? `for ${escape(service)}` : 'without a service'}</p>${message && `<p role="alert"><strong>${escape(message)}</strong></p>`}
<table>${rows}</table><h2>Name and password</h2><form method="post">${hidden}<label>Name <input name="username"></label>
<label>Password <input name="password" type="password"></label> <button>Log in</button></form>`,
    { status: message ? 401 : 200 },
  );
}

export function casRoutes({ cas, origin }) {
  const tgtOf = (request) => cookiesOf(request).TGC;
  const enter = (assertion, service) => {
    const { tgt, login } = cas.logIn(assertion);
    const cookie = { 'set-cookie': `TGC=${tgt}; Path=/cas; HttpOnly; SameSite=Lax` };
    if (service) return redirect(withTicket(service, cas.grant(assertion, service, login)), cookie);
    return page('Logged in', `<p>as ${escape(assertion.user)}. <a href="/cas/logout">Log out</a></p>`, {
      headers: cookie,
    });
  };
  return [
    [
      'cas',
      'GET',
      /^\/cas\/login$/,
      (_, { url, request }) => {
        const service = url.searchParams.get('service') ?? '';
        const login = url.searchParams.get('renew') === 'true' ? undefined : cas.logins.get(tgtOf(request));
        if (!login) return loginPage(service);
        if (!service)
          return page('Logged in', `<p>as ${escape(login.assertion.user)}. <a href="/cas/logout">Log out</a></p>`);
        return redirect(withTicket(service, cas.grant(login.assertion, service, login)));
      },
    ],
    [
      'cas',
      'POST',
      /^\/cas\/login$/,
      (_, { url, form }) => {
        const service = form.get('service') ?? url.searchParams.get('service') ?? '';
        const assertion = findUser(form.get('username'), form.get('password'));
        return assertion ? enter(assertion, service) : loginPage(service, 'Wrong name or password');
      },
    ],
    [
      'cas',
      'GET',
      /^\/cas\/logout$/,
      async (_, { url, request }) => {
        await cas.logOut(tgtOf(request));
        const expired = { 'set-cookie': 'TGC=; Path=/cas; Max-Age=0' };
        const service = url.searchParams.get('service');
        return service
          ? redirect(service, expired)
          : page('Logged out', '<p><a href="/cas/login">Log in</a></p>', { headers: expired });
      },
    ],
    [
      'cas',
      'GET',
      /^\/cas\/(?:p3\/)?(?:serviceValidate|proxyValidate)$/,
      (_, { url }) => cas.validate(url.searchParams.get('ticket'), url.searchParams.get('service')),
    ],
    [
      'cas',
      'POST',
      /^\/cas\/v1\/tickets$/,
      (_, { form }) => {
        const assertion = findUser(form.get('username'), form.get('password'));
        return assertion
          ? text('', 201, { location: `${origin()}/cas/v1/tickets/${cas.logIn(assertion).tgt}` })
          : text('', 401);
      },
    ],
    [
      'cas',
      'POST',
      /^\/cas\/v1\/tickets\/([^/]+)$/,
      ([, tgt], { form }) => {
        const login = cas.logins.get(tgt);
        return login ? text(cas.grant(login.assertion, form.get('service'), login)) : text('', 404);
      },
    ],
  ];
}
