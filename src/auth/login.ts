import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UnauthorizedError } from '../common/errors.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { sendError } from '../http/error.filter.js';
import { HttpRefusal } from '../http/http-errors.js';
import { contextOf } from '../http/request-context.js';
import type { Authenticator } from '../http/server.js';
import { CasClient } from './cas/cas-client.js';
import { ticketOfLogoutRequest } from './cas/logout-request.js';
import { SessionStore, type Login as CasLogin, type Session } from './cas/session-store.js';
import { BearerTokens, InvalidTokenError, UnjudgedTokenError } from './oauth2/bearer-tokens.js';

const BEARER = 'Bearer ';
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
const CHECK_PATH = '/j_spring_cas_security_check';
const METADATA_PATH = '/.well-known/oauth-protected-resource';
const OPEN = /^\/(?:actuator(?:\/|$)|swagger-ui(?:\.html$|\/|$)|v3\/api-docs(?:\/|$))/;
const FORM = 'application/x-www-form-urlencoded';
/** A single logout is small; larger forms are none. */
const LARGEST_LOGOUT = 65_536;
const COOKIE = /(?:^|;)\s*JSESSIONID=([^;]*)/;

/** Finds out who calls (spec security-integrations-jobs 1): a Bearer token, or else CAS with a session. */
@Injectable()
export class LoginService implements Authenticator {
  private readonly log = new Logger(LoginService.name);
  private readonly cookieEnd: string;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly tokens: BearerTokens,
    private readonly cas: CasClient,
    private readonly sessions: SessionStore,
  ) {
    this.cookieEnd = `; Path=${config.contextPath}; HttpOnly; SameSite=Lax${config.usesSslProxy ? '; Secure' : ''}`;
  }

  needsBody(request: FastifyRequest): boolean {
    if (request.method !== 'POST' || isBearer(request)) return false;
    if (!request.headers['content-type']?.toLowerCase().startsWith(FORM)) return false;
    return Number(request.headers['content-length'] ?? Infinity) <= LARGEST_LOGOUT;
  }

  authenticate(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const path = pathOf(request);
    if (path === '/logout') return this.settle(request, reply, this.logOut(request, reply));
    if (isBearer(request)) return this.authenticateBearer(request, reply, path, done);
    const ticket = ticketOf(request);
    const logout = logoutRequestOf(request);
    const cookie = cookieOf(request);
    if (ticket === null && logout === null && cookie === null && OPEN.test(path)) return done();
    this.settle(request, reply, this.authenticateCas(request, reply, { path, ticket, logout, cookie }, done));
  }

  challenge(request: FastifyRequest, reply: FastifyReply): void {
    void reply.status(302).header('location', this.cas.loginUrl).send();
  }

  refuseUrl(request: FastifyRequest, reply: FastifyReply): void {
    if (isBearer(request)) return this.refuseToken(request, reply, null);
    const cookie = cookieOf(request);
    if (cookie === null) return this.challenge(request, reply);
    const answer = async () => {
      const session = await this.sessions.find(cookie);
      if (session?.login) sendError(request, reply, new HttpRefusal(400, 'container'));
      else this.challenge(request, reply);
    };
    this.settle(request, reply, answer());
  }

  private authenticateBearer(request: FastifyRequest, reply: FastifyReply, path: string, done: () => void): void {
    if (path === METADATA_PATH && request.method === 'GET') return done();
    const token = request.headers.authorization!.slice(BEARER.length);
    const proceed = () => (path === CHECK_PATH ? sendError(request, reply, new UnauthorizedError(null)) : done());
    const known = this.tokens.recall(token);
    if (known) {
      contextOf(request).caller = known;
      return proceed();
    }
    if (!TOKEN.test(token)) return this.refuseToken(request, reply, 'Bearer token is malformed');
    this.tokens.verify(token).then(
      (caller) => {
        contextOf(request).caller = caller;
        proceed();
      },
      (error: unknown) => {
        if (error instanceof InvalidTokenError) {
          this.refuseToken(
            request,
            reply,
            `An error occurred while attempting to decode the Jwt: ${error.message.replace(/["\\]/g, "'")}`,
          );
        } else {
          if (!(error instanceof UnjudgedTokenError) || error.cause)
            this.log.warn(`A token could not be judged: ${textOf(error)}`);
          this.refuseToken(request, reply, null);
        }
      },
    );
  }

  /** @param description null: nothing is said about the token (spec 1.10) */
  private refuseToken(request: FastifyRequest, reply: FastifyReply, description: string | null): void {
    const metadata = `resource_metadata="${this.originOf(request)}${this.config.contextPath}${METADATA_PATH}"`;
    const error =
      description === null
        ? ''
        : `error="invalid_token", error_description="${description}", error_uri="https://tools.ietf.org/html/rfc6750#section-3.1", `;
    void reply.status(401).header('www-authenticate', `Bearer ${error}${metadata}`).send();
  }

  private async authenticateCas(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      path,
      ticket,
      logout,
      cookie,
    }: { path: string; ticket: string | null; logout: string | null; cookie: string | null },
    done: () => void,
  ): Promise<void> {
    if (logout !== null) return this.logOutTicket(request, reply, logout);
    const session = cookie === null ? undefined : await this.findSession(cookie, path);
    if (ticket !== null && ticket !== session?.login?.ticket)
      return this.logIn(request, reply, { path, ticket, session }, done);
    if (session?.login) {
      this.enter(request, session.id, session.login);
      if (path !== CHECK_PATH) return done();
      return ticket === null
        ? sendError(request, reply, new UnauthorizedError(null))
        : this.redirectBack(request, reply, session);
    }
    if (OPEN.test(path)) return done();
    if (request.method === 'GET' && path !== CHECK_PATH) await this.saveRequest(request, reply, session);
    this.challenge(request, reply);
  }

  /** Open paths answer also while the database is away. */
  private async findSession(cookie: string, path: string): Promise<Session | undefined> {
    try {
      return await this.sessions.find(cookie);
    } catch (error) {
      if (OPEN.test(path)) return undefined;
      throw error;
    }
  }

  /** A ticket on any path: the same request goes on as the user, except on the check path, which redirects. */
  private async logIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { path, ticket, session }: { path: string; ticket: string; session: Session | undefined },
    done: () => void,
  ): Promise<void> {
    const login = ticket === '' ? null : await this.askCas(request, reply, ticket);
    if (login === undefined) return;
    if (login === null) return void reply.status(401).send();
    const id = await this.openSession(reply, session, { login, savedUrl: null });
    await this.sessions.recordTicket(id, ticket);
    this.enter(request, id, login);
    if (path === CHECK_PATH) this.redirectBack(request, reply, session);
    else done();
  }

  /** A session that somebody uses already keeps its id; one from before login gets a new one, so that nobody can plant it. */
  private async openSession(
    reply: FastifyReply,
    session: Session | undefined,
    content: { login: CasLogin; savedUrl: null },
  ): Promise<string> {
    if (session?.login) {
      await this.sessions.replace(session.id, content);
      return session.id;
    }
    const id = await this.sessions.create(content);
    if (session) await this.sessions.delete(session.id);
    this.setCookie(reply, id);
    return id;
  }

  /** @returns undefined: CAS cannot be asked and the request is answered (500 with the server's own page, spec 1.5) */
  private async askCas(
    request: FastifyRequest,
    reply: FastifyReply,
    ticket: string,
  ): Promise<CasLogin | null | undefined> {
    try {
      return await this.cas.authenticate(ticket);
    } catch (error) {
      this.log.error(`CAS cannot be asked: ${textOf(error)}`);
      void reply
        .status(500)
        .header('content-type', 'text/html;charset=utf-8')
        .send('<!doctype html><title>500</title><h1>Internal Server Error</h1>');
      return undefined;
    }
  }

  private enter(request: FastifyRequest, sessionId: string, login: CasLogin): void {
    const context = contextOf(request);
    context.sessionId = sessionId;
    context.caller = { oid: login.oid, protocol: 'cas', authorities: new Set(login.authorities) };
  }

  private redirectBack(request: FastifyRequest, reply: FastifyReply, session: Session | undefined): void {
    const target = session?.savedUrl ?? `${this.config.contextPath}/`;
    void reply
      .status(302)
      .header('location', `${this.originOf(request)}${target}`)
      .send();
  }

  /** Only pages are worth coming back to; that the session cannot be kept must not hinder the login. */
  private async saveRequest(request: FastifyRequest, reply: FastifyReply, session: Session | undefined): Promise<void> {
    const content = { login: null, savedUrl: contextOf(request).rawUrl };
    try {
      if (session) await this.sessions.replace(session.id, content);
      else this.setCookie(reply, await this.sessions.create(content));
    } catch (error) {
      this.log.warn(`A request before login is not remembered: ${textOf(error)}`);
    }
  }

  private async logOutTicket(request: FastifyRequest, reply: FastifyReply, logout: string): Promise<void> {
    let ticket: string | null;
    try {
      ticket = ticketOfLogoutRequest(logout);
    } catch {
      return this.challenge(request, reply);
    }
    if (ticket !== null) await this.sessions.deleteByTicket(ticket);
    void reply.status(200).send();
  }

  private async logOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const cookie = cookieOf(request);
    if (cookie !== null) {
      await this.sessions.delete(cookie);
      void reply.header('set-cookie', `JSESSIONID=; Max-Age=0${this.cookieEnd}`);
    }
    void reply
      .status(302)
      .header('location', `${this.originOf(request)}${this.config.contextPath}/login?logout`)
      .send();
  }

  private setCookie(reply: FastifyReply, id: string): void {
    void reply.header('set-cookie', `JSESSIONID=${id}${this.cookieEnd}`);
  }

  /** Scheme and host as the caller sees them. */
  private originOf(request: FastifyRequest): string {
    const { host = '' } = request.headers;
    const safe = /^[A-Za-z0-9.:[\]_-]+$/.test(host) ? host : new URL(this.config.cas.service).host;
    return `${this.config.usesSslProxy ? 'https' : 'http'}://${safe}`;
  }

  private settle(request: FastifyRequest, reply: FastifyReply, work: Promise<void>): void {
    work.catch((error: unknown) => sendError(request, reply, error));
  }
}

const isBearer = (request: FastifyRequest): boolean => request.headers.authorization?.startsWith(BEARER) === true;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function pathOf(request: FastifyRequest): string {
  const url = request.raw.url!;
  const cut = url.indexOf('?');
  return cut < 0 ? url : url.slice(0, cut);
}

/** Header first; the parameter on every method but POST. An empty parameter is a ticket too, a bad one. */
function ticketOf(request: FastifyRequest): string | null {
  const header = request.headers.cassecurityticket;
  if (typeof header === 'string' && header !== '') return header;
  return request.method === 'POST' ? null : textParameter(request.query, 'ticket');
}

/** A SAML logout request in the form of a POST or the query of GET and POST. */
function logoutRequestOf(request: FastifyRequest): string | null {
  if (request.method !== 'POST' && request.method !== 'GET') return null;
  const inQuery = textParameter(request.query, 'logoutRequest');
  if (inQuery !== null || request.method === 'GET' || typeof request.body !== 'string') return inQuery;
  return new URLSearchParams(request.body).get('logoutRequest');
}

function textParameter(query: unknown, name: string): string | null {
  const value = (query as Record<string, unknown> | undefined)?.[name];
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? String(value[0]) : null;
}

function cookieOf(request: FastifyRequest): string | null {
  const { cookie } = request.headers;
  return cookie === undefined ? null : (COOKIE.exec(cookie)?.[1]?.trim() ?? null);
}
