import './pg-types.js';
import { defaults, Pool, type PoolConfig } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { ConnectionPool, type Outside } from './connection-pool.js';
import { Connection } from './connection.js';
import type { DatabaseAddress } from './tls-client.js';
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
/** A transaction in which nothing is asked for so long is the server's to end: whoever began it is gone. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** Connections still in use at the end are cut off after this time. */
const CONNECTIONS_END_MS = 3_000;

/**
 * Settings of the connections of a pool, which send several statements at a time; every session runs in UTC and finds
 * tables in `public`.
 */
const settings = (
  { tls }: DatabaseAddress,
  { statementMs, lockMs, connectionMs }: Limits,
  idleInTransactionMs = IDLE_IN_TRANSACTION_MS,
) => ({
  databaseTls: tls,
  application_name: 'oppijanumerorekisteri-service',
  connectionTimeoutMillis: connectionMs,
  pipeline: true,
  // Requests side by side fill the cores by themselves: parallel workers would only double the work of each.
  options:
    '-c timezone=UTC -c search_path=public -c pg_trgm.similarity_threshold=0.5 -c max_parallel_workers_per_gather=0' +
    ` -c statement_timeout=${statementMs} -c lock_timeout=${lockMs}` +
    ` -c idle_in_transaction_session_timeout=${idleInTransactionMs}`,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  idleTimeoutMillis: 300_000,
  maxLifetimeSeconds: 900,
  Client: Connection as unknown as NonNullable<PoolConfig['Client']>,
});

/** Which connections are for whom: whoever exhausts one kind leaves the others alone. */
export interface Pools {
  readonly requests: ConnectionPool;
  readonly jobs: ConnectionPool;
  /** Small, for what must work while all others wait: logins, health, cancelling. */
  readonly reserved: ConnectionPool;
}

/** The entities and the connections. Not yet connected. */
export class OnrDataSource extends DataSource {
  private made: Pools | null = null;
  private readonly requests: Pool;

  constructor(
    private readonly database: DatabaseOptions,
    entities: EntityClass[],
  ) {
    const { poolSize, requests = REQUESTS } = database;
    const pool = createPool(database, { ...requests, poolSize });
    super({
      type: 'postgres',
      url: database.url,
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
  async connectAlone(limitMs: number): Promise<Connection> {
    const limits = { ...(this.database.jobs ?? JOBS), statementMs: limitMs };
    const given = settings(this.database, limits, limitMs);
    const connection = new Connection({ ...given, connectionString: this.database.url, pipeline: false });
    try {
      await connection.connect();
    } catch (error) {
      throw new DatabaseUnavailableError(`no connection (${codeOf(error) ?? (error as Error).message})`, error);
    }
    return connection;
  }

  override async destroy(): Promise<void> {
    const { made } = this;
    if (!made) return super.destroy();
    await Promise.all([
      made.requests.end(CONNECTIONS_END_MS, () => super.destroy()),
      made.jobs.end(CONNECTIONS_END_MS, () => made.jobs.pool.end()),
    ]);
    await made.reserved.end(0, () => made.reserved.pool.end());
  }

  private makePools(): Pools {
    const { requests = REQUESTS, jobs = JOBS } = this.database;
    const reserved = new ConnectionPool(
      createPool(this.database, RESERVED),
      RESERVED.statementMs + SILENCE_AFTER_STATEMENT_TIMEOUT_MS,
      null,
    );
    const outside: Outside = {
      cancel: (pid) => ask(reserved, 'select pg_cancel_backend($1)', pid),
      listBusy: async (pids) => {
        const sql = `select pid from pg_stat_activity where pid = any ($1) and state = 'active'`;
        return new Set((await ask(reserved, sql, pids)).map(({ pid }) => pid as number));
      },
    };
    return {
      requests: new ConnectionPool(this.requests, requests.statementMs + SILENCE_AFTER_STATEMENT_TIMEOUT_MS, outside),
      jobs: new ConnectionPool(
        createPool(this.database, jobs),
        jobs.statementMs + SILENCE_AFTER_STATEMENT_TIMEOUT_MS,
        outside,
      ),
      reserved,
    };
  }
}

function createPool(database: DatabaseOptions, { poolSize, ...limits }: Limits & { poolSize: number }): Pool {
  const pool = new Pool({ connectionString: database.url, max: poolSize, ...settings(database, limits) });
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
