/**
 * CAS: login page with single sign-on, single logout, REST tickets for service users, ticket validation
 * (docs/spec/security-integrations-jobs.md#1.3 to docs/spec/security-integrations-jobs.md#1.8,
 * docs/spec/security-integrations-jobs.md#4.5). A service ticket works once, for the service it was given for, for a minute.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { cookiesOf, escape, page, redirect, text, xml } from './http.ts';
import type { Answer, Context, Route } from './route.ts';
import { casAuthorities, serviceAccount, users, type SandboxUser } from './users.ts';

const TICKET_MS = 60_000;
/** The one-time code of every user. */
const SECOND_FACTOR_CODE = '123456';
/** Parameter of the login page that asks for a second factor: the default of setting ONR_MFA_CAS_PARAMETER. */
const METHOD_PARAMETER = 'authn_method';
const newTicket = (kind: 'ST' | 'TGT') => `${kind}-${randomBytes(12).toString('hex')}`;

/** What CAS tells a service of the user. */
export interface Assertion {
  /** Name; default: the OID. */
  readonly user?: string;
  readonly oidHenkilo?: string | null;
  readonly roles?: readonly string[];
  readonly kayttajaTyyppi?: string;
  /** How the user logged in beside the password, e.g. `mfa-gauth`; told as `authnContextClass` and `authenticationMethod`. */
  readonly methods?: readonly string[];
}

/** A browser or service that is logged in, with the tickets that it took. */
interface Login {
  assertion: Assertion;
  readonly services: { readonly ticket: string; readonly service: string }[];
}

interface Ticket {
  readonly assertion: Assertion;
  /** null: every service. */
  readonly service: string | null;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export class Cas {
  /** By service ticket. */
  private readonly tickets = new Map<string, Ticket>();
  /** By ticket granting ticket. */
  private readonly logins = new Map<string, Login>();

  /** The login of a ticket granting ticket. */
  find(tgt: string | undefined): Login | undefined {
    return tgt === undefined ? undefined : this.logins.get(tgt);
  }

  /** @returns a ticket that is good once for the service; null: for any service */
  grant(assertion: Assertion, service: string | null): string {
    const ticket = newTicket('ST');
    this.tickets.set(ticket, { assertion, service, expires: Date.now() + TICKET_MS });
    return ticket;
  }

  /** As `grant`, for a user who is logged in: the service is told when he logs out. */
  grantTo(login: Login, service: string): string {
    const ticket = this.grant(login.assertion, service);
    login.services.push({ ticket, service });
    return ticket;
  }

  logIn(assertion: Assertion): { tgt: string; login: Login } {
    const tgt = newTicket('TGT');
    const login: Login = { assertion, services: [] };
    this.logins.set(tgt, login);
    return { tgt, login };
  }

  /** Ends the login and tells every service that had a ticket of it. */
  async logOut(tgt: string | undefined): Promise<void> {
    const login = this.find(tgt);
    if (tgt !== undefined) this.logins.delete(tgt);
    await Promise.allSettled((login?.services ?? []).map(({ ticket, service }) => postLogoutRequest(service, ticket)));
  }

  validate(ticket: string | null, service: string | null): Answer {
    const granted = this.tickets.get(ticket ?? '');
    this.tickets.delete(ticket ?? '');
    if (!granted || granted.expires < Date.now())
      return failure('INVALID_TICKET', `Ticket ${ticket ?? ''} not recognized`);
    if (granted.service !== null && granted.service !== service)
      return failure('INVALID_SERVICE', `Ticket ${ticket ?? ''} is not for ${service ?? ''}`);
    return success(granted.assertion);
  }

  reset(): void {
    this.tickets.clear();
    this.logins.clear();
  }
}

/** Posts the SAML message of CAS's back channel. @returns the service's status */
export async function postLogoutRequest(url: string, ticket: string): Promise<number> {
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

export const assertionOf = (user: SandboxUser): Assertion => ({
  user: user.name,
  oidHenkilo: user.oid,
  roles: casAuthorities(user),
  kayttajaTyyppi: user.kayttajaTyyppi,
});

const response = (body: string) =>
  xml(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${body}</cas:serviceResponse>`);

const failure = (code: string, message: string) =>
  response(`<cas:authenticationFailure code="${code}">${escape(message)}</cas:authenticationFailure>`);

function success({ user, oidHenkilo, roles = [], kayttajaTyyppi = 'VIRKAILIJA', methods = [] }: Assertion) {
  const attribute = (name: string, value: string | null | undefined) =>
    value === null || value === undefined ? '' : `<cas:${name}>${escape(value)}</cas:${name}>`;
  return response(
    `<cas:authenticationSuccess>${attribute('user', user ?? oidHenkilo)}<cas:attributes>${attribute('oidHenkilo', oidHenkilo)}` +
      `${attribute('kayttajaTyyppi', kayttajaTyyppi)}${attribute('idpEntityId', 'usernamePassword')}` +
      methods
        .map((method) => attribute('authnContextClass', method) + attribute('authenticationMethod', method))
        .join('') +
      `${roles.map((role) => attribute('roles', role)).join('')}</cas:attributes></cas:authenticationSuccess>`,
  );
}

/** The user of a name and password: sandbox users and the service's own account. */
function findUser(name: string | null, password: string | null): Assertion | undefined {
  const user = users.find((u) => u.name === name);
  if (user) return password === name ? assertionOf(user) : undefined;
  const isService = name === serviceAccount.name && password === serviceAccount.password;
  return isService ? { user: serviceAccount.name, oidHenkilo: null, roles: [], kayttajaTyyppi: 'PALVELU' } : undefined;
}

const withTicket = (service: string, ticket: string) =>
  `${service}${service.includes('?') ? '&' : '?'}ticket=${ticket}`;

const hiddenFields = (service: string, method: string) =>
  `<input type="hidden" name="service" value="${escape(service)}"><input type="hidden" name="${METHOD_PARAMETER}" value="${escape(method)}">`;

/** Asks who has given the password for the one-time code. */
function secondFactorPage(service: string, method: string, message = '') {
  return page(
    'Sandbox second factor',
    `<p class="note">${escape(method)} for ${escape(service)}</p>${message && `<p role="alert"><strong>${escape(message)}</strong></p>`}
<p>The code of every user is <code>${SECOND_FACTOR_CODE}</code>.</p><form method="post">${hiddenFields(service, method)}
<label>One-time code <input name="code" inputmode="numeric" autocomplete="one-time-code" value="${SECOND_FACTOR_CODE}"></label> <button>Log in</button></form>`,
    { status: message ? 401 : 200 },
  );
}

function loginPage(service: string, method: string, message = '') {
  const hidden = hiddenFields(service, method);
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

export function casRoutes({ cas, origin }: Context): Route[] {
  const tgtOf = (request: IncomingMessage) => cookiesOf(request).TGC;
  const hasMethod = ({ assertion }: Login, method: string) =>
    method === '' || assertion.methods?.includes(method) === true;
  const enter = (assertion: Assertion, service: string, method: string) => {
    const { tgt, login } = cas.logIn(assertion);
    const cookie = { 'set-cookie': `TGC=${tgt}; Path=/; HttpOnly; SameSite=Lax` };
    if (!hasMethod(login, method)) {
      const asked = secondFactorPage(service, method);
      return { ...asked, headers: { ...asked.headers, ...cookie } };
    }
    if (service) return redirect(withTicket(service, cas.grantTo(login, service)), cookie);
    return page('Logged in', `<p>as ${escape(assertion.user ?? '')}. <a href="/cas/logout">Log out</a></p>`, {
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
        const method = url.searchParams.get(METHOD_PARAMETER) ?? '';
        const login = url.searchParams.get('renew') === 'true' ? undefined : cas.find(tgtOf(request));
        if (!login) return loginPage(service, method);
        if (!hasMethod(login, method)) return secondFactorPage(service, method);
        if (!service)
          return page(
            'Logged in',
            `<p>as ${escape(login.assertion.user ?? '')}. <a href="/cas/logout">Log out</a></p>`,
          );
        return redirect(withTicket(service, cas.grantTo(login, service)));
      },
    ],
    [
      'cas',
      'POST',
      /^\/cas\/login$/,
      (_, { url, form, request }) => {
        const service = form.get('service') ?? url.searchParams.get('service') ?? '';
        const method = form.get(METHOD_PARAMETER) ?? url.searchParams.get(METHOD_PARAMETER) ?? '';
        if (form.has('code')) {
          const login = cas.find(tgtOf(request));
          if (!login) return loginPage(service, method, 'The login has ended');
          if (form.get('code') !== SECOND_FACTOR_CODE) return secondFactorPage(service, method, 'Wrong code');
          login.assertion = { ...login.assertion, methods: [method] };
          if (!service) return page('Logged in', '<p><a href="/cas/logout">Log out</a></p>');
          return redirect(withTicket(service, cas.grantTo(login, service)));
        }
        const assertion = findUser(form.get('username'), form.get('password'));
        return assertion ? enter(assertion, service, method) : loginPage(service, method, 'Wrong name or password');
      },
    ],
    [
      'cas',
      'GET',
      /^\/cas\/logout$/,
      async (_, { url, request }) => {
        await cas.logOut(tgtOf(request));
        const expired = { 'set-cookie': 'TGC=; Path=/; Max-Age=0' };
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
      (tgt, { form }) => {
        const login = cas.find(tgt);
        return login ? text(cas.grantTo(login, form.get('service') ?? '')) : text('', 404);
      },
    ],
  ];
}
