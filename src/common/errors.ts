/**
 * The refusals that rules give. The HTTP layer turns each into the status and body that clients know
 * (docs/spec/api.md#2.3, docs/spec/henkilo.md#0.2). Messages carry OIDs, never hetu or names: they reach logs and clients.
 */
export abstract class DomainError extends Error {
  constructor(message: string | null, options?: ErrorOptions) {
    super(message ?? '', options);
    this.name = new.target.name;
  }
}

/** 404, container body; the text stays inside. */
export class NotFoundError extends DomainError {}
/** 401, container body. Also for a missing permission: clients rely on 401, never 403 (docs/spec/api.md#A1). */
export class UnauthorizedError extends DomainError {}
/** 403, standard body. */
export class ForbiddenError extends DomainError {}
/** 409, container body. */
export class ConflictError extends DomainError {}
/** No person has the OID, or whatever the caller named it by; the text that clients know. */
export const henkiloNotFound = (what: string | null | undefined): NotFoundError =>
  new NotFoundError(`Henkilö ${what} not found`);
/** 409, standard body with `httpQuery`: several rows where one was asked for. */
export class NonUniqueResultError extends DomainError {}
/** 400, standard body, own ValidationException of the reference; message null is possible (E39). */
export class ValidationError extends DomainError {}
/** 400, standard body, `java.lang.IllegalArgumentException`. */
export class IllegalArgumentError extends DomainError {}
/** 400, standard body, `jakarta.validation.ConstraintViolationException`: a parameter is out of its range. */
export class ConstraintViolationError extends DomainError {}
/** 500, standard body: the register contradicts itself or VTJ. */
export class DataInconsistencyError extends DomainError {}
/** 500, container body: the row was changed meanwhile; the caller may try again. */
export class OptimisticLockError extends DomainError {}
/** 500, container body: a login without an OID called something that needs one. */
export class UserHasNoOidError extends DomainError {}

/** 503 with Retry-After, container body: what is needed is away or too busy; the same may succeed soon. */
export class UnavailableError extends DomainError {}
/** 429 with Retry-After, container body. */
export class TooManyRequestsError extends DomainError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}
/** Nobody waits for the answer any more. */
export class AbandonedError extends UnavailableError {}

/** 500, container body: a service outside failed, was too slow or answered what is not an answer. */
export class PeerError extends DomainError {
  constructor(
    /** Name of the system, e.g. `koodisto`. */
    readonly peer: string,
    /** Never carries bodies, hetut, tickets or tokens: it reaches logs. */
    reason: string,
    /** HTTP status of the answer; null when there was none or it was not the reason. */
    readonly status: number | null = null,
    options?: ErrorOptions,
  ) {
    super(`${peer}: ${reason}`, options);
  }
}

/** One refused value in the form that clients parse (docs/spec/api.md#2.5). */
export interface FieldError {
  /** Plain key, e.g. `socialsecuritynr.already.exists`. */
  readonly code: string;
  readonly arguments: readonly unknown[] | null;
  /** Finnish text; null for codes given without one. */
  readonly message: string | null;
  readonly field: string;
  readonly rejectedValue: unknown;
}

/** 400 (not 422) with `fieldErrors`: the register's own validators (docs/spec/api.md#2.5). */
export class UnprocessableError extends DomainError {
  constructor(
    /** Name that the reference gives the refused object, e.g. `henkiloUpdateDto`, `henkiloCreate`. */
    readonly objectName: string,
    readonly fieldErrors: readonly FieldError[],
  ) {
    super(`${fieldErrors.length} errors in ${objectName}`);
  }
}

/** 400 with the texts of every broken bean rule: a body or bound query object (docs/spec/api.md#2.4). */
export class BeanValidationError extends DomainError {
  constructor(
    /** DTO class name with a lower-case initial. */
    readonly objectName: string,
    /** `field` null: a rule of the whole object. Values are left out on purpose. */
    readonly violations: readonly { readonly field: string | null; readonly message: string }[],
  ) {
    super(`Validation failed for ${objectName}`);
  }
}
