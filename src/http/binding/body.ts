import { setImmediate } from 'node:timers/promises';
import {
  createParamDecorator,
  Injectable,
  type ArgumentMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { bodyText, isJsonType } from '../body-text.js';
import { noteArgument } from '../handler-arguments.js';
import { UnreadableBodyError, UnsupportedMediaTypeError } from '../http-errors.js';
import { addRouteConfig, BODY_LIMIT, VALUES_LIMIT, type BodyLimits } from '../route-config.js';
import { describeDto, listOf, objectNameOf, readDocument, type DtoClass } from './fields.js';
import { checkedJson, type Bounds } from './json-scan.js';
import { readText, unreadable } from './scalars.js';
import { DtoValidator } from './validate.js';

/** Before and after a text of more characters is parsed others are served. */
const LONG_BODY_CHARACTERS = 100_000;
const MAX_LIST_ELEMENTS = 5_000;
const NOTHING = Buffer.alloc(0);

/**
 * The parsed JSON document of the request, within `bounds`.
 * @throws UnsupportedMediaTypeError, UnreadableBodyError, and the errors of `checkedJson`
 */
async function parseBody(request: FastifyRequest, bounds: Bounds): Promise<unknown> {
  const type = request.headers['content-type'];
  const body = request.body as Buffer | undefined;
  if (type === undefined && !body?.length) throw new UnreadableBodyError('Required request body is missing');
  if (!isJsonType(type)) throw new UnsupportedMediaTypeError();
  const text = bodyText(body ?? NOTHING, type);
  if (text === '') throw new UnreadableBodyError('Required request body is missing');
  const othersTurn = () => (text.length > LONG_BODY_CHARACTERS ? setImmediate() : undefined);
  await othersTurn();
  const json = await checkedJson(text, bounds);
  await othersTurn();
  const value = parsed(json);
  await othersTurn();
  return value;
}

function parsed(json: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UnreadableBodyError('JSON parse error: the body is not one JSON document');
  }
  if (value === null) throw new UnreadableBodyError('Required request body is missing');
  return value;
}

interface DtoBounds extends Bounds {
  readonly document: DtoClass;
}

/** Reads and validates the body of the request; Nest makes one for each module. */
@Injectable()
class JsonBodyPipe implements PipeTransform<FastifyRequest, Promise<object>> {
  constructor(private readonly validator: DtoValidator) {}

  async transform(request: FastifyRequest, { data }: ArgumentMetadata): Promise<object> {
    const bounds = data as unknown as DtoBounds;
    const dto = await readDocument(bounds.document, await parseBody(request, bounds));
    await this.validator.validateInSteps(dto);
    return dto;
  }
}

const requestOf = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>(),
);

/**
 * The JSON body as an instance of `type`, read as the reference reads it (docs/spec/api.md#1.4) and validated (docs/spec/api.md#7): 415
 * without a JSON content type, 400 otherwise. Permission rules know it by the class name with a lower-case initial.
 */
export const JsonBody =
  (type: DtoClass, limits: BodyLimits = {}): ParameterDecorator =>
  (target, key, index) => {
    const name = objectNameOf(type);
    const bounds: DtoBounds = { document: type, objectName: name, maxValues: limits.maxValues ?? VALUES_LIMIT };
    noteArgument(target, String(key), { index, name });
    requestOf(bounds, JsonBodyPipe)(target, key, index);
    describeDto(type);
    describe(target, key, { type }, limits);
  };

const bodyTexts = createParamDecorator(async (bounds: Bounds, context: ExecutionContext) => {
  const value = await parseBody(context.switchToHttp().getRequest<FastifyRequest>(), bounds);
  return Array.isArray(value) ? listOf(readText)(value, '')! : unreadable('', 'a list');
});

/**
 * The JSON body as a list of texts: null elements are kept, numbers and booleans become text.
 * @param max most elements; without it the handler counts them and refuses more than 5 000 with the recorded text
 */
export const JsonBodyList =
  ({ max }: { max?: number } = {}): ParameterDecorator =>
  (target, key, index) => {
    bodyTexts({ document: max ?? VALUES_LIMIT, objectName: 'list', maxValues: VALUES_LIMIT })(target, key, index);
    const schema = { type: 'array', maxItems: max ?? MAX_LIST_ELEMENTS, items: { type: 'string' } };
    describe(target, key, { schema }, {});
  };

function describe(
  target: object,
  key: string | symbol | undefined,
  body: object,
  { maxBytes = BODY_LIMIT }: BodyLimits,
): void {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (!descriptor) return;
  ApiBody(body as Parameters<typeof ApiBody>[0])(target, key!, descriptor);
  addRouteConfig(descriptor.value as object, { jsonBodyLimit: maxBytes });
}
