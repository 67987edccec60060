import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { anonymousClient } from '../anonymous.client.js';

/** Organisaatiopalvelu (docs/spec/security-integrations-jobs.md#4.4). No cache. */
@Injectable()
export class OrganisaatioClient {
  private readonly http = anonymousClient('organisaatio');

  constructor(@InjectConfig() private readonly config: Config) {}

  /** @throws PeerError any answer but 200 with an organisation or 404; the reference took the other ones for yes (docs/spec/security-integrations-jobs.md#O-14) */
  async exists(organisaatioOid: string): Promise<boolean> {
    const response = await this.http.send(this.url(organisaatioOid), { operation: 'organisaatio' });
    if (response.status === 404) return false;
    if (response.status !== 200) throw response.error();
    const body = response.json();
    if (typeof body !== 'object' || body === null) throw response.error('answered what is not an organisation');
    return true;
  }

  /**
   * OIDs of everything below an organisation, active and discontinued, in the order of the answer.
   * @throws PeerError any answer but 200 with a list
   */
  async listChildOids(organisaatioOid: string): Promise<string[]> {
    const query = 'aktiiviset=true&suunnitellut=false&lakkautetut=true&rekursiivisesti=true';
    const response = await this.http.send(`${this.url(organisaatioOid)}/childoids?${query}`, {
      operation: 'childoids',
    });
    if (response.status !== 200) throw response.error();
    const oids = (response.json() as { oids?: unknown } | null)?.oids;
    if (!Array.isArray(oids)) throw response.error('answered without oids');
    return oids.filter((oid): oid is string => typeof oid === 'string');
  }

  private url(organisaatioOid: string): string {
    return `${this.config.virkailija.baseUrl}/organisaatio-service/rest/organisaatio/${encodeURIComponent(organisaatioOid)}`;
  }
}
