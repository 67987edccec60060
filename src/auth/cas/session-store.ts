import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../database/database.js';

const MAX_INACTIVE_SECONDS = 1800;
/** The time of the last use is written at most this often. */
const TOUCH_AFTER_MS = 60_000;
const CLEAN_EVERY_MS = 60_000;
/** The one attribute of ours; sessions that the reference wrote have none and count as absent. */
const ATTRIBUTE = 'ONR_SESSION';

/** Who logged in through CAS. */
export interface Login {
  readonly oid: string | null;
  readonly authorities: readonly string[];
  /** The service ticket that was used. */
  readonly ticket: string;
}

/** What is kept in the attribute. */
interface Content {
  /** Null: nobody has logged in yet. */
  readonly login: Login | null;
  /** Where the browser wanted to go before login: path and query as sent; null when nowhere. */
  readonly savedUrl: string | null;
}

export interface Session extends Content {
  readonly id: string;
}

interface SessionRow {
  session_id: string;
  last_access_time: number;
  attribute_bytes: Buffer;
}

/**
 * Sessions in the tables of the reference (spec security-integrations-jobs 1.7): half an hour without use ends one. All
 * times there are epoch milliseconds.
 */
@Injectable()
export class SessionStore implements OnModuleDestroy {
  private readonly log = new Logger(SessionStore.name);
  private readonly cleaner = setInterval(() => void this.deleteExpired(), CLEAN_EVERY_MS);

  constructor(private readonly db: Database) {
    this.cleaner.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.cleaner);
  }

  /** The live session with this id, its time of last use refreshed. */
  async find(id: string): Promise<Session | undefined> {
    const now = Date.now();
    const [row] = await this.db.prepared<SessionRow>(
      'session-find',
      `select s.session_id, s.last_access_time, a.attribute_bytes
         from spring_session s
         join spring_session_attributes a on a.session_primary_id = s.primary_id and a.attribute_name = $2
        where s.session_id = $1 and s.expiry_time > $3`,
      [id, ATTRIBUTE, now],
    );
    if (!row) return undefined;
    if (now - Number(row.last_access_time) > TOUCH_AFTER_MS) await this.touch(id, now);
    return { id: row.session_id.trim(), ...(JSON.parse(row.attribute_bytes.toString('utf8')) as Content) };
  }

  /** @returns id of the new session */
  async create(content: Content): Promise<string> {
    const id = randomUUID();
    const now = Date.now();
    await this.db.execute(
      `with s as (
         insert into spring_session (primary_id, session_id, creation_time, last_access_time, max_inactive_interval, expiry_time, principal_name)
         values ($1, $2, $3, $3, $4, $5, $6) returning primary_id)
       insert into spring_session_attributes (session_primary_id, attribute_name, attribute_bytes) select primary_id, $7, $8 from s`,
      [
        randomUUID(),
        id,
        now,
        MAX_INACTIVE_SECONDS,
        now + MAX_INACTIVE_SECONDS * 1000,
        principalOf(content),
        ATTRIBUTE,
        bytesOf(content),
      ],
    );
    return id;
  }

  /** Replaces what a session holds; one that has ended meanwhile stays so. */
  async replace(id: string, content: Content): Promise<void> {
    await this.db.execute(
      `with s as (update spring_session set principal_name = $2 where session_id = $1 returning primary_id)
       update spring_session_attributes set attribute_bytes = $4
        where session_primary_id in (select primary_id from s) and attribute_name = $3`,
      [id, principalOf(content), ATTRIBUTE, bytesOf(content)],
    );
  }

  async delete(id: string): Promise<void> {
    await this.db.execute('delete from spring_session where session_id = $1', [id]);
  }

  /** Remembers which session a ticket opened, for single logout (spec 1.8); one ticket per session. */
  async recordTicket(id: string, ticket: string): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.execute('delete from cas_client_session where session_id = $1', [id]);
      await this.db.execute(
        'insert into cas_client_session (mapping_id, session_id) values ($1, $2) on conflict do nothing',
        [ticket, id],
      );
    });
  }

  /** Ends the session that the ticket opened; an unknown ticket is no error. The mapping stays for its job to clean. */
  async deleteByTicket(ticket: string): Promise<void> {
    if (ticket.includes('\0')) return; // no text of the database, so nobody's ticket
    await this.db.execute(
      'delete from spring_session where session_id = (select session_id::bpchar from cas_client_session where mapping_id = $1)',
      [ticket],
    );
  }

  private async touch(id: string, now: number): Promise<void> {
    await this.db.execute('update spring_session set last_access_time = $2, expiry_time = $3 where session_id = $1', [
      id,
      now,
      now + MAX_INACTIVE_SECONDS * 1000,
    ]);
  }

  private async deleteExpired(): Promise<void> {
    try {
      await this.db.execute('delete from spring_session where expiry_time < $1', [Date.now()]);
    } catch (error) {
      this.log.warn(`Expired sessions stay for now: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const bytesOf = ({ login, savedUrl }: Content): Buffer => Buffer.from(JSON.stringify({ login, savedUrl }), 'utf8');
/** The column holds 100 characters. */
const principalOf = ({ login }: Content): string | null => login?.oid?.slice(0, 100) ?? null;
