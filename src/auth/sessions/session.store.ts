import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Any, LessThan, type Repository } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { readSessionText, writeSessionText } from './session-text.rules.js';
import { SpringSession } from './spring-session.entity.js';

const MAX_SESSION_IDLE_SECONDS = 1800;
/** The time of the last use is written at most this often. */
const TOUCH_AFTER_MS = 60_000;
const CLEAN_INTERVAL_MS = 60_000;
/** How long a replaced session still works, for requests that were under way when a parallel one logged in. */
const RETIRED_SESSION_KEPT_MS = 30_000;
/** The one attribute of ours; sessions that the reference wrote have none and count as absent. */
const ATTRIBUTE = 'ONR_LOGIN';
/** What former versions of the service wrote in its place, which the reference cannot read. */
const FORMER_ATTRIBUTE = 'ONR_SESSION';
const ATTRIBUTES = [ATTRIBUTE, FORMER_ATTRIBUTE] as const;

/** Who logged in through CAS. */
export interface Login {
  readonly oid: string | null;
  readonly authorities: readonly string[];
  /** The service ticket that was used. */
  readonly ticket: string;
  /** How the user logged in, as CAS tells it; absent in sessions of former versions. */
  readonly methods?: readonly string[];
}

/** What is kept in the attribute. */
interface Content {
  /** Null in sessions of former versions that nobody had logged in to. */
  readonly login: Login | null;
}

export interface Session {
  readonly id: string;
  readonly login: Login;
}

interface SessionRow {
  session_id: string;
  creation_time: number;
  last_access_time: number;
  attribute_bytes: Buffer;
}

/**
 * Sessions in the tables of the reference (docs/spec/security-integrations-jobs.md#1.7): half an hour without use ends one, and
 * its age does however much it is used. All times there are epoch milliseconds.
 */
@Injectable()
export class SessionStore implements OnModuleDestroy {
  private readonly log = new Logger(SessionStore.name);
  private readonly cleaner = setInterval(() => void this.deleteExpired(), CLEAN_INTERVAL_MS);

  private readonly db: Database;

  /** @param db its reserved connections serve: logins work while requests wait for others */
  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    db: Database,
  ) {
    this.db = db.reserved;
    this.cleaner.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.cleaner);
  }

  /**
   * Of the sessions with these ids the first live one, its time of last use refreshed. One in which the reference has written
   * is the reference's: maybe somebody else has logged in to it there.
   */
  async find(ids: readonly string[]): Promise<Session | undefined> {
    if (ids.length === 0) return undefined;
    const now = this.now();
    const rows = await this.db.prepared<SessionRow>(
      'session-find',
      `select s.session_id, s.creation_time, s.last_access_time, a.attribute_bytes
         from spring_session s
         join spring_session_attributes a on a.session_primary_id = s.primary_id and a.attribute_name = any($2::varchar[])
        where s.session_id = any($1::bpchar[]) and s.expiry_time > $3 and s.creation_time > $4
          and not exists (select from spring_session_attributes o
                           where o.session_primary_id = s.primary_id and o.attribute_name <> all($2::varchar[]))`,
      [ids, ATTRIBUTES, now, now - this.config.sessionLifetimeMs],
    );
    for (const id of ids) {
      const row = rows.find(({ session_id }) => session_id.trim() === id);
      const login = row && (readSessionText(row.attribute_bytes) as Content).login;
      if (!login) continue;
      if (now - row.last_access_time > TOUCH_AFTER_MS) await this.touch(id, now, row.creation_time);
      return { id, login };
    }
    return undefined;
  }

  /**
   * Opens a session and remembers which ticket did, for single logout (docs/spec/security-integrations-jobs.md#1.8). A ticket opens one session at a time: one
   * that it opened before ends.
   *
   * @param ending ids of sessions that end with it
   * @returns id of the new session
   */
  async open(login: Login, ending: readonly string[]): Promise<string> {
    const id = randomUUID();
    const now = this.now();
    await this.db.execute(
      `with s as (
         insert into spring_session (primary_id, session_id, creation_time, last_access_time, max_inactive_interval, expiry_time, principal_name)
         values ($1, $2::text, $3, $3, $4, $5, $6) returning primary_id),
       a as (
         insert into spring_session_attributes (session_primary_id, attribute_name, attribute_bytes)
         select primary_id, $7, $8 from s),
       earlier as (select session_id from cas_client_session where mapping_id = $9),
       m as (
         insert into cas_client_session (mapping_id, session_id) values ($9, $2::text)
         on conflict (mapping_id) do update set session_id = excluded.session_id)
       delete from spring_session
        where session_id = any($10::bpchar[] || array(select session_id::bpchar from earlier))`,
      [
        randomUUID(),
        id,
        now,
        MAX_SESSION_IDLE_SECONDS,
        this.expiryOf(now, now),
        login.oid?.slice(0, 100) ?? null, // the column holds 100 characters
        ATTRIBUTE,
        writeSessionText({ login } satisfies Content),
        login.ticket,
        ending,
      ],
    );
    return id;
  }

  /** Lets the requests under way finish that carry the id, and ends the session then. */
  async retire(id: string): Promise<void> {
    const now = this.now();
    await this.sessions
      .createQueryBuilder()
      .update()
      .set({ lastAccessTime: now, expiryTime: () => 'least(expiry_time, :until)' })
      .where({ sessionId: id })
      .setParameter('until', now + RETIRED_SESSION_KEPT_MS)
      .execute();
  }

  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.sessions.delete({ sessionId: Any(ids) });
  }

  /** Ends the sessions that the tickets opened; an unknown ticket is no error. The mapping stays for its job to clean. */
  async deleteByTickets(tickets: readonly string[]): Promise<void> {
    const texts = tickets.filter((ticket) => !ticket.includes('\0')); // no text of the database, so nobody's ticket
    await this.db.execute(
      `delete from spring_session
        where session_id = any(array(select session_id::bpchar from cas_client_session where mapping_id = any($1::text[])))`,
      [texts],
    );
  }

  /** @returns number of tickets removed */
  removeTicketsWithoutSession(): Promise<number> {
    return this.db.execute(
      `delete from cas_client_session c
        where not exists (select 1 from spring_session s where s.session_id = c.session_id)`,
    );
  }

  private async touch(id: string, now: number, created: number): Promise<void> {
    await this.sessions.update({ sessionId: id }, { lastAccessTime: now, expiryTime: this.expiryOf(now, created) });
  }

  private get sessions(): Repository<SpringSession> {
    return this.db.repository(SpringSession);
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private expiryOf(lastUse: number, created: number): number {
    return Math.min(lastUse + MAX_SESSION_IDLE_SECONDS * 1000, created + this.config.sessionLifetimeMs);
  }

  private async deleteExpired(): Promise<void> {
    try {
      await this.sessions.delete({ expiryTime: LessThan(this.now()) });
    } catch (error) {
      this.log.warn(`Expired sessions stay for now: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
