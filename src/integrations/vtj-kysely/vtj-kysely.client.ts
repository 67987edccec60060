import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { PeerError } from '../../common/errors.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient } from '../http.client.js';
import { readCertificates, readClientKey, readExpiry } from './key-material.rules.js';
import { KeyMaterialError } from './key-store.model.js';
import { readSoapMessage } from './soap-message.mapper.js';
import type { VtjVastaus } from './vtj-henkilo.model.js';
import { parseVastaussanoma, type Vastaussanoma } from './vtj-vastaussanoma.mapper.js';
import { escapeXml, XmlError } from './vtj-xml.model.js';

/** SOAP 1.1 over HTTP: 500 comes with a fault, and VTJ's with a person too; both are read like 200. */
const READ_STATUSES: readonly number[] = [200, 202, 500];

/** One way of asking VTJ: SOAP 1.1, one operation (docs/spec/yksilointi-vtj.md#4). No retry. */
@Injectable()
export class VtjKyselyClient implements OnModuleInit {
  private readonly log = new Logger(VtjKyselyClient.name);
  private http: HttpClient | null = null;

  constructor(@InjectConfig() private readonly config: Config) {}

  /** A key store that cannot be used stops the start rather than every query. */
  async onModuleInit(): Promise<void> {
    this.http = await this.createHttp();
  }

  /**
   * What VTJ knows of a henkilötunnus; a replaced one is asked again once with the new.
   * @throws PeerError no answer, a SOAP fault, an unknown return code, garbage
   */
  async find(hetu: string): Promise<VtjVastaus> {
    const first = await this.query(hetu);
    if (first.paluukoodi !== '0002' || first.hetu === null || first.hetu === hetu) return this.toVastaus(first);
    const second = await this.query(first.hetu);
    if (second.paluukoodi === '0002' && second.hetu !== null && second.hetu !== first.hetu) {
      throw new PeerError('vtjkysely', 'replaces the henkilötunnus twice');
    }
    return this.toVastaus(second);
  }

  /**
   * End of the client certificate's validity; null: the store lacks the alias.
   * @throws KeyMaterialError no store is set, or it cannot be read
   */
  async findCertificateExpiry(): Promise<Date | null> {
    const { keystore, certAlias } = this.config.vtjKysely;
    if (keystore === null) throw new KeyMaterialError('oppijanumerorekisteri.vtjkysely.keystoreUri is not set');
    return readExpiry(keystore, certAlias);
  }

  private toVastaus(sanoma: Vastaussanoma): VtjVastaus {
    switch (sanoma.paluukoodi) {
      case '0000':
      case '0018':
        return { kind: 'found', henkilo: readable(() => sanoma.henkilo()) };
      case '0001':
      case '0006':
        return { kind: 'notFound' };
      case '0002':
        return { kind: 'passivated' };
      default:
        this.log.warn(`VTJ answered with return code ${sanoma.paluukoodi.slice(0, 10)}`);
        throw new PeerError('vtjkysely', `Unknown response code '${sanoma.paluukoodi.slice(0, 10)}'.`);
    }
  }

  private async query(hetu: string): Promise<Vastaussanoma> {
    const { address, username, password } = this.config.vtjKysely;
    if (address === '') throw new PeerError('vtjkysely', 'has no address (oppijanumerorekisteri.vtjkysely.address)');
    this.http ??= await this.createHttp();
    const response = await this.http.send(address, {
      operation: 'TeeHenkilonTunnusKysely',
      method: 'POST',
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        accept: 'text/xml, multipart/related',
        soapaction: '"http://tempuri.org/TeeHenkilonTunnusKysely"',
      },
      body: envelope(username, password, hetu),
    });
    if (!READ_STATUSES.includes(response.status)) throw response.error();
    const contentType = response.header('content-type') ?? '';
    try {
      return readable(() => parseVastaussanoma(readSoapMessage(response.bytes, contentType)));
    } catch (error) {
      throw response.ok ? error : response.error();
    }
  }

  private async createHttp(): Promise<HttpClient> {
    const { enabled, keystore, certAlias, truststore, timeoutMs } = this.config.vtjKysely;
    const options = { peer: 'vtjkysely', foreign: true, timeoutMs, connectTimeoutMs: timeoutMs };
    if (!enabled) return new HttpClient(options);
    const client = keystore === null ? {} : await readClientKey(keystore, certAlias);
    const trusted = truststore === null ? {} : { ca: await readCertificates(truststore) };
    return new HttpClient({ ...options, tls: { ...client, ...trusted } });
  }
}

/** The reference's envelope to the letter; of the schema's elements only these five are sent. */
function envelope(username: string, password: string, hetu: string): string {
  const element = (name: string, value: string) => `<ns3:${name}>${escapeXml(value)}</ns3:${name}>`;
  return (
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/><SOAP-ENV:Body>' +
    '<ns3:TeeHenkilonTunnusKysely xmlns:ns2="http://xml.vrk.fi/schema/vtjkysely" xmlns:ns3="http://tempuri.org/">' +
    element('SoSoNimi', 'OPHREK') +
    element('Kayttajatunnus', username) +
    element('Salasana', password) +
    element('Loppukayttaja', 'oppijanumerorekisteri') +
    element('Henkilotunnus', hetu) +
    '</ns3:TeeHenkilonTunnusKysely></SOAP-ENV:Body></SOAP-ENV:Envelope>'
  );
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof XmlError) throw new PeerError('vtjkysely', `the answer ${error.message}`);
    throw error;
  }
}
