import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { HenkiloModifiedTopic } from '../integrations/sns/henkilo-modified.topic.js';
import { OutboxPublisher } from './outbox.publisher.js';
import { OutboxRepository } from './outbox.repository.js';

/** What one of many messages adds to the lease. */
const MS_PER_MESSAGE = 20;

/**
 * Tells other services of changed persons (docs/spec/security-integrations-jobs.md#4.10): the messages are stored with the
 * change and go out after the commit, so that none is lost and none tells of what did not happen (ADR 32).
 */
@Injectable()
export class HenkiloModifiedOutbox {
  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly db: Database,
    private readonly topic: HenkiloModifiedTopic,
    private readonly outbox: OutboxRepository,
    private readonly publisher: OutboxPublisher,
  ) {}

  /**
   * One message per OID, in the given order, after those added earlier in the running transaction. Nothing happens
   * when the topic is off.
   * @param henkiloOids a person named twice gets two messages
   */
  add(henkiloOids: readonly string[]): void {
    this.addEach([henkiloOids]);
  }

  /**
   * As `add` for several lists, of which none waits for another; one list where they name a person twice, or where the
   * transaction adds something else as well.
   */
  addEach(lists: readonly (readonly string[])[]): void {
    if (!this.topic.enabled || lists.every((list) => list.length === 0)) return;
    const added = this.db.transactionState<(readonly string[])[]>(this, () => {
      const stored: (readonly string[])[] = [];
      this.db.beforeCommit(this, async () => {
        const oids = stored.flat();
        const leaseMs = this.config.outbox.leaseMs + oids.length * MS_PER_MESSAGE;
        const rows = await this.outbox.insert(oids, leaseMs);
        let at = 0;
        const lanes = stored.map((list) => rows.slice(at, (at += list.length)));
        this.db.afterCommit(() => this.publisher.publishCommitted(lanes));
      });
      return stored;
    });
    const all = [...added, ...lists].flat();
    const apart = added.length === 0 && new Set(all).size === all.length;
    added.splice(0, Infinity, ...(apart ? lists : [all]));
  }
}
