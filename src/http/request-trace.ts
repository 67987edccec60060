import type { FastifyReply, FastifyRequest } from 'fastify';
import { maskHetut } from '../common/hetu-mask.js';
import { tracing } from '../common/tracing.js';
import type { RequestContext } from './request-context.js';

const MAX_CALLER_ID = 200;

/** Begins the span of a request where requests are traced; it goes on with the caller's trace. */
export function beginTrace(request: FastifyRequest, context: RequestContext): void {
  if (tracing.tracer === null) return;
  const callerId = request.headers['caller-id'];
  context.span = tracing.tracer.start(request.method, 'server', request.headers, {
    'http.request.method': request.method,
    'onr.request_id': context.requestId,
    ...(typeof callerId === 'string' && { 'onr.caller_id': maskHetut(callerId.slice(0, MAX_CALLER_ID)) }),
  });
}

/** Ends it with what is known of the request now. The route is told, never the path, which may hold a hetu. */
export function endTrace(request: FastifyRequest, reply: FastifyReply): void {
  const span = request.onr?.span;
  if (!span) return;
  const route = request.routeOptions.url ?? 'UNKNOWN';
  const oid = request.onr?.caller?.oid;
  span.rename(`${request.method} ${route}`);
  span.set({ 'http.route': route, 'http.response.status_code': reply.statusCode, ...(oid && { 'enduser.id': oid }) });
  if (reply.statusCode >= 500) span.fail(String(reply.statusCode));
  span.end();
}
