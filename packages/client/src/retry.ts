import { sleep } from './sleep.js';

export interface RetryOptions {
  /** Attempts in all; 1: never again. Default 5. */
  readonly attempts?: number;
  /** Longest wait between two attempts, milliseconds; also of what `Retry-After` asks. Default 60 000. */
  readonly maxDelay?: number;
  /** Wait before the second attempt, milliseconds; doubles each time. Default 500. */
  readonly firstDelay?: number;
  /** Of one attempt, milliseconds. Default 60 000. */
  readonly timeout?: number;
}

/** Whether a request may be sent again although the register may have handled it. */
type Repeatable = (request: Request) => boolean;
type Fetch = (request: Request) => Promise<Response>;

/** Of these the second attempt could store a second person or import. */
const CREATES = /\/(?:henkilo|oppija|yleistunniste)\/?$/;
const repeatable: Repeatable = ({ method, url }) => {
  const { pathname } = new URL(url);
  const creates = (method === 'POST' || method === 'PUT') && CREATES.test(pathname);
  // PUT /henkilo changes a person that exists: twice is once.
  return !creates || (method === 'PUT' && pathname.endsWith('/henkilo'));
};

/**
 * `fetch` that tries again: after 429 always, since the register has then done nothing; after 503 and when there was no
 * answer, unless the request creates something. Waits as long as `Retry-After` says, else twice as long each time with
 * some chance in it, so that many clients do not come back at once.
 */
export function withRetries(fetch: Fetch, options: RetryOptions = {}): Fetch {
  const { attempts = 5, maxDelay = 60_000, firstDelay = 500, timeout = 60_000 } = options;
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= attempts;
      const backoff = Math.min(firstDelay * 2 ** (attempt - 1), maxDelay) * (0.5 + Math.random() / 2);
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
      let response: Response;
      try {
        response = await fetch(new Request(request.clone(), { signal }));
      } catch (error) {
        if (last || request.signal.aborted || !repeatable(request)) throw error;
        await sleep(backoff, request.signal);
        continue;
      }
      const again = response.status === 429 || (response.status === 503 && repeatable(request));
      if (last || !again) return response;
      await response.body?.cancel();
      await sleep(Math.min(retryAfter(response) ?? backoff, maxDelay), request.signal);
    }
  };
}

/** Milliseconds that the answer asks to wait: seconds or a date; null when it does not say. */
function retryAfter({ headers }: Response): number | null {
  const text = headers.get('retry-after')?.trim();
  if (!text) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(date - Date.now(), 0);
}
