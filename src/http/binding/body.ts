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
import { describeDto, listOf, readLongObject, readObject, type DtoClass } from './fields.js';
import { checkedJson, checkedLongJson, objectShape, textListShape, type Bounds } from './json-scan.js';
import { readText, unreadable } from './scalars.js';
import { DtoValidator } from './validate.js';

/** Bodies of more characters are read in steps, so that others are served in between. */
const LONG_BODY_CHARACTERS = 100_000;
const MAX_LIST_ELEMENTS = 5_000;

/**
 * The parsed JSON document of the request, within `bounds`.
 * @throws UnsupportedMediaTypeError, UnreadableBodyError, and the errors of `checkedJson`
 */
async function parseBody(request: FastifyRequest, bounds: Bounds): Promise<{ value: unknown; isLong: boolean }> {
  const type = request.headers['content-type'];
  const body = request.body as Buffer | undefined;
  if (type === undefined && !body?.length) throw new UnreadableBodyError('Required request body is missing');
  if (!isJsonType(type)) throw new UnsupportedMediaTypeError();
  const text = bodyText(body ?? NOTHING, type);
  if (text === '') throw new UnreadableBodyError('Required request body is missing');
  if (text.length <= LONG_BODY_CHARACTERS) return { value: parsed(checkedJson(text, bounds)), isLong: false };
  await setImmediate();
  const json = await checkedLongJson(text, bounds);
  await setImmediate();
  const value = parsed(json);
  await setImmediate();
  return { value, isLong: true };
}

const NOTHING = Buffer.alloc(0);

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

interface DtoSource {
  readonly type: DtoClass;
  readonly bounds: Bounds;
}

/** Reads and validates the body of the request; Nest makes one for each module. */
@Injectable()
class JsonBodyPipe implements PipeTransform<FastifyRequest, Promise<object>> {
  constructor(private readonly validator: DtoValidator) {}

  async transform(request: FastifyRequest, { data }: ArgumentMetadata): Promise<object> {
    const { type, bounds } = data as unknown as DtoSource;
    const { value, isLong } = await parseBody(request, bounds);
    const dto = (isLong ? await readLongObject(type, value) : readObject(type, value, ''))!;
    if (isLong) await this.validator.validateLong(dto);
    else this.validator.validate(dto);
    return dto;
  }
}

const requestOf = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>(),
);

const objectNameOf = (type: DtoClass): string => type.name.charAt(0).toLowerCase() + type.name.slice(1);

/**
 * The JSON body as an instance of `type`, read as the reference reads it (docs/spec/api.md#1.4) and validated (docs/spec/api.md#7): 415
 * without a JSON content type, 400 otherwise. Permission rules know it by the class name with a lower-case initial.
 */
export const JsonBody =
  (type: DtoClass, limits: BodyLimits = {}): ParameterDecorator =>
  (target, key, index) => {
    const name = objectNameOf(type);
    const bounds = { shape: objectShape(type), objectName: name, maxValues: limits.maxValues ?? VALUES_LIMIT };
    noteArgument(target, String(key), { index, name });
    requestOf({ type, bounds }, JsonBodyPipe)(target, key, index);
    describeDto(type);
    describe(target, key, { type }, limits);
  };

const bodyTexts = createParamDecorator(async (bounds: Bounds, context: ExecutionContext) => {
  const { value } = await parseBody(context.switchToHttp().getRequest<FastifyRequest>(), bounds);
  return Array.isArray(value) ? listOf(readText)(value, '')! : unreadable('', 'a list');
});

/**
 * The JSON body as a list of texts: null elements are kept, numbers and booleans become text.
 * @param max most elements; without it the handler counts them and refuses more than 5 000 with the recorded text
 */
export const JsonBodyList =
  ({ max }: { max?: number } = {}): ParameterDecorator =>
  (target, key, index) => {
    const shape = textListShape(max ?? VALUES_LIMIT);
    bodyTexts({ shape, objectName: 'list', maxValues: VALUES_LIMIT })(target, key, index);
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
