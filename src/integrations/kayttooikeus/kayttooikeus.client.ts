import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient, json, type PeerRequest, type PeerResponse } from '../http.client.js';
import { OAuth2Token } from '../oauth2-token.client.js';

/** One question "may this caller handle that person" (docs/spec/security-integrations-jobs.md#2.6); nulls are sent. */
export interface UserAccessQuery {
  readonly callingUserOid: string | null;
  /** Null where the reference asks about nobody (docs/spec/security-integrations-jobs.md#O-5). */
  readonly userOid: string | null;
  /** Rights by service, e.g. `{ OPPIJANUMEROREKISTERI: ['READ', 'HENKILON_RU'] }`. */
  readonly allowedPalveluRooli: Readonly<Record<string, readonly string[]>>;
  readonly externalPermissionService: string | null;
  /** Every authority of the caller, verbatim. */
  readonly callingUserRoles: readonly string[];
}

export interface KayttooikeudetCriteria {
  readonly organisaatioOids: readonly string[] | null;
  readonly kayttoOikeusRyhmaNimet: readonly string[] | null;
}

export interface Kayttooikeudet {
  readonly admin: boolean;
  /** Persons that the caller may see; null: no restriction (the caller decides, docs/spec/security-integrations-jobs.md#O-38). */
  readonly oids: readonly string[] | null;
}

/** Käyttöoikeuspalvelu with the service's own token. No retry but for a refused token, no cache. */
@Injectable()
export class KayttooikeusClient {
  private readonly http = new HttpClient({ peer: 'kayttooikeus' });

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly token: OAuth2Token,
  ) {}

  /** @throws PeerError any answer but a JSON boolean with a 2xx status other than 204 */
  async canUserAccessUser(query: UserAccessQuery): Promise<boolean> {
    const response = await this.send('/s2s/canUserAccessUser', {
      operation: 'canUserAccessUser',
      method: 'POST',
      ...json(query),
    });
    if (!response.ok || response.status === 204) throw response.error();
    const answer = response.json();
    if (typeof answer !== 'boolean') throw response.error('answered what is not a boolean');
    return answer;
  }

  /**
   * Is the person an oppija: not known as a user, or without a type, or of type OPPIJA.
   * @throws PeerError any other failure; the reference then took the person for a virkailija (docs/spec/yksilointi-vtj.md#9, item 20)
   */
  async isOppija(henkiloOid: string): Promise<boolean> {
    const response = await this.send(`/henkilo/${encodeURIComponent(henkiloOid)}`, { operation: 'henkilo' });
    if (response.status === 404 || response.status === 204) return true;
    if (!response.ok) throw response.error();
    const body = response.json() as { kayttajaTyyppi?: unknown } | null;
    if (typeof body !== 'object' || body === null) throw response.error('answered what is not a user');
    return body.kayttajaTyyppi == null || body.kayttajaTyyppi === 'OPPIJA';
  }

  /**
   * Takes a person's access rights away.
   * @param kasittelijaOid actor; null: the parameter is left out
   * @throws PeerError any status but 2xx and 404: the rights may still be there (a 401 too, docs/spec/security-integrations-jobs.md#O-13)
   */
  async passivoi(henkiloOid: string, kasittelijaOid: string | null): Promise<void> {
    const query = kasittelijaOid === null ? '' : `?kasittelijaOid=${encodeURIComponent(kasittelijaOid)}`;
    const call = { operation: 'passivoi', method: 'DELETE' } as const;
    const response = await this.send(`/henkilo/${encodeURIComponent(henkiloOid)}/passivoi${query}`, call);
    if (!response.ok && response.status !== 404) throw response.error();
  }

  /**
   * What the caller may see in `GET /henkilo`.
   * @throws PeerError any answer but an object with a 2xx status other than 204
   */
  async getKayttooikeudet(callerOid: string, criteria: KayttooikeudetCriteria): Promise<Kayttooikeudet> {
    const { organisaatioOids, kayttoOikeusRyhmaNimet } = criteria;
    const asMap = {
      passivoitu: false,
      ...(organisaatioOids && { organisaatioOids: organisaatioOids.join(',') }),
      ...(kayttoOikeusRyhmaNimet && { kayttoOikeusRyhmaNimet: kayttoOikeusRyhmaNimet.join(',') }),
    };
    const body = { passivoitu: false, organisaatioOids, kayttoOikeusRyhmaNimet, asMap };
    const call = { operation: 'kayttooikeudet', method: 'POST', ...json(body) } as const;
    const response = await this.send(`/henkilo/${encodeURIComponent(callerOid)}/kayttooikeudet`, call);
    if (!response.ok || response.status === 204) throw response.error();
    const answer = response.json() as { admin?: unknown; oids?: unknown } | null;
    const oids = answer?.oids ?? null;
    if (typeof answer !== 'object' || answer === null || !(oids === null || isTextList(oids)))
      throw response.error('answered what is not rights');
    return { admin: answer.admin === true, oids };
  }

  private send(path: string, call: PeerRequest): Promise<PeerResponse> {
    return this.token.send(this.http, `${this.config.virkailija.baseUrl}/kayttooikeus-service${path}`, call);
  }
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
