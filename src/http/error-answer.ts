import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import {
  BeanValidationError,
  ConflictError,
  ConstraintViolationError,
  DataInconsistencyError,
  ForbiddenError,
  IllegalArgumentError,
  NonUniqueResultError,
  NotFoundError,
  TooManyRequestsError,
  UnauthorizedError,
  UnavailableError,
  UnprocessableError,
  UserHasNoOidError,
  ValidationError,
  type FieldError,
} from '../common/errors.js';
import { systemClock } from '../common/clock.js';
import { HttpRefusal, type ErrorForm } from './http-errors.js';

const JAVA = {
  beanValidation: 'org.springframework.web.bind.MethodArgumentNotValidException',
  constraint: 'jakarta.validation.ConstraintViolationException',
  dataInconsistency: 'fi.vm.sade.oppijanumerorekisteri.exceptions.DataInconsistencyException',
  dataIntegrity: 'org.springframework.dao.DataIntegrityViolationException',
  forbidden: 'fi.vm.sade.oppijanumerorekisteri.exceptions.ForbiddenException',
  illegalArgument: 'java.lang.IllegalArgumentException',
  nonUnique: 'com.querydsl.core.NonUniqueResultException',
  unprocessable: 'fi.vm.sade.oppijanumerorekisteri.exceptions.UnprocessableEntityException',
  validation: 'fi.vm.sade.oppijanumerorekisteri.exceptions.ValidationException',
} as const;

/** What the client is told about an error. */
export interface ErrorAnswer {
  readonly status: number;
  readonly form: ErrorForm;
  readonly exception: string | null;
  readonly message: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Last members of the standard body: `fieldErrors` of the register's own validators. */
  readonly fieldErrors?: readonly FieldError[];
  /** The body ends with the raw query (docs/spec/api.md#2.3, NonUniqueResultException). */
  readonly withQuery?: boolean;
  /** Nobody foresaw this: it is logged as an error. */
  readonly unexpected?: boolean;
}

const container = (status: number): ErrorAnswer => ({
  status,
  form: 'container',
  exception: null,
  message: null,
  headers: {},
});
const standard = (
  status: number,
  exception: string,
  message: string | null,
  rest: Partial<ErrorAnswer> = {},
): ErrorAnswer => ({
  status,
  form: 'standard',
  exception,
  message,
  headers: {},
  ...rest,
});

/** Seconds after which a missing or busy resource may work again. */
const RETRY_AFTER_SECONDS = '5';

/** Status and texts of each error (docs/spec/api.md#2.3). Anything unknown is a 500 that says nothing. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof HttpRefusal) {
    return {
      status: error.status,
      form: error.form,
      exception: error.exception,
      message: error.message,
      headers: error.headers,
    };
  }
  if (error instanceof NotFoundError) return container(404);
  if (error instanceof UnauthorizedError) return container(401);
  if (error instanceof ConflictError) return container(409);
  if (error instanceof TooManyRequestsError)
    return { ...container(429), headers: { 'retry-after': String(error.retryAfterSeconds) } };
  if (error instanceof UnavailableError) return { ...container(503), headers: { 'retry-after': RETRY_AFTER_SECONDS } };
  if (error instanceof ForbiddenError) return standard(403, JAVA.forbidden, textOf(error));
  if (error instanceof NonUniqueResultError) return standard(409, JAVA.nonUnique, textOf(error), { withQuery: true });
  if (error instanceof ValidationError) return standard(400, JAVA.validation, textOf(error));
  if (error instanceof IllegalArgumentError) return standard(400, JAVA.illegalArgument, textOf(error));
  if (error instanceof ConstraintViolationError) return standard(400, JAVA.constraint, textOf(error));
  if (error instanceof UnprocessableError) {
    return standard(400, JAVA.unprocessable, bindingText(error), { fieldErrors: error.fieldErrors });
  }
  if (error instanceof BeanValidationError) return standard(400, JAVA.beanValidation, beanText(error));
  if (error instanceof DataInconsistencyError)
    return standard(500, JAVA.dataInconsistency, textOf(error), { unexpected: true });
  if (error instanceof UserHasNoOidError) return { ...container(500), unexpected: true };
  if (error instanceof HttpException) return container(error.getStatus());
  const constraint = refusedByDatabase(error);
  if (constraint !== null) return standard(400, JAVA.dataIntegrity, constraint);
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return container(status);
  return { ...container(500), unexpected: true };
}

const textOf = (error: Error): string | null => (error.message === '' ? null : error.message);

/** Broken rules as Spring words them (docs/spec/api.md#2.4), without the Java noise; the rule's text must occur, clients search for it. Values are left out. */
function beanText({ objectName, violations }: BeanValidationError): string {
  const texts = violations.map(({ field, message }) =>
    field === null
      ? `[Error in object '${objectName}': default message [${message}]]`
      : `[Field error in object '${objectName}' on field '${field}': default message [${message}]]`,
  );
  const count = violations.length > 1 ? ` with ${violations.length} errors` : '';
  return `Validation failed for argument [0]${count}: ${texts.join(' ')}`;
}

/** The text of Spring's BindException, which clients search (docs/spec/api.md#2.5). */
function bindingText({ objectName, fieldErrors }: UnprocessableError): string {
  const head = `org.springframework.validation.BindException: org.springframework.validation.BeanPropertyBindingResult: ${fieldErrors.length} errors`;
  const lines = fieldErrors.map(
    ({ field, code }) =>
      `Field error in object '${objectName}' on field '${field}': codes [${code}.${objectName}.${field},${code}.${field},${code}]`,
  );
  return [head, ...lines].join('\n');
}

/** SQLSTATEs of a refused value: a constraint, a null, a trigger, too long or too large for an index. */
const REFUSED_VALUE = /^(22001|23|27|44|54)/;
/** SQLSTATEs of a value that cannot be parsed or calculated with. */
const BAD_VALUE = /^22/;
/** PostgreSQL was reading a parameter of the statement. */
const IN_PARAMETER = /\$\d+/;

/**
 * PostgreSQL refused a value of the caller. A bad value is the caller's when it is a parameter; one that is stored, or comes
 * out of what is stored, is not the caller's fault. Gives the client's text, which names at most the constraint; null for
 * every other error.
 */
function refusedByDatabase(error: unknown): string | null {
  const e = error as Readonly<Record<'code' | 'severity' | 'constraint' | 'where' | 'driverError', unknown>> | null;
  if (e === null || typeof e !== 'object') return null;
  if (e.driverError !== undefined && e.driverError !== error) return refusedByDatabase(e.driverError);
  if (typeof e.code !== 'string' || e.severity === undefined) return null;
  const isBadParameter = BAD_VALUE.test(e.code) && typeof e.where === 'string' && IN_PARAMETER.test(e.where);
  if (!REFUSED_VALUE.test(e.code) && !isBadParameter) return null;
  return `could not execute statement; constraint [${typeof e.constraint === 'string' ? e.constraint : 'n/a'}]`;
}

/** The members of a body in the order of docs/spec/api.md#2.1, docs/spec/api.md#2.2, docs/spec/api.md#2.5. `rawUrl` is the request target as sent. */
export function toErrorBody(answer: ErrorAnswer, rawUrl: string): object {
  const { status, exception, message, fieldErrors } = answer;
  const error = STATUS_CODES[status] ?? 'Error';
  const cut = rawUrl.indexOf('?');
  const path = cut < 0 ? rawUrl : rawUrl.slice(0, cut);
  const timestamp = systemClock.millis();
  if (answer.form !== 'standard') return { timestamp, status, error, path };
  const body = { timestamp, status, error, exception, message, path: path.length > 1 ? path.replace(/\/$/, '') : path };
  if (fieldErrors) return { ...body, globalErrors: [], fieldErrors };
  if (answer.withQuery) return { ...body, httpQuery: cut < 0 ? null : rawUrl.slice(cut + 1) };
  return body;
}

/** What a browser is shown instead of a body. @param text what to do, as HTML */
export function toErrorPage(status: number, text = ''): string {
  const error = STATUS_CODES[status] ?? 'Error';
  return `<!doctype html><html lang="en"><head><title>${status} ${error}</title></head><body><h1>${status} ${error}</h1>${text && `<p>${text}</p>`}</body></html>`;
}
