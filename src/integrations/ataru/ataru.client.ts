import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient, json } from '../http.client.js';
import type { Hakemus } from '../hakemus.model.js';
import { ServiceLogin } from '../service-login.client.js';

/** Ataru answers for so many persons at most; the rest is not asked for (docs/spec/security-integrations-jobs.md#4.7). */
const MAX_PERSONS_OF_REQUEST = 1000;

/** Applications in Ataru. */
@Injectable()
export class AtaruClient {
  private readonly login: ServiceLogin;

  constructor(@InjectConfig() private readonly config: Config) {
    const { cas, ataru, serviceUsers } = config;
    const http = new HttpClient({ peer: 'ataru', timeoutMs: config.applicationsTimeoutMs, connectTimeoutMs: 60_000 });
    this.login = new ServiceLogin(http, {
      casUrl: cas.url,
      service: `${ataru.baseUrl}/auth/cas`,
      ...serviceUsers.ataru,
    });
  }

  /**
   * Applications by person, of the first 1 000 persons; a person without any is absent. No call for nobody.
   * @throws PeerError
   */
  async findApplications(henkiloOids: readonly string[]): Promise<Map<string, Hakemus[]>> {
    const byHenkilo = new Map<string, Hakemus[]>();
    if (henkiloOids.length === 0) return byHenkilo;
    const call = {
      operation: 'applications',
      method: 'POST',
      ...json(henkiloOids.slice(0, MAX_PERSONS_OF_REQUEST)),
    } as const;
    const response = await this.login.send(`${this.config.ataru.baseUrl}/api/external/onr/applications`, call);
    if (response.status !== 200) throw response.error();
    const body = response.jsonToPassOn();
    if (!Array.isArray(body)) throw response.error('answered what is not a list');
    for (const hakemus of body as ({ henkiloOid?: unknown } | null)[]) {
      if (typeof hakemus?.henkiloOid !== 'string') throw response.error('answered an application without henkiloOid');
      const list = byHenkilo.get(hakemus.henkiloOid) ?? [];
      list.push({ ...hakemus, service: 'ataru' });
      byHenkilo.set(hakemus.henkiloOid, list);
    }
    return byHenkilo;
  }
}
