import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { form, HttpClient, type PeerRequest, type PeerResponse } from './http.client.js';

/** A token is used this long whatever it says of itself (docs/spec/security-integrations-jobs.md#4.1). */
const TOKEN_KEPT_MS = 250_000;

/** The service's own access token (client credentials), fetched once however many wait for it. */
@Injectable()
export class OAuth2Token {
  private readonly http = new HttpClient({ peer: 'oauth2', timeoutMs: 10_000 });
  private readonly tokens: LRUCache<'token', string>;

  constructor(
    @InjectConfig() private readonly config: Config,
    clock: Clock,
  ) {
    this.tokens = new LRUCache({
      max: 1,
      ttl: TOKEN_KEPT_MS,
      ttlResolution: 0,
      perf: { now: () => clock.now().getTime() },
      fetchMethod: () => this.fetch(),
    });
  }

  /** @throws PeerError no token; the next call asks again */
  get(): Promise<string> {
    return this.tokens.forceFetch('token');
  }

  /** Forgets `token` unless another has taken its place already. */
  evict(token: string): void {
    if (this.tokens.get('token') === token) this.tokens.delete('token');
  }

  /** Sends with the token; a refused token is replaced and the call repeated once. The second answer stands. */
  async send(http: HttpClient, url: string, call: PeerRequest): Promise<PeerResponse> {
    const token = await this.get();
    const response = await http.send(url, authorised(call, token));
    if (response.status !== 401 || !response.header('www-authenticate')?.includes('invalid_token')) return response;
    this.evict(token);
    return http.send(url, authorised(call, await this.get()));
  }

  private async fetch(): Promise<string> {
    const { issuer, clientId, clientSecret } = this.config.oauth2;
    const values = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const call = { operation: 'token', method: 'POST', ...form(values) } as const;
    const response = await this.http.send(`${issuer}/oauth2/token`, call);
    if (response.status !== 200) throw response.error();
    const token = (response.json() as { access_token?: unknown } | null)?.access_token;
    if (typeof token !== 'string' || token === '') throw response.error('answered without access_token');
    return token;
  }
}

const authorised = (call: PeerRequest, token: string): PeerRequest => ({
  ...call,
  headers: { ...call.headers, authorization: `Bearer ${token}` },
});
