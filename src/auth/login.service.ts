import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Passport } from 'passport';
import { PeerError, UnauthorizedError } from '../common/errors.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { toErrorPage } from '../http/error-answer.js';
import { sendError } from '../http/error.filter.js';
import { HttpRefusal } from '../http/http-errors.js';
import { publicOrigin } from '../http/public-origin.js';
import { contextOf } from '../http/request-context.js';
import { FORM_LIMIT, type Authenticator } from '../http/server.js';
import { CasAddresses } from './cas/cas-addresses.service.js';
import { CasStrategy } from './cas/cas.strategy.js';
import { ticketsOfLogoutRequest } from './cas/logout-request.rules.js';
import { RETURN_COOKIE, ReturnAddresses } from './cas/return-addresses.service.js';
import { levelOfCasLogin } from './strong-authentication/authentication-level.rules.js';
import { SessionStore, type Login as CasLogin, type Session } from './sessions/session.store.js';
import {
  bearerTokenOf,
  CHECK_PATH,
  cookiesOf,
  isBearer,
  isForm,
  logoutRequestOf,
  METADATA_PATH,
  pathOf,
  returnTokenOf,
  SESSION_COOKIE,
  sessionIdsOf,
  ticketOf,
} from './credentials.rules.js';
import { BearerTokens, InvalidTokenError, UnjudgedTokenError } from './oauth2/bearer-tokens.service.js';

const HTML = 'text/html;charset=utf-8';
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
const OPEN_PATHS = /^\/(?:actuator(?:\/|$)|swagger-ui(?:\.html$|\/|$)|v3\/api-docs(?:\/|$))/;
/** A login that was asked for a second factor came without: asked again, CAS would answer the same. */
const NO_SECOND_FACTOR =
  'Kirjautuminen toisella tunnisteella ei onnistunut. Kirjaudu ulos ja yritä uudelleen. / You have not logged in with a second factor. Log out and try again.';

/** Passport's types know Express only; it needs no more of the answer than `statusCode` here. */
type PassportMiddleware = (request: FastifyRequest, reply: FastifyReply, next: (error?: unknown) => void) => void;

/** What a request of the CAS family brings along. */
interface Attempt {
  readonly path: string;
  readonly ticket: string | null;
  readonly logout: string | null;
  /** Ids of sessions, as the cookies give them. */
  readonly ids: readonly string[];
}

/** Finds out who calls (docs/spec/security-integrations-jobs.md#1): a Bearer token, or else CAS with a session. */
@Injectable()
export class LoginService implements Authenticator {
  private readonly log = new Logger(LoginService.name);
  private readonly cookieFlags: string;
  private readonly passport = new Passport();

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly tokens: BearerTokens,
    strategy: CasStrategy,
    private readonly addresses: CasAddresses,
    private readonly sessions: SessionStore,
    private readonly returnAddresses: ReturnAddresses,
  ) {
    this.passport.use(strategy);
    this.cookieFlags = `; HttpOnly; SameSite=Lax${config.usesSslProxy ? '; Secure' : ''}`;
  }

  needsBody(request: FastifyRequest): boolean {
    return isForm(request) && !isBearer(request) && Number(request.headers['content-length'] ?? 0) <= FORM_LIMIT;
  }

  authenticate(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const path = pathOf(request);
    if (path === '/logout') return this.settle(request, reply, this.logOut(request, reply));
    if (isBearer(request)) return this.authenticateBearer(request, reply, path, done);
    let attempt: Attempt;
    try {
      attempt = {
        path,
        ticket: ticketOf(request),
        logout: logoutRequestOf(request),
        ids: sessionIdsOf(request),
      };
    } catch (error) {
      return sendError(request, reply, error);
    }
    const { ticket, logout, ids } = attempt;
    if (ticket === null && logout === null && ids.length === 0 && OPEN_PATHS.test(path)) return done();
    this.settle(request, reply, this.authenticateCas(request, reply, attempt, done));
  }

  challenge(_request: FastifyRequest, reply: FastifyReply, returnToken: string | null = null): void {
    void reply.status(302).header('location', this.addresses.login(returnToken)).send();
  }

  refuseUrl(request: FastifyRequest, reply: FastifyReply): void {
    if (isBearer(request)) return this.refuseToken(request, reply, null);
    const answer = async () => {
      const session = await this.sessions.find(sessionIdsOf(request));
      if (session) sendError(request, reply, new HttpRefusal(400, 'container'));
      else this.challenge(request, reply);
    };
    this.settle(request, reply, answer());
  }

  private authenticateBearer(request: FastifyRequest, reply: FastifyReply, path: string, done: () => void): void {
    if (path === METADATA_PATH && request.method === 'GET') return done();
    const token = bearerTokenOf(request);
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

  /** @param description null: nothing is said about the token (docs/spec/security-integrations-jobs.md#1.10) */
  private refuseToken(request: FastifyRequest, reply: FastifyReply, description: string | null): void {
    const metadata = `resource_metadata="${this.addressOf(request, METADATA_PATH)}"`;
    const error =
      description === null
        ? ''
        : `error="invalid_token", error_description="${description}", error_uri="https://tools.ietf.org/html/rfc6750#section-3.1", `;
    void reply.status(401).header('www-authenticate', `Bearer ${error}${metadata}`).send();
  }

  private async authenticateCas(
    request: FastifyRequest,
    reply: FastifyReply,
    attempt: Attempt,
    done: () => void,
  ): Promise<void> {
    const { path, ticket, logout } = attempt;
    if (logout !== null) return this.logOutTickets(request, reply, logout);
    const session = await this.findSession(attempt);
    if (ticket !== null && ticket !== session?.login.ticket) return this.logIn(request, reply, attempt, session, done);
    if (session) {
      this.enter(request, session.id, session.login);
      if (path !== CHECK_PATH) done();
      else if (ticket === null) sendError(request, reply, new UnauthorizedError(null));
      else this.redirectBack(request, reply); // a browser that loads the check path again has logged in with this ticket
      return;
    }
    if (OPEN_PATHS.test(path)) done();
    else this.challenge(request, reply, this.keepReturnAddress(request, reply, path));
  }

  /** Open paths answer also while the database is away. */
  private async findSession({ ids, path }: Attempt): Promise<Session | undefined> {
    try {
      return await this.sessions.find(ids);
    } catch (error) {
      if (OPEN_PATHS.test(path)) return undefined;
      throw error;
    }
  }

  /** A ticket on any path: the same request goes on as the user, except on the check path, which redirects. */
  private async logIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { path, ids }: Attempt,
    session: Session | undefined,
    done: () => void,
  ): Promise<void> {
    const login = await this.runStrategy(request, reply);
    if (login === undefined) return;
    if (login === null) return void reply.status(401).send();
    // Other requests of the browser are under way with the session that a parallel one has just opened for the same user.
    const parallel = session?.login.oid === login.oid && this.returnAddresses.open(returnTokenOf(request)) !== null;
    const id = await this.sessions.open(login, parallel ? [] : ids);
    if (parallel) await this.sessions.retire(session.id);
    void reply.header('set-cookie', `${SESSION_COOKIE}=${id}; Path=${this.config.contextPath}${this.cookieFlags}`);
    this.enter(request, id, login);
    if (path === CHECK_PATH) this.redirectBack(request, reply);
    else done();
  }

  /**
   * Runs the strategy `cas` on the request.
   * @returns null: CAS refuses the ticket; undefined: CAS gives no judgement and the request is answered with the server's own
   *   page: 500 while CAS is away or broken (docs/spec/security-integrations-jobs.md#1.5), 502 when it answers what is none
   */
  private async runStrategy(request: FastifyRequest, reply: FastifyReply): Promise<CasLogin | null | undefined> {
    try {
      return await new Promise<CasLogin | null>((resolve, reject) => {
        const options = { session: false, assignProperty: 'casLogin', authInfo: false, failWithError: true };
        const run = this.passport.authenticate('cas', options) as PassportMiddleware;
        run(request, reply, (error) => {
          const { casLogin } = request as { casLogin?: CasLogin };
          if (casLogin) resolve(casLogin);
          else if ((error as { name?: unknown } | undefined)?.name === 'AuthenticationError') resolve(null);
          else reject(error instanceof Error ? error : new Error('CAS login was passed on'));
        });
      });
    } catch (error) {
      this.log.error(`CAS gives no judgement of a ticket: ${textOf(error)}`);
      const answered = error instanceof PeerError && error.status !== null && error.status < 500;
      const status = answered ? 502 : 500;
      void reply.status(status).header('content-type', HTML).send(toErrorPage(status));
      return undefined;
    }
  }

  private enter(request: FastifyRequest, sessionId: string, login: CasLogin): void {
    const context = contextOf(request);
    context.session = createHash('sha256').update(sessionId).digest('hex').slice(0, 32);
    const authentication = levelOfCasLogin(login.methods ?? [], this.config.strongAuthentication);
    context.caller = { oid: login.oid, protocol: 'cas', authorities: new Set(login.authorities), authentication };
  }

  private redirectBack(request: FastifyRequest, reply: FastifyReply): void {
    const [cookie = null] = cookiesOf(request, RETURN_COOKIE);
    const { contextPath } = this.config;
    const tokens = [returnTokenOf(request), cookie];
    const token = tokens.find((one) => this.returnAddresses.open(one) !== null) ?? null;
    const target = this.returnAddresses.open(token);
    if (cookie !== null) void reply.header('set-cookie', this.returnAddresses.cookie('', 0));
    if (this.returnAddresses.asksForStrong(token) && contextOf(request).caller?.authentication === 'weak')
      return void reply.status(401).header('content-type', HTML).send(toErrorPage(401, NO_SECOND_FACTOR));
    void reply
      .status(302)
      .header('location', `${publicOrigin(this.config, request.headers.host)}${target ?? `${contextPath}/`}`)
      .send();
  }

  /** Keeps where a login returns to (ADR 95). @returns the token that goes into the service's address; null: none does */
  private keepReturnAddress(request: FastifyRequest, reply: FastifyReply, path: string): string | null {
    if (path === CHECK_PATH) return null;
    const { token, cookie } = this.returnAddresses.keep(contextOf(request));
    if (cookie !== null) void reply.header('set-cookie', cookie);
    return token;
  }

  private async logOutTickets(request: FastifyRequest, reply: FastifyReply, logout: string): Promise<void> {
    let tickets: string[];
    try {
      tickets = ticketsOfLogoutRequest(logout);
    } catch {
      this.challenge(request, reply);
      return;
    }
    if (tickets.length > 0) await this.sessions.deleteByTickets(tickets);
    void reply.status(200).send();
  }

  /** What another site makes a browser ask for ends nothing. */
  private async logOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.headers['sec-fetch-site'] !== 'cross-site' && cookiesOf(request, SESSION_COOKIE).length > 0) {
      await this.sessions.delete(sessionIdsOf(request));
      void reply.header(
        'set-cookie',
        `${SESSION_COOKIE}=; Max-Age=0; Path=${this.config.contextPath}${this.cookieFlags}`,
      );
    }
    void reply.status(302).header('location', this.addressOf(request, '/login?logout')).send();
  }

  /** Address of a path of ours as the caller sees it. */
  private addressOf({ headers }: FastifyRequest, path: string): string {
    return `${publicOrigin(this.config, headers.host)}${this.config.contextPath}${path}`;
  }

  private settle(request: FastifyRequest, reply: FastifyReply, work: Promise<void>): void {
    work.catch((error: unknown) => sendError(request, reply, error));
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
