import type { FastifyRequest } from 'fastify';
import { bodyText } from './body-text.js';
import { HttpRefusal } from './http-errors.js';

const NO_TEXT = /%00|%(?![0-9a-f]{2})/i;

/**
 * A field of a form that was sent as the body; null: there is none.
 * @throws HttpRefusal 400: the form is no text in its charset or not percent-encoded UTF-8; UnsupportedMediaTypeError
 */
export function formField(request: FastifyRequest, name: string): string | null {
  if (!Buffer.isBuffer(request.body)) return null;
  const form = bodyText(request.body, request.headers['content-type']);
  if (NO_TEXT.test(form)) throw new HttpRefusal(400, 'container');
  try {
    decodeURIComponent(form);
  } catch {
    throw new HttpRefusal(400, 'container');
  }
  return new URLSearchParams(form).get(name);
}
