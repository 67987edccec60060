import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFoundError, UnauthorizedError } from '../common/errors.js';
import type { IpRanges } from '../common/ip-ranges.js';
import { Patience } from '../common/work.js';
import type { AccessLog } from './access-log.js';
import type { AllowedMethods } from './allowed-methods.js';
import { clientErrorHandler, giveUp } from './client-errors.js';
import { clientAddress } from './client-address.js';
import { toErrorPage } from './error-answer.js';
import { sendError } from './error.filter.js';
import { isJsonType, knowsCharset } from './body-text.js';
import { HttpRefusal, MethodNotAllowedError, UnsupportedMediaTypeError } from './http-errors.js';
import { JsonAdapter } from './json-adapter.js';
import { hasHostFault, takeOrigin } from './request-target.js';
import { beginTrace, endTrace } from './request-trace.js';
import { contextOf, runInRequest, type RequestContext } from './request-context.js';
import type { HeaderValues } from './security-headers.js';
import { BODY_LIMIT } from './route-config.js';
import { isReadableQuery, judgeUrl } from './url-rules.js';

/** Largest form in bytes, above it 413: forms are single logouts, which are small, and are read before the login. */
export const FORM_LIMIT = 65_536;

/** Bodies up to this many bytes are read before the caller's role is checked. */
const SHORT_BODY_BYTES = 16_384;

/** Longest time to send one request, or its head; after it the answer is 408 and the connection is closed. */
const REQUEST_TIMEOUT_MS = 120_000;
const HEAD_TIMEOUT_MS = 20_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Longer than load balancers keep an unused connection (usually 60 s), so that the side that sends requests closes it. */
const KEEP_ALIVE_MS = 75_000;
/** Bytes of the request line with all headers, above it 431. */
const MAX_HEAD_BYTES = 16_384;

/** Path that stands for a refused URL; no client can send it, since it holds a space. */
const REJECTED = '/ rejected';
/** Content type of forms. */
export const FORM = 'application/x-www-form-urlencoded';
const OUTSIDE = '/ outside';
const ILLEGAL = '/ illegal';

/** Finds out who calls: sets `caller` and `session` of the context and calls `done`, or answers the request itself. */
export interface Authenticator {
  authenticate(request: FastifyRequest, reply: FastifyReply, done: () => void): void;
  /** Sends a caller who is not logged in to the login. */
  challenge(request: FastifyRequest, reply: FastifyReply): void;
  /** The answer to a URL that is refused before the caller is known (docs/spec/api.md#1.1). */
  refuseUrl(request: FastifyRequest, reply: FastifyReply): void;
  /** The request must be read before the caller is asked for: a form may be a single logout. */
  needsBody(request: FastifyRequest): boolean;
}

/** Told about every answered request, for the metrics. */
export type RequestObserver = (request: FastifyRequest, reply: FastifyReply) => void;

/** @param headers of answers that the hooks do not see */
export function createAdapter(contextPath: string, headers: HeaderValues = {}): JsonAdapter {
  const adapter = new JsonAdapter({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: {
      headersTimeout: HEAD_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      requireHostHeader: false, // refused by us, in the usual form
    },
    clientErrorHandler: clientErrorHandler(headers),
    routerOptions: { maxParamLength: 100_000, caseSensitive: true, ignoreTrailingSlash: false },
    rewriteUrl: (request: IncomingMessage) => {
      takeOrigin(request);
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
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendError(request, reply.headers(headers), error),
    forceCloseConnections: false,
    return503OnClosing: false,
    skipMiddie: true,
  } as ConstructorParameters<typeof JsonAdapter>[0]);
  const server: Server = adapter.getInstance().server;
  server.on('connect', (_request: IncomingMessage, socket: Socket) => giveUp(socket, 405, '', headers)); // we are no proxy
  server.on('checkExpectation', (request, answer) => server.emit('request', request, answer)); // refused in `onRequest`
  return adapter;
}

/**
 * Context, login, routing errors and access log of every request; bodies stay bytes for `@JsonBody`.
 * @throws Error a route is declared already: it would be open to everyone
 */
export function installHooks(
  instance: FastifyInstance,
  parts: {
    authenticator: Authenticator;
    allowed: AllowedMethods;
    accessLog: AccessLog;
    observe: RequestObserver;
    headers: HeaderValues;
    trustedProxies: IpRanges;
    /** What a request may wait for others in all. */
    patienceMs: number;
  },
): void {
  const { authenticator, allowed, accessLog, observe, headers, trustedProxies, patienceMs } = parts;
  if (allowed.list().length > 0) throw new Error('Hooks count only for routes that are declared after them');
  instance.decorateRequest('onr', null);
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  instance.addHook('onRoute', (route) => {
    const { jsonBodyLimit } = route.config ?? {};
    if (jsonBodyLimit !== undefined) route.bodyLimit = jsonBodyLimit;
  });

  instance.addContentTypeParser(FORM, (_request: FastifyRequest, body: IncomingMessage) => readForm(body));

  const identify = (request: FastifyRequest, reply: FastifyReply, done: () => void) =>
    runInRequest(contextOf(request), () =>
      authenticator.authenticate(request, reply, () => {
        if (request.is404 && !contextOf(request).caller) authenticator.challenge(request, reply);
        else if (request.is404) answerUnknown(request, reply, allowed);
        else {
          const refusal = earlyRefusalOf(request);
          if (refusal) sendError(request, reply, refusal);
          else done();
        }
      }),
    );

  instance.addHook('onRequest', (request, reply, done) => {
    request.onr = newContext(request, { trustedProxies, patienceMs });
    beginTrace(request, request.onr);
    void reply.headers(headers);
    const { url } = request.raw;
    const refusal = refusalOf(request);
    if (refusal !== null) sendError(request, reply, new HttpRefusal(refusal, 'container'));
    else if (request.originalUrl === '*') answerForServer(request, reply);
    else if (url === ILLEGAL) sendPage(reply, 400);
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
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (!instance.server.listening) void reply.header('connection', 'close'); // the process is about to end
    done(null, payload);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    if (request.onr) request.onr.isAnswered = true;
    accessLog.write(request, reply);
    observe(request, reply);
    endTrace(request, reply);
    done();
  });
}

/** Status of a request that is refused whoever sends it and wherever it goes; null: none. */
function refusalOf({ raw }: FastifyRequest): number | null {
  if (hasHostFault(raw)) return 400;
  const { expect } = raw.headers;
  return expect !== undefined && expect.toLowerCase() !== '100-continue' ? 417 : null;
}

/** `OPTIONS *` asks about the server as a whole; no other method may. */
function answerForServer(request: FastifyRequest, reply: FastifyReply): void {
  if (request.method !== 'OPTIONS') sendError(request, reply, new HttpRefusal(400, 'container'));
  else void reply.status(200).header('allow', 'GET,HEAD,POST,PUT,DELETE,OPTIONS').send();
}

/** A bound of its own, since that of an operation counts for every kind of body. @throws HttpRefusal 413 */
async function readForm(body: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > FORM_LIMIT) throw new HttpRefusal(413, 'container');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the HTTP server itself says, whoever asks. */
function sendPage(reply: FastifyReply, status: number): void {
  void reply.status(status).header('content-type', 'text/html;charset=utf-8').send(toErrorPage(status));
}

/**
 * Refuses before the body is read, so that nobody makes the service read what it refuses anyway: 400 for a query that is no
 * text, 415 for another kind of body, 401 for a caller without the role that the operation needs. Null: go on. A short body
 * is read first even where the role is missing: clients are told what is wrong with it, as by the reference (docs/spec/api.md#1.7).
 */
function earlyRefusalOf(request: FastifyRequest): Error | null {
  const { url } = request.raw;
  const cut = url!.indexOf('?');
  if (cut >= 0 && !isReadableQuery(url!.slice(cut + 1))) return new HttpRefusal(400, 'container');
  const { jsonBodyLimit, allows } = request.routeOptions.config;
  if (jsonBodyLimit === undefined) return null;
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (type === undefined ? coding !== undefined || Number(length) > 0 : !isJsonType(type) || !knowsCharset(type))
    return new UnsupportedMediaTypeError();
  if (coding === undefined && Number(length ?? 0) <= SHORT_BODY_BYTES) return null;
  const { caller } = contextOf(request);
  return allows && caller && !allows(caller) ? new UnauthorizedError('Permission missing') : null;
}

function newContext(
  request: FastifyRequest,
  { trustedProxies, patienceMs }: { trustedProxies: IpRanges; patienceMs: number },
): RequestContext {
  const { socket } = request.raw;
  const remoteAddress = (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  const context: RequestContext = {
    patience: new Patience(patienceMs),
    isAnswered: false,
    isAbandoned: () => socket.destroyed && !context.isAnswered,
    waits: () => context.caller?.oid ?? '',
    requestId: randomUUID(),
    headers: request.headers,
    remoteAddress,
    clientAddress: clientAddress(remoteAddress, request.headers, trustedProxies),
    method: request.method,
    route: () => request.routeOptions.url ?? 'UNKNOWN',
    rawUrl: request.originalUrl,
    caller: null,
    session: null,
    span: null,
  };
  return context;
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
