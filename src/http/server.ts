import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFoundError } from '../common/errors.js';
import type { AccessLog } from './access-log.js';
import type { AllowedMethods } from './allowed-methods.js';
import { toErrorPage } from './error-answer.js';
import { sendError } from './error.filter.js';
import { MethodNotAllowedError } from './http-errors.js';
import { JsonAdapter } from './json-adapter.js';
import { contextOf, runInRequest, type RequestContext } from './request-context.js';
import { judgeUrl } from './url-rules.js';

/**
 * Largest body in bytes, above it 413: ten thousand import rows or five thousand OIDs fit well, and nobody can fill the
 * memory (docs/adr/0003).
 */
export const BODY_LIMIT = 9_500_000;

/** A caller who takes longer to send one request is hung up on. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Path that stands for a refused URL; no client can send it, since it holds a space. */
const REJECTED = '/ rejected';
const OUTSIDE = '/ outside';
const ILLEGAL = '/ illegal';

/** Finds out who calls: sets `caller` and `sessionId` of the context and calls `done`, or answers the request itself. */
export interface Authenticator {
  authenticate(request: FastifyRequest, reply: FastifyReply, done: () => void): void;
  /** Sends a caller who is not logged in to the login. */
  challenge(request: FastifyRequest, reply: FastifyReply): void;
  /** The answer to a URL that is refused before the caller is known (spec api 1.1). */
  refuseUrl(request: FastifyRequest, reply: FastifyReply): void;
  /** The request must be read before the caller is asked for: a form may be a single logout. */
  needsBody(request: FastifyRequest): boolean;
}

/** Told about every answered request, for the metrics. */
export type RequestObserver = (request: FastifyRequest, reply: FastifyReply) => void;

export function createAdapter(contextPath: string): JsonAdapter {
  return new JsonAdapter({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 100_000, caseSensitive: true, ignoreTrailingSlash: false },
    rewriteUrl: (request: IncomingMessage) => {
      const verdict = judgeUrl(request.url ?? '/', contextPath);
      switch (verdict.kind) {
        case 'path':
          return verdict.url;
        case 'rejected':
          return REJECTED;
        case 'illegal':
          return ILLEGAL;
        case 'outside':
          return OUTSIDE;
      }
    },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => sendError(request, reply, error),
    forceCloseConnections: false,
    return503OnClosing: false,
    skipMiddie: true,
  } as ConstructorParameters<typeof JsonAdapter>[0]);
}

/** Context, login, routing errors and access log of every request; bodies stay text for `@JsonBody`. */
export function installHooks(
  instance: FastifyInstance,
  parts: { authenticator: Authenticator; allowed: AllowedMethods; accessLog: AccessLog; observe: RequestObserver },
): void {
  const { authenticator, allowed, accessLog, observe } = parts;
  instance.decorateRequest('onr', null);
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  const identify = (request: FastifyRequest, reply: FastifyReply, done: () => void) =>
    authenticator.authenticate(request, reply, () => {
      if (request.is404 && !contextOf(request).caller) authenticator.challenge(request, reply);
      else if (request.is404) answerUnknown(request, reply, allowed);
      else done();
    });

  instance.addHook('onRequest', (request, reply, done) => {
    request.onr = newContext(request);
    const { url } = request.raw;
    if (url === ILLEGAL) sendPage(reply, 400);
    else if (url === OUTSIDE) sendPage(reply, 404);
    else if (url === REJECTED) authenticator.refuseUrl(request, reply);
    else if (authenticator.needsBody(request)) done();
    else identify(request, reply, done);
  });
  instance.addHook('preValidation', (request, reply, done) => {
    if (authenticator.needsBody(request)) identify(request, reply, done);
    else done();
  });
  instance.addHook('preHandler', (request, _reply, done) => runInRequest(contextOf(request), done));
  instance.addHook('onResponse', (request, reply, done) => {
    accessLog.write(request, reply);
    observe(request, reply);
    done();
  });
}

/** What the HTTP server itself says, whoever asks. */
function sendPage(reply: FastifyReply, status: number): void {
  void reply.status(status).header('content-type', 'text/html;charset=utf-8').send(toErrorPage(status));
}

function newContext(request: FastifyRequest): RequestContext {
  return {
    requestId: randomUUID(),
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress ?? '',
    rawUrl: request.originalUrl,
    caller: null,
    sessionId: null,
  };
}

/** No route: 404, or 405 with `Allow` when the path has other methods; OPTIONS lists them. */
function answerUnknown(request: FastifyRequest, reply: FastifyReply, allowed: AllowedMethods): void {
  const { url } = request.raw;
  const cut = url!.indexOf('?');
  const allow = allowed.find(cut < 0 ? url! : url!.slice(0, cut));
  if (allow === null) sendError(request, reply, new NotFoundError(null));
  else if (request.method === 'OPTIONS') void reply.status(200).header('allow', allow).send();
  else sendError(request, reply, new MethodNotAllowedError(allow));
}
