/** How an error body looks: docs/spec/api.md#2.1, docs/spec/api.md#2.2; `empty` for answers of the login layer. */
export type ErrorForm = 'container' | 'standard' | 'empty';

/** A refusal that the HTTP layer itself gives; rules throw the errors of common/errors.ts instead. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    readonly form: ErrorForm,
    /** Java class that clients see in `exception`; only for the standard form. */
    readonly exception: string | null = null,
    message: string = '',
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** 400 standard: the body is missing, is no JSON or has a value of the wrong kind (docs/spec/api.md#1.4). */
export class UnreadableBodyError extends HttpRefusal {
  constructor(message: string) {
    super(400, 'standard', 'org.springframework.http.converter.HttpMessageNotReadableException', message);
  }
}

/** 400 standard: a path, query or header value is no number or the like (docs/spec/api.md#1.5). */
export class ConversionError extends HttpRefusal {
  constructor(exception: 'java.lang.NumberFormatException' | 'java.lang.IllegalArgumentException', message: string) {
    super(400, 'standard', exception, message);
  }
}

/** 400 container: a required query parameter is missing. */
export class MissingParameterError extends HttpRefusal {
  constructor(name: string) {
    super(400, 'container', null, `Required parameter '${name}' is missing`);
  }
}

/** 415 with the supported types in `Accept`. */
export class UnsupportedMediaTypeError extends HttpRefusal {
  constructor() {
    super(415, 'container', null, '', { accept: 'application/json, application/*+json' });
  }
}

/** 406 with the producible types in `Accept`. */
export class NotAcceptableError extends HttpRefusal {
  constructor(producible: string) {
    super(406, 'container', null, '', { accept: producible });
  }
}

/** 405 with the methods that the path knows, `Allow` included. */
export class MethodNotAllowedError extends HttpRefusal {
  constructor(allow: string) {
    super(405, 'container', null, '', { allow });
  }
}
