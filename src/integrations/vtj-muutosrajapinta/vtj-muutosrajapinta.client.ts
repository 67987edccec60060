import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PeerError } from '../../common/errors.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { LocalDate } from '../../common/clock.js';
import { HttpClient, type PeerRequest, type PeerResponse } from '../http.client.js';
import { createAwsSigner, type AwsSigner } from '../aws-signer.service.js';

/** 429, 500 or 502 three times: nothing to tell the operators, the next run asks again. */
export class MuutostietoRetryError extends PeerError {}

export interface Muutokset {
  /** Cursor for the next request. */
  readonly viimeisinKirjausavain: number;
  /** False: there is more, ask again with the new cursor. */
  readonly ajanTasalla: boolean;
  readonly muutokset: readonly Muutos[];
}

export interface Muutos {
  readonly henkilotunnus: string;
  /** ISO local date-time, e.g. `2026-01-31T10:20:30.123`. */
  readonly muutospv: string;
  /** As sent, to be stored verbatim; garbage is the matter of that person alone. */
  readonly tietoryhmat: unknown;
}

export interface VtjPerustieto {
  readonly henkilotunnus: string;
  /** As sent. */
  readonly tietoryhmat: unknown;
}

/** The API gateway of the palveluväylä stands here whatever region the service runs in. */
const GATEWAY_REGION = 'eu-west-1';
const MAX_ATTEMPTS = 3;
const RETRYABLE = new Set([429, 500, 502]);
/** The provider pages its answers (ajanTasalla); a larger one is not an answer. */
const MAX_ANSWER_BYTES = 64_000_000;

/** The VTJ change API behind the palveluväylä (docs/spec/yksilointi-vtj.md#5.3). */
@Injectable()
export class VtjMuutosrajapintaClient {
  private readonly http = new HttpClient({
    peer: 'muutosrajapinta',
    foreign: true,
    connectTimeoutMs: 2_000,
    timeoutMs: 30_000,
    maxBytes: MAX_ANSWER_BYTES,
  });
  private signer: Promise<AwsSigner> | null = null;

  constructor(@InjectConfig() private readonly config: Config) {}

  /**
   * The cursor of the start of a day.
   * @throws MuutostietoRetryError
   * @throws PeerError
   */
  async getKirjausavain(date: LocalDate): Promise<number> {
    const response = await this.send({ operation: 'kirjausavain' }, `kirjausavain/${date}`);
    return numberOf(response, objectOf(response).viimeisinKirjausavain);
  }

  /**
   * Changes of the given persons after the cursor.
   * @param hetut the whole bucket, some 10 000
   * @throws MuutostietoRetryError
   * @throws PeerError
   */
  async getMuutokset(viimeisinKirjausavain: number, hetut: readonly string[]): Promise<Muutokset> {
    const body = JSON.stringify({ viimeisinKirjausavain, hetulista: hetut });
    const response = await this.send({ operation: 'muutokset', method: 'POST', body }, 'muutokset');
    const answer = objectOf(response);
    if (typeof answer.ajanTasalla !== 'boolean') throw response.error('answered without ajanTasalla');
    const muutokset = listOf(response, answer.muutokset).map(({ henkilotunnus, muutospv, tietoryhmat }) => {
      if (typeof henkilotunnus !== 'string' || typeof muutospv !== 'string')
        throw response.error('answered a change without person or time');
      return { henkilotunnus, muutospv, tietoryhmat };
    });
    return {
      viimeisinKirjausavain: numberOf(response, answer.viimeisinKirjausavain),
      ajanTasalla: answer.ajanTasalla,
      muutokset,
    };
  }

  /**
   * Full data of persons; those that the provider does not know are absent.
   * @param hetut at most 100
   * @throws MuutostietoRetryError
   * @throws PeerError
   */
  async listPerustiedot(hetut: readonly string[]): Promise<VtjPerustieto[]> {
    const body = JSON.stringify({ hetulista: hetut });
    const response = await this.send({ operation: 'perustiedot', method: 'POST', body }, 'perustiedot');
    return listOf(response, objectOf(response).perustiedot).map(({ henkilotunnus, tietoryhmat }) => {
      if (typeof henkilotunnus !== 'string') throw response.error('answered data without person');
      return { henkilotunnus, tietoryhmat };
    });
  }

  private async send(call: Omit<PeerRequest, 'headers'>, path: string): Promise<PeerResponse> {
    const { baseUrl, palveluvaylaEnv, username, password, retryDelayMs } = this.config.vtjMuutosrajapinta;
    const url = `${baseUrl}/r1/${palveluvaylaEnv}/GOV/0245437-2/VTJmutpa/VTJmutpa/api/v1/${path}`;
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'x-road-client': `${palveluvaylaEnv}/GOV/2769790-1/vtj-oph-client`,
    };
    for (let attempt = 1; ; attempt++) {
      const response = await this.http.send(url, { ...call, headers: await this.sign(url, { ...call, headers }) });
      if (response.ok) return response;
      if (!RETRYABLE.has(response.status)) throw response.error();
      if (attempt === MAX_ATTEMPTS)
        throw new MuutostietoRetryError(
          'muutosrajapinta',
          `${call.operation} answered ${response.status} ${MAX_ATTEMPTS} times`,
          response.status,
        );
      await sleep(retryDelayMs);
    }
  }

  /** Headers with a signature. Without a role there is nobody to sign as: fit for a stand-in only. */
  private async sign(
    url: string,
    call: Pick<PeerRequest, 'method' | 'headers' | 'body'>,
  ): Promise<Record<string, string>> {
    const roleArn = this.config.vtjMuutosrajapinta.apigwRoleArn;
    if (roleArn === null && this.config.production)
      throw new PeerError('muutosrajapinta', 'has no role to sign as (vtj-muutosrajapinta.apigw-role-arn)');
    if (roleArn === null) return { ...call.headers };
    this.signer ??= createAwsSigner(this.config.aws, {
      service: 'execute-api',
      region: GATEWAY_REGION,
      roleArn,
      sessionName: 'palveluvayla',
    });
    try {
      return await (
        await this.signer
      )(url, call);
    } catch (cause) {
      throw new PeerError('sts', `no credentials (${cause instanceof Error ? cause.name : 'unknown'})`, null, {
        cause,
      });
    }
  }
}

function objectOf(response: PeerResponse): Record<string, unknown> {
  const body = response.json();
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw response.error('answered what is not an object');
  return body as Record<string, unknown>;
}

function listOf(response: PeerResponse, value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'object' || item === null))
    throw response.error('answered without a list');
  return value as Record<string, unknown>[];
}

function numberOf(response: PeerResponse, value: unknown): number {
  if (!Number.isSafeInteger(value)) throw response.error('answered without viimeisinKirjausavain');
  return value as number;
}
