import { Injectable } from '@nestjs/common';
import { PeerError } from '../../common/errors.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { createAwsSigner, type AwsSigner } from '../aws-signer.service.js';
import { form, HttpClient } from '../http.client.js';

/** The topic that tells other services of changed persons (docs/spec/security-integrations-jobs.md#4.10). */
@Injectable()
export class HenkiloModifiedTopic {
  private readonly http = new HttpClient({
    peer: 'sns',
    foreign: true,
    connectTimeoutMs: 2_000,
    timeoutMs: 10_000,
    attempts: 4,
    pauseMs: 200,
    isRetryable: (status) => status === 429 || status >= 500,
  });
  private signer: Promise<AwsSigner> | null = null;

  constructor(@InjectConfig() private readonly config: Config) {}

  get enabled(): boolean {
    return this.config.aws.henkiloModifiedTopic.enabled;
  }

  /**
   * One message `{"oidHenkilo": …}`, by SNS's own form: the SDK's client costs three times the processor time, and every
   * change of a person pays it (ADR 31).
   * @throws PeerError the topic did not take the message after four tries
   */
  async publish(henkiloOid: string): Promise<void> {
    const { region, endpoint, henkiloModifiedTopic } = this.config.aws;
    const url = endpoint ?? `https://sns.${region}.amazonaws.com/`;
    const message = { TopicArn: henkiloModifiedTopic.arn, Message: JSON.stringify({ oidHenkilo: henkiloOid }) };
    const call = { method: 'POST', ...form({ Action: 'Publish', Version: '2010-03-31', ...message }) } as const;
    const response = await this.http.send(url, { operation: 'publish', ...call, headers: await this.sign(url, call) });
    // Whatever else says 200 has not taken it: a proxy, or a server in trouble.
    if (response.status === 200 && response.text().includes('<PublishResponse')) return;
    const code = /<Code>(\w{1,60})<\/Code>/.exec(response.text())?.[1] ?? 'no code';
    throw response.error(`answered ${response.status} (${code})`);
  }

  private async sign(url: string, call: Parameters<AwsSigner>[1]): Promise<Record<string, string>> {
    const { aws } = this.config;
    this.signer ??= createAwsSigner(aws, {
      service: 'sns',
      region: aws.region,
      roleArn: aws.roleArn,
      sessionName: 'onr-henkilo-modified-sns-publish',
    });
    try {
      return await (
        await this.signer
      )(url, call);
    } catch (cause) {
      throw new PeerError('sts', `no credentials (${(cause as Error).name})`, null, { cause });
    }
  }
}
