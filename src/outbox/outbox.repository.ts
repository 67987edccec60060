import { Injectable } from '@nestjs/common';
import { Any, type Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** A message not known to be published. */
export interface OutboxRow {
  readonly id: number;
  readonly henkiloOid: string;
}

const TOPIC = 'henkilo-modified';

/**
 * Table onr_outbox. `next_attempt` is a lease: a process that publishes a row first moves it ahead, and no other process takes the row
 * before that time.
 */
@Injectable()
export class OutboxRepository {
  constructor(private readonly db: Database) {}

  /** Stores one message per OID, in order, leased to this process. */
  async insert(henkiloOids: readonly string[], leaseMs: number): Promise<OutboxRow[]> {
    const rows = await this.db.prepared<{ id: number }>(
      'outbox-insert',
      `insert into onr_outbox (topic, henkilo_oid, body, next_attempt)
       select '${TOPIC}', x.oid, jsonb_build_object('oidHenkilo', x.oid), clock_timestamp() + $2::int * interval '1 ms'
         from unnest($1::text[]) with ordinality x (oid, nth)
        order by x.nth
       returning id`,
      [henkiloOids, leaseMs],
    );
    return rows.map(({ id }, i) => ({ id, henkiloOid: henkiloOids[i]! }));
  }

  /**
   * Leases up to `limit` rows whose time has come, the earliest first, but of each person only the oldest one: the next
   * follows when it is gone. Several processes may ask at once.
   */
  claimDue(limit: number, leaseMs: number): Promise<OutboxRow[]> {
    return this.db.query<OutboxRow>(
      `with due as (
         select o.id from onr_outbox o
          where o.topic = '${TOPIC}' and o.next_attempt <= clock_timestamp()
            and not exists (select 1 from onr_outbox e
                             where e.topic = o.topic and e.henkilo_oid = o.henkilo_oid and e.id < o.id)
          order by o.next_attempt, o.id
          limit $1
            for update skip locked),
       leased as (
         update onr_outbox o set next_attempt = clock_timestamp() + $2::int * interval '1 ms'
           from due where o.id = due.id
         returning o.id, o.henkilo_oid as "henkiloOid")
       select id, "henkiloOid" from leased order by id`,
      [limit, leaseMs],
    );
  }

  /** Gives rows back after a failed try, to be tried again after `delayMs`. */
  async postpone(ids: readonly number[], delayMs: number): Promise<void> {
    await this.messages
      .createQueryBuilder()
      .update()
      .set({
        attempts: () => 'attempts + 1',
        nextAttempt: () => `clock_timestamp() + cast(:delayMs as int) * interval '1 ms'`,
      })
      .where({ id: Any(ids) })
      .setParameter('delayMs', delayMs)
      .execute();
  }

  /** Removes published rows. */
  async remove(ids: readonly number[]): Promise<void> {
    await this.db.prepared(
      'outbox-remove',
      'delete from onr_outbox where id = any(array(select unnest($1::bigint[])))',
      [ids],
    );
  }

  /** How many messages are not known to be published. */
  count(): Promise<number> {
    return this.messages.countBy({ topic: TOPIC });
  }

  private get messages(): Repository<OutboxMessage> {
    return this.db.repository(OutboxMessage);
  }
}
