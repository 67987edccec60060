import { Injectable, Logger } from '@nestjs/common';
import { maskHetut } from '../../common/hetu-mask.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { HttpClient, json } from '../http.client.js';

const TITLE = ':wave: Oppijanumerorekisteri notification :wave:';

/** Alerts to the operators' channel (docs/spec/security-integrations-jobs.md#4.11). */
@Injectable()
export class SlackClient {
  private readonly log = new Logger(SlackClient.name);
  private readonly http = new HttpClient({ peer: 'slack', foreign: true, timeoutMs: 10_000 });

  constructor(@InjectConfig() private readonly config: Config) {}

  /**
   * Sends an alert, or logs it when no address is set. Never fails: an alert must not stop what it tells about (docs/spec/security-integrations-jobs.md#O-15).
   * @param detail e.g. an error's text; henkilötunnukset are masked
   */
  async send(message: string, detail?: string): Promise<void> {
    const text = maskHetut(detail === undefined ? message : `${message}: \`\`\`${detail}\`\`\``);
    if (this.config.slackUrl === null) {
      this.log.warn(`Slack is not set up: ${text}`);
      return;
    }
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: TITLE, emoji: true } },
      { type: 'section', text: { type: 'mrkdwn', text } },
    ];
    try {
      const response = await this.http.send(this.config.slackUrl, {
        operation: 'alert',
        method: 'POST',
        ...json({ text: TITLE, blocks }),
      });
      if (!response.ok) throw response.error();
    } catch (error) {
      this.log.error(`An alert did not reach Slack: ${(error as Error).message}`);
    }
  }
}
