import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from 'prom-client';
import { Agent, request, type Dispatcher } from 'undici';
import { PeerError } from '../common/errors.js';
import { assertOutsideTransaction } from '../common/open-transaction.js';
import { startStep } from '../common/tracing.js';
import { works, type Patience } from '../common/work.js';
import { noteCall, notePeer } from './peers.registry.js';

/** Headers of every call to the platform's services (docs/spec/security-integrations-jobs.md#4). */
const COMMON_HEADERS = {
  'caller-id': '1.2.246.562.10.00000000001.oppijanumerorekisteri-service',
  csrf: 'CSRF',
};
const CSRF_COOKIE = 'CSRF=CSRF';

const duration = new Histogram({
  name: 'onr_peer_request_seconds',
  help: 'Time of one call to a service outside, by peer, operation and outcome (status or "failed")',
  labelNames: ['peer', 'operation', 'outcome'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
});

export interface HttpClientOptions {
  /** Name of the system in errors and metrics. */
  readonly peer: string;
  /** Longest time of one try from start, connecting included, to the last byte of the answer. */
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Tries in all when there is no answer or `isRetryable` says so; 1: no retry. */
  readonly attempts?: number;
  /** Pause between tries. */
  readonly pauseMs?: number;
  readonly isRetryable?: (status: number) => boolean;
  /** Longest body that is read; a longer one is an error. */
  readonly maxBytes?: number;
  /** Leave out the platform's common headers: the peer is not one of its services. */
  readonly foreign?: boolean;
  /** TLS material of mutual authentication. */
  readonly tls?: Readonly<Record<string, unknown>>;
}

export interface PeerRequest {
  /** Name of the call in errors and metrics, e.g. `canUserAccessUser`; never data. */
  readonly operation: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Session cookies, `a=1; b=2`. */
  readonly cookie?: string;
  readonly body?: string;
}

/** `body` and `content-type` of a JSON request, to be spread into a PeerRequest. */
export const json = (value: unknown) => ({
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify(value),
});

/** `body` and `content-type` of a form request. */
export const form = (values: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(values).toString(),
});

/** Where there may be a number with a fraction, an exponent or more digits than a double holds. */
const ODD_NUMBER = /[:[,]\s*-?(?:\d{16}|\d+[.eE])/;

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };
const keepNumber = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && String(value) !== source ? rawJSON(source!) : value;

/** An answer read to its end. */
export class PeerResponse {
  constructor(
    private readonly peer: string,
    private readonly operation: string,
    readonly status: number,
    readonly headers: Readonly<Record<string, string | string[] | undefined>>,
    /** The body as it came. */
    readonly bytes: Buffer,
  ) {}

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** @throws PeerError the body is not text in the announced encoding (UTF-8 unless told otherwise) */
  text(): string {
    const charset = /charset="?([\w-]+)/i.exec(this.header('content-type') ?? '')?.[1] ?? 'utf-8';
    try {
      return new TextDecoder(charset, { fatal: true }).decode(this.bytes);
    } catch (cause) {
      throw this.error('answered bytes that are not text', { cause });
    }
  }

  /** @throws PeerError the body is not JSON */
  json(): unknown {
    try {
      return JSON.parse(this.text());
    } catch {
      throw this.error('answered what is not JSON'); // the parser's message quotes the body
    }
  }

  /**
   * As `json`, for what is handed on: numbers that would not be written again as they came are kept as their text, for
   * `JSON.stringify` only. @throws PeerError the body is not JSON
   */
  jsonToPassOn(): unknown {
    const text = this.text();
    if (!ODD_NUMBER.test(text)) return this.json();
    try {
      return JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown);
    } catch {
      throw this.error('answered what is not JSON');
    }
  }

  /** The first value of a header. */
  header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** An error about this answer; the reason must not quote it. */
  error(reason = `answered ${this.status}`, options?: ErrorOptions): PeerError {
    return new PeerError(this.peer, `${this.operation} ${reason}`, this.status, options);
  }
}

/**
 * HTTP to one system: bounded in time and size, redirects are never followed, nothing is logged. Every status is an
 * answer; only a missing, cut or oversized one is an error.
 */
export class HttpClient {
  private readonly agent: Agent;
  private readonly options: Required<Omit<HttpClientOptions, 'tls'>>;

  constructor({ tls, ...options }: HttpClientOptions) {
    this.options = {
      timeoutMs: 35_000,
      connectTimeoutMs: 10_000,
      attempts: 1,
      pauseMs: 2_000,
      isRetryable: () => false,
      maxBytes: 20_000_000,
      foreign: false,
      ...options,
    };
    notePeer(this.options.peer);
    this.agent = new Agent({ connections: 50, connect: { timeout: this.options.connectTimeoutMs, ...tls } });
  }

  get peer(): string {
    return this.options.peer;
  }

  /**
   * All tries and pauses take no longer than the request, if it is for one, may still wait.
   * @throws PeerError no whole answer, after all tries
   * @throws Error inside a database transaction: whoever needs an answer there asks before it begins
   */
  async send(url: string, call: PeerRequest): Promise<PeerResponse> {
    assertOutsideTransaction(this.peer);
    const patience = works.getStore()?.patience;
    return patience ? patience.during(() => this.tryAll(url, call, patience)) : this.tryAll(url, call, null);
  }

  private async tryAll(url: string, call: PeerRequest, patience: Patience | null): Promise<PeerResponse> {
    for (let attempt = 1; ; attempt++) {
      const leftMs = patience ? Math.floor(patience.leftMs) : Infinity;
      if (leftMs <= 0) throw new PeerError(this.peer, `${call.operation} is not asked for: the time is used up`);
      const isLast = () =>
        attempt >= this.options.attempts || (patience !== null && patience.leftMs <= this.options.pauseMs);
      try {
        const response = await this.sendOnce(url, call, Math.min(this.options.timeoutMs, leftMs));
        if (!this.options.isRetryable(response.status) || isLast()) return response;
      } catch (error) {
        if (isLast()) throw error;
      }
      await sleep(this.options.pauseMs);
    }
  }

  private async sendOnce(url: string, call: PeerRequest, timeoutMs: number): Promise<PeerResponse> {
    const { peer } = this.options;
    const stop = duration.startTimer({ peer, operation: call.operation });
    const span = startStep(`${peer} ${call.operation}`, {
      'peer.service': peer,
      'http.request.method': call.method ?? 'GET',
    });
    try {
      const response = await request(url, {
        dispatcher: this.agent,
        method: call.method ?? 'GET',
        headers: span ? { ...this.headers(call), ...span.headers } : this.headers(call),
        body: call.body ?? null,
        signal: AbortSignal.timeout(timeoutMs),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const bytes = await this.read(response, call.operation);
      stop({ outcome: String(response.statusCode) });
      span?.set({ 'http.response.status_code': response.statusCode });
      noteCall(peer, response.statusCode >= 500 ? String(response.statusCode) : null);
      return new PeerResponse(peer, call.operation, response.statusCode, response.headers, bytes);
    } catch (cause) {
      stop({ outcome: 'failed' });
      span?.fail(reasonOf(cause));
      noteCall(peer, cause instanceof PeerError ? 'oversized' : reasonOf(cause));
      if (cause instanceof PeerError) throw cause;
      throw new PeerError(peer, `${call.operation} got no answer (${reasonOf(cause)})`, null, { cause });
    } finally {
      span?.end();
    }
  }

  private headers({ headers, cookie }: PeerRequest): Record<string, string> {
    if (this.options.foreign) return { ...headers, ...(cookie && { cookie }) };
    return { ...COMMON_HEADERS, cookie: cookie ? `${CSRF_COOKIE}; ${cookie}` : CSRF_COOKIE, ...headers };
  }

  private async read({ body }: Dispatcher.ResponseData, operation: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > this.options.maxBytes) {
        throw new PeerError(this.peer, `${operation} answered more than ${this.options.maxBytes} bytes`); // ends the connection
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }
}

/** A short word for the log, without addresses or contents. */
function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: string | number; name?: string };
  return String(code ?? name ?? 'unknown');
}
