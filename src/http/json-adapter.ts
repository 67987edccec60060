import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { JsonText } from './json-text.js';
import { NotAcceptableError } from './http-errors.js';
import { acceptance } from './negotiation.js';

const asIs = (text: unknown): string => text as string;

/** Lengths of the answers that are encoded into memory used again; a character takes three bytes at most. */
const MIN_BUFFERED_CHARACTERS = 16_384;
const MAX_BUFFERED_CHARACTERS = 262_144;
const MAX_IDLE_BUFFERS = 16;
const idleBuffers: Buffer[] = [];

/** Sends `body` as JSON without a charset parameter, as the reference does. */
export function sendJson(reply: FastifyReply, body: unknown): void {
  void reply
    .header('content-type', 'application/json')
    .serializer(asIs)
    .send(encoded(body instanceof JsonText ? body.text : JSON.stringify(body), reply));
}

/**
 * The bytes of a long answer, in a buffer that the next may use once these have left the process (`finish`; if the caller
 * hangs up before, never): fresh memory for each costs as much as to make the answer (docs/adr/0061-lists-as-json.md).
 */
function encoded(json: string, reply: FastifyReply): string | Buffer {
  if (json.length < MIN_BUFFERED_CHARACTERS || json.length > MAX_BUFFERED_CHARACTERS) return json;
  const buffer = idleBuffers.pop() ?? Buffer.allocUnsafeSlow(3 * MAX_BUFFERED_CHARACTERS);
  reply.raw.once('finish', () => {
    if (idleBuffers.length < MAX_IDLE_BUFFERS) idleBuffers.push(buffer);
  });
  return buffer.subarray(0, buffer.write(json));
}

/**
 * What a handler returned becomes an answer (docs/spec/api.md#1.2): nothing → empty; a text → the bare text; bytes → as they are; `JsonText` → as it
 * is; anything else → JSON. 406 when the caller accepts none of it, after the operation ran.
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
