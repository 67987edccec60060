import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { noteArgument } from '../handler-arguments.js';
import { UnreadableBodyError, UnsupportedMediaTypeError } from '../http-errors.js';
import { listOf, readObject, type DtoClass } from './fields.js';
import { findMemberFault } from './member-names.js';
import { isText, readText, unreadable } from './scalars.js';
import { validate } from './validate.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

const BYTE_ORDER_MARK = 0xfeff;

/** The parsed JSON document of the request. @throws UnsupportedMediaTypeError, UnreadableBodyError */
function parseBody(request: FastifyRequest): unknown {
  const type = request.headers['content-type'];
  const text = request.body as string | undefined;
  if (type === undefined && !text) throw new UnreadableBodyError('Required request body is missing');
  if (type !== 'application/json' && !(type !== undefined && JSON_TYPE.test(type)))
    throw new UnsupportedMediaTypeError();
  if (text === undefined || text === '') throw new UnreadableBodyError('Required request body is missing');
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UnreadableBodyError('JSON parse error: the body is not one JSON document');
  }
  if (value === null) throw new UnreadableBodyError('Required request body is missing');
  const fault = findMemberFault(json, value);
  if (fault) throw new UnreadableBodyError(`JSON parse error: ${fault}`);
  return value;
}

const bodyDto = createParamDecorator((type: DtoClass, context: ExecutionContext): object => {
  const dto = readObject(type, parseBody(context.switchToHttp().getRequest<FastifyRequest>()), '');
  validate(dto!);
  return dto!;
});

/**
 * The JSON body as an instance of `type`, read as the reference reads it (spec api 1.4) and validated (spec api 7): 415
 * without a JSON content type, 400 otherwise. Permission rules know it by the class name with a lower-case initial.
 */
export const JsonBody =
  (type: DtoClass): ParameterDecorator =>
  (target, key, index) => {
    const name = type.name.charAt(0).toLowerCase() + type.name.slice(1);
    noteArgument(target, String(key), { index, name });
    bodyDto(type)(target, key, index);
    describe(target, key, { type });
  };

const bodyTexts = createParamDecorator((_: unknown, context: ExecutionContext): (string | null)[] => {
  const value = parseBody(context.switchToHttp().getRequest<FastifyRequest>());
  if (!Array.isArray(value)) return unreadable('', 'a list');
  return value.every(isText) ? value : listOf(readText)(value, '')!;
});

/** The JSON body as a list of texts: null elements are kept, numbers and booleans become text. */
export const JsonBodyList = (): ParameterDecorator => (target, key, index) => {
  bodyTexts()(target, key, index);
  describe(target, key, { type: [String] });
};

function describe(target: object, key: string | symbol | undefined, body: object): void {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (descriptor) ApiBody(body as Parameters<typeof ApiBody>[0])(target, key!, descriptor);
}
