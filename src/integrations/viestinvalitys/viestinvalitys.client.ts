import { Injectable } from '@nestjs/common';
import { PeerError } from '../../common/errors.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient, json } from '../http.client.js';
import { ServiceLogin } from '../service-login.client.js';

/** The service refuses this message for good (400): never send it again. */
export class MessageRefusedError extends PeerError {}

export interface Lahetys {
  readonly otsikko: string;
  readonly replyTo: string | null;
}

export interface Viesti {
  readonly lahetysTunniste: string;
  /** At most 512 addresses; the caller splits. */
  readonly vastaanottajat: readonly string[];
  readonly otsikko: string;
  /** HTML. */
  readonly sisalto: string;
  /** A repetition with the same key is not delivered twice. */
  readonly idempotencyKey: string;
}

/** Viestinvälityspalvelu: mails go out as messages (viesti) of a dispatch (lähetys) (docs/spec/security-integrations-jobs.md#4.6). */
@Injectable()
export class ViestinvalitysClient {
  private readonly login: ServiceLogin;

  constructor(@InjectConfig() private readonly config: Config) {
    const { cas, viestinvalitys, serviceUsers } = config;
    const service = `${viestinvalitys.baseUrl}/login/j_spring_cas_security_check`;
    const http = new HttpClient({ peer: 'viestinvalitys' });
    this.login = new ServiceLogin(http, { casUrl: cas.url, service, ...serviceUsers.viestinvalitys });
  }

  /**
   * Opens a dispatch.
   * @returns its lahetysTunniste
   * @throws MessageRefusedError 400
   * @throws PeerError any other failure: try again later
   */
  luoLahetys({ otsikko, replyTo }: Lahetys): Promise<string> {
    return this.post('lahetykset', {
      otsikko,
      lahettavaPalvelu: 'oppijanumerorekisteri',
      lahettavanVirkailijanOid: null,
      lahettaja: { nimi: 'Opetushallitus', sahkopostiOsoite: 'noreply@opintopolku.fi' },
      replyTo,
      prioriteetti: 'normaali',
      sailytysaika: 365,
    });
  }

  /**
   * Sends one message of a dispatch.
   * @returns its viestiTunniste
   * @throws MessageRefusedError 400
   * @throws PeerError any other failure: try again later with the same key
   */
  luoViesti({ vastaanottajat, ...viesti }: Viesti): Promise<string> {
    return this.post('viestit', {
      ...viesti,
      vastaanottajat: vastaanottajat.map((sahkopostiOsoite) => ({ nimi: null, sahkopostiOsoite })),
      sisallonTyyppi: 'html',
      kayttooikeusRajoitukset: [{ organisaatio: '1.2.246.562.10.00000000001', oikeus: 'APP_OSOITE_CRUD' }],
      lahettaja: null,
      lahettavanVirkailijanOid: null,
      replyTo: null,
      liitteidenTunnisteet: null,
      lahettavaPalvelu: null,
      prioriteetti: null,
      sailytysaika: null,
      metadata: null,
    });
  }

  private async post(operation: 'lahetykset' | 'viestit', body: object): Promise<string> {
    const call = { operation, method: 'POST', ...json(body) } as const;
    const response = await this.login.send(`${this.config.viestinvalitys.baseUrl}/v1/${operation}`, call);
    if (response.status === 400) throw new MessageRefusedError('viestinvalitys', `${operation} answered 400`, 400);
    if (response.status !== 200) throw response.error();
    const key = operation === 'viestit' ? 'viestiTunniste' : 'lahetysTunniste';
    const tunniste = (response.json() as Record<string, unknown> | null)?.[key];
    if (typeof tunniste !== 'string') throw response.error(`answered without ${key}`);
    return tunniste;
  }
}
