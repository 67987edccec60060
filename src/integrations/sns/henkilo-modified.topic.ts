import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { SNSClient } from '@aws-sdk/client-sns';
import { PeerError } from '../../common/errors.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { awsClientSettings } from '../aws.js';

/** The topic that tells other services of changed persons (spec security-integrations-jobs 4.10). */
@Injectable()
export class HenkiloModifiedTopic implements OnApplicationShutdown {
  private client: Promise<SNSClient> | null = null;

  constructor(@InjectConfig() private readonly config: Config) {}

  get enabled(): boolean {
    return this.config.aws.henkiloModifiedTopic.enabled;
  }

  /** @throws PeerError the topic did not take the message after four tries */
  async publish(henkiloOid: string): Promise<void> {
    const { PublishCommand } = await import('@aws-sdk/client-sns');
    const message = {
      TopicArn: this.config.aws.henkiloModifiedTopic.arn,
      Message: JSON.stringify({ oidHenkilo: henkiloOid }),
    };
    try {
      this.client ??= this.createClient();
      await (await this.client).send(new PublishCommand(message));
    } catch (cause) {
      throw new PeerError('sns', `publish failed (${cause instanceof Error ? cause.name : 'unknown'})`, null, {
        cause,
      });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    (await this.client)?.destroy();
  }

  private async createClient(): Promise<SNSClient> {
    const { SNSClient } = await import('@aws-sdk/client-sns');
    const { aws } = this.config;
    const settings = await awsClientSettings(aws, aws.region, aws.roleArn, 'onr-henkilo-modified-sns-publish');
    const requestHandler = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
    return new SNSClient({ ...settings, maxAttempts: 4, requestHandler });
  }
}
