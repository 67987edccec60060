import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { NotAcceptableError } from './http-errors.js';
import { acceptance } from './negotiation.js';

const asIs = (text: unknown): string => text as string;

/** Sends `body` as JSON without a charset parameter, as the reference does. */
export function sendJson(reply: FastifyReply, body: unknown): void {
  void reply.header('content-type', 'application/json').serializer(asIs).send(JSON.stringify(body));
}

/**
 * What a handler returned becomes an answer (spec api 1.2): nothing → empty; a text → the bare text; bytes → as they are; anything else →
 * JSON. 406 when the caller accepts none of it, after the operation ran.
 */
export class JsonAdapter extends FastifyAdapter {
  override reply(response: FastifyReply, body: unknown, statusCode?: number): FastifyReply {
    if (statusCode !== undefined) response.status(statusCode);
    if (body === undefined || body === null) return response.send();
    const accepted = acceptance(response.request.headers.accept);
    if (typeof body === 'string') {
      if (response.getHeader('content-type') === undefined) response.header('content-type', accepted.text);
      return response.serializer(asIs).send(body);
    }
    if (Buffer.isBuffer(body)) return response.send(body);
    if (!accepted.json) throw new NotAcceptableError('application/json');
    sendJson(response, body);
    return response;
  }
}
