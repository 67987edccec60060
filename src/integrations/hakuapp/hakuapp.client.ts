import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient, json } from '../http.client.js';
import type { Hakemus } from '../hakemus.model.js';
import { ServiceLogin } from '../service-login.client.js';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Applications in haku-app (docs/spec/security-integrations-jobs.md#4.7). */
@Injectable()
export class HakuappClient {
  private readonly login: ServiceLogin;

  constructor(@InjectConfig() private readonly config: Config) {
    const { cas, hakuapp, serviceUsers } = config;
    const http = new HttpClient({ peer: 'hakuapp', timeoutMs: config.applicationsTimeoutMs, connectTimeoutMs: 60_000 });
    const service = `${hakuapp.baseUrl}/j_spring_cas_security_check`;
    this.login = new ServiceLogin(http, { casUrl: cas.url, service, ...serviceUsers.hakuapp });
  }

  /**
   * Applications by person; a person without any is absent. No call for nobody.
   * @throws PeerError
   */
  async findApplications(henkiloOids: readonly string[]): Promise<Map<string, Hakemus[]>> {
    if (henkiloOids.length === 0) return new Map();
    const call = { operation: 'byPersonOid', method: 'POST', ...json(henkiloOids) } as const;
    const response = await this.login.send(`${this.config.hakuapp.baseUrl}/applications/byPersonOid`, call);
    if (response.status !== 200) throw response.error();
    const body = response.jsonToPassOn();
    if (!isObject(body)) throw response.error('answered what is not an object');
    const byHenkilo = new Map<string, Hakemus[]>();
    for (const [henkiloOid, list] of Object.entries(body)) {
      if (!Array.isArray(list) || !list.every(isObject))
        throw response.error('answered what is not a list of applications');
      byHenkilo.set(
        henkiloOid,
        list.map((hakemus) => ({ ...hakemus, service: 'haku-app' })),
      );
    }
    return byHenkilo;
  }
}
