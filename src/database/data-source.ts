import './pg-types.js';
import { defaults, Pool, type ClientBase, type PoolConfig } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { ConnectionPool, type Outside } from './connection-pool.js';
import { Connection } from './connection.js';
import { Replica } from './replica.js';
import {
  localSettings,
  sessionSettings,
  startupOptions,
  type PgBouncerMode,
  type SessionSettings,
} from './session-settings.js';
import { reach, type DatabaseAddress } from './tls-client.js';
import { codeOf, DatabaseUnavailableError } from './unavailable.js';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as TypeORM declares it
export type EntityClass = Function | string | EntitySchema;

/** How long one kind of work may wait for PostgreSQL, in milliseconds. */
interface Limits {
  readonly statementMs: number;
  readonly lockMs: number;
  /** For a connection, opening it included. */
  readonly connectionMs: number;
}

export interface DatabaseOptions extends DatabaseAddress {
  /** A standby for reads that may be late; null: none. */
  readonly replica?: { readonly url: string | null; readonly maxLagMs?: number };
  readonly pgBouncer?: PgBouncerMode;
  /** Connections for requests. */
  readonly poolSize: number;
  readonly requests?: Limits;
  /** Jobs and what the process does by itself. */
  readonly jobs?: Limits & { readonly poolSize: number };
}

const REQUESTS: Limits = { statementMs: 20_000, lockMs: 5_000, connectionMs: 5_000 };
const JOBS = { statementMs: 600_000, lockMs: 60_000, connectionMs: 60_000, poolSize: 10 };
/** Sessions and health: small statements on tables that nobody else locks. */
const RESERVED = { statementMs: 3_000, lockMs: 2_000, connectionMs: 2_000, poolSize: 4 };
/** The server itself ends a statement that takes too long; when nothing is heard for so much longer, it is gone. */
const SILENCE_AFTER_STATEMENT_TIMEOUT_MS = 5_000;
/** The server ends a transaction in which nothing is asked for so long: the process that began it is gone. */
const IDLE_IN_TRANSACTION_MS = 60_000;
const DEFAULT_MAX_LAG_MS = 5_000;
/** Connections still in use at the end are cut off after this time. */
const CONNECTIONS_END_MS = 3_000;

type Reach = ReturnType<typeof reach>;

/** What is set for every session; it runs in UTC and finds tables in `public`. */
const sessionOf = ({ statementMs, lockMs }: Limits, idleInTransactionMs = IDLE_IN_TRANSACTION_MS): SessionSettings => ({
  timezone: 'UTC',
  search_path: 'public',
  'pg_trgm.similarity_threshold': 0.5,
  // Requests side by side fill the cores by themselves: parallel workers would only double the work of each.
  max_parallel_workers_per_gather: 0,
  // Compiling a statement takes longer than it gains (docs/performance.md).
  jit: 'off',
  statement_timeout: statementMs,
  lock_timeout: lockMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
});

/** How the connections of a pool are made, which send several statements at a time. */
function settings(reached: Reach, limits: Limits, mode: PgBouncerMode, session = sessionOf(limits)) {
  return {
    ...reached,
    application_name: 'oppijanumerorekisteri-service',
    connectionTimeoutMillis: limits.connectionMs,
    pipeline: true,
    ...(mode === 'none' && { options: startupOptions(session) }),
    ...(mode === 'session' && { onConnect: (client: ClientBase) => client.query(sessionSettings(session)) }),
    ...(mode === 'transaction' && { localSettings: localSettings(session) }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    idleTimeoutMillis: 300_000,
    maxLifetimeSeconds: 900,
    Client: Connection as unknown as NonNullable<PoolConfig['Client']>,
  };
}

/** Connections by the work that they are for: work that uses up one kind takes none of the others. */
export interface Pools {
  readonly requests: ConnectionPool;
  readonly jobs: ConnectionPool;
  /** Small, for what must work while all others wait: logins, health, cancelling. */
  readonly reserved: ConnectionPool;
  /** Null: there is no standby. */
  readonly replica: Replica | null;
}

/** The entities and the connections. Not yet connected. */
export class OnrDataSource extends DataSource {
  private made: Pools | null = null;
  private readonly requests: Pool;
  private readonly primary: Reach;
  private readonly standby: Reach | null;

  constructor(
    private readonly database: DatabaseOptions,
    entities: EntityClass[],
  ) {
    const { poolSize, requests = REQUESTS, replica, tls, pgBouncer = 'none' } = database;
    const primary = reach(database);
    const pool = createPool(primary, { ...requests, poolSize }, pgBouncer);
    super({
      type: 'postgres',
      url: primary.connectionString,
      driver: {
        defaults,
        Pool: function () {
          return pool;
        },
      }, // whatever pool TypeORM asks for, it gets ours
      poolErrorHandler: () => undefined, // as those of `createPool`
      entities,
      synchronize: false,
    });
    this.primary = primary;
    this.standby = replica?.url ? reach({ url: replica.url, tls }, 'prefer-standby') : null;
    this.requests = pool;
    // Large object references (`tuonti_data.data`) are a type that TypeORM does not list.
    (this.driver as { supportedDataTypes: string[] } & typeof this.driver).supportedDataTypes.push('oid');
  }

  get pools(): Pools {
    return (this.made ??= this.makePools());
  }

  /**
   * A connection outside all pools, for COPY: it sends one statement at a time. The caller closes it.
   * @param limitMs for a statement, and for the pauses inside a transaction
   * @throws DatabaseUnavailableError it does not come about
   */
  async connectAlone(limitMs: number, to: 'primary' | 'replica' = 'primary'): Promise<Connection> {
    const { jobs = JOBS, pgBouncer = 'none' } = this.database;
    const limits = { ...jobs, statementMs: limitMs };
    const reached = (to === 'replica' ? this.standby : null) ?? this.primary;
    const { onConnect, ...given } = settings(reached, limits, pgBouncer, sessionOf(limits, limitMs));
    const connection = new Connection({ ...given, pipeline: false });
    try {
      await connection.connect();
      await onConnect?.(connection);
    } catch (error) {
      connection.cut();
      throw new DatabaseUnavailableError(`no connection (${codeOf(error) ?? (error as Error).message})`, error);
    }
    return connection;
  }

  override initialize(): Promise<this> {
    this.made ??= this.makePools(); // before the first connection: a pool watches those that it has seen begin
    return super.initialize();
  }

  override async destroy(): Promise<void> {
    const { made } = this;
    if (!made) return super.destroy();
    made.replica?.end();
    await Promise.all([
      made.requests.end(CONNECTIONS_END_MS, () => super.destroy()),
      made.jobs.end(CONNECTIONS_END_MS, () => made.jobs.pool.end()),
      made.replica?.pool.end(CONNECTIONS_END_MS, () => made.replica!.pool.pool.end()),
    ]);
    await made.reserved.end(0, () => made.reserved.pool.end());
  }

  private makePools(): Pools {
    const { primary, standby } = this;
    const { requests = REQUESTS, jobs = JOBS, poolSize, pgBouncer = 'none', replica } = this.database;
    const outdate = () => {
      for (const pool of [pools.requests, pools.jobs, pools.reserved]) pool.outdate();
    };
    const reservedPool = createPool(primary, RESERVED, pgBouncer);
    const reserved = new ConnectionPool(reservedPool, answerMs(RESERVED), null, outdate);
    const outside = pgBouncer === 'none' ? outsideBy(reserved) : BY_PROTOCOL;
    const pools: Pools = {
      requests: new ConnectionPool(this.requests, answerMs(requests), outside, outdate),
      jobs: new ConnectionPool(createPool(primary, jobs, pgBouncer), answerMs(jobs), outside, outdate),
      reserved,
      replica:
        standby &&
        new Replica(
          new ConnectionPool(
            createPool(standby, { ...requests, poolSize }, pgBouncer),
            answerMs(requests),
            BY_PROTOCOL,
          ),
          reserved,
          replica?.maxLagMs ?? DEFAULT_MAX_LAG_MS,
        ),
    };
    return pools;
  }
}

const answerMs = ({ statementMs }: { statementMs: number }) => statementMs + SILENCE_AFTER_STATEMENT_TIMEOUT_MS;

/** Asks the server on a connection that is kept for it. */
const outsideBy = (reserved: ConnectionPool): Outside => ({
  cancel: ({ serverPid }) => ask(reserved, 'select pg_cancel_backend($1)', serverPid),
  listBusy: async (pids) => {
    const sql = `select pid from pg_stat_activity where pid = any ($1) and state = 'active'`;
    return new Set((await ask(reserved, sql, pids)).map(({ pid }) => pid as number));
  },
});

/** Where `reserved` leads to another server, or PgBouncer gives numbers of processes that mean nothing to the server. */
const BY_PROTOCOL: Outside = { cancel: (connection) => connection.cancelRunning(), listBusy: null };

function createPool(reached: Reach, { poolSize, ...limits }: Limits & { poolSize: number }, mode: PgBouncerMode): Pool {
  const pool = new Pool({ max: poolSize, ...settings(reached, limits, mode) });
  return pool.on('error', () => undefined); // a connection that breaks tells of it
}

async function ask(pool: ConnectionPool, text: string, value: unknown): Promise<Record<string, unknown>[]> {
  const loan = await pool.borrow();
  try {
    return (await loan.query({ text, values: [value] })).rows;
  } finally {
    loan.release();
  }
}

export const createDataSource = (options: DatabaseOptions, entities: EntityClass[] = []): OnrDataSource =>
  new OnrDataSource(options, entities);
