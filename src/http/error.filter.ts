import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorStack, errorText } from '../common/error-text.js';
import { AbandonedError, UnavailableError } from '../common/errors.js';
import { SteadyLog } from '../common/steady-log.js';
import { toErrorAnswer, toErrorBody, toErrorPage } from './error-answer.js';
import { sendJson } from './json-adapter.js';
import { acceptance } from './negotiation.js';

const log = new Logger('Http');
const outages = new SteadyLog((line) => log.error(line));

/** Turns every error into the status and body that clients know (docs/spec/api.md#2). */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendError(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), error);
  }
}

/** Answers the request with `error`, also from hooks, where no filter runs. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  if (reply.sent) return;
  const answer = toErrorAnswer(error);
  if (answer.unexpected) logUnexpected(request, error);
  else if (error instanceof UnavailableError && !(error instanceof AbandonedError))
    outages.add(`Requests fail: ${error.message}`);
  reply.status(answer.status).headers({ ...answer.headers });
  const fits = answer.form === 'empty' ? 'empty' : acceptance(request.headers.accept).error;
  if (fits === 'json') sendJson(reply, toErrorBody(answer, request.onr?.rawUrl ?? request.originalUrl));
  else if (fits === 'html')
    void reply.header('content-type', 'text/html;charset=UTF-8').send(toErrorPage(answer.status));
  else void reply.removeHeader('content-type').send();
}

function logUnexpected(request: FastifyRequest, error: unknown): void {
  const where = `${request.method} ${request.routeOptions.url ?? 'unknown route'}`;
  const what = error instanceof Error ? `${error.name}: ${errorText(error)}\n${errorStack(error)}` : String(error);
  log.error(`${where} failed: ${what}`);
}
