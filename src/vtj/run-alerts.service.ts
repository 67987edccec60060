import { Logger } from '@nestjs/common';
import type { SlackClient } from '../integrations/slack/slack.client.js';

/** A broken day must not flood the channel; the log has every case. */
const MAX_ALERTS_OF_RUN = 50;

/** Alerts of one run of a job (docs/spec/yksilointi-vtj.md#5.11): one by one up to a bound, then a count. */
export class RunAlertsService {
  private readonly log = new Logger(RunAlertsService.name);
  private count = 0;

  constructor(private readonly slack: SlackClient) {}

  /** @param detail without hetut and names */
  async send(message: string, detail?: string): Promise<void> {
    if (++this.count <= MAX_ALERTS_OF_RUN) await this.slack.send(message, detail);
  }

  /** To be called when the run ends. */
  async end(): Promise<void> {
    if (this.count <= MAX_ALERTS_OF_RUN) return;
    this.log.warn(`${this.count - MAX_ALERTS_OF_RUN} alerts were not sent one by one`);
    await this.slack.send(`Lisäksi ${this.count - MAX_ALERTS_OF_RUN} muuta virhettä samassa ajossa, katso loki`);
  }
}
