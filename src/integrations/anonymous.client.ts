import { HttpClient } from './http.client.js';

/**
 * Client of the platform's open services: three tries two seconds apart when there is no answer or its status is
 * below 200 or above 499; every other status is the caller's (docs/spec/security-integrations-jobs.md#4).
 */
export const anonymousClient = (peer: string, pauseMs = 2_000): HttpClient =>
  new HttpClient({ peer, attempts: 3, pauseMs, isRetryable: (status) => status < 200 || status > 499 });
