import { certificates, databaseUrl, furtherDatabaseUrl, matching, oneOf, text, wholeNumber } from './setting-types.js';
import { milliseconds } from './setting-kinds.js';
import { optional, setting, type Settings } from './setting.js';

const WITHOUT_DATABASE_URL = { with: ['postgresql_host'], unless: 'DATABASE_URL' };

export const DATABASE_SETTINGS = {
  url: setting({
    names: ['DATABASE_URL'],
    type: databaseUrl,
    fallback: 'postgres://oph:oph@localhost:5434/oppijanumerorekisteri',
    required: { unless: 'postgresql_host' },
    description:
      'goes before the next four; several servers have commas between, `host1:5432,host2:5432`: the one that takes writes is used, as with `target_session_attrs=read-write`, which a single server may have too (ADR 156)',
  }),
  host: optional({
    names: ['postgresql_host'],
    type: matching(/^[\w.-]+(,[\w.-]+)*$/, 'a host name'),
    description: 'with the next three instead of `DATABASE_URL`; the database is `oppijanumerorekisteri` then',
  }),
  port: setting({
    names: ['postgresql_port'],
    type: wholeNumber(1, 65_535),
    fallback: 5432,
    description: 'port of the database',
  }),
  username: setting({
    names: ['postgresql_username'],
    type: text,
    fallback: 'oph',
    required: WITHOUT_DATABASE_URL,
    description: 'user of the database',
  }),
  password: setting({
    names: ['postgresql_password'],
    type: text,
    fallback: '',
    required: WITHOUT_DATABASE_URL,
    description: 'its password',
  }),
  tls: {
    mode: setting({
      names: ['ONR_DATABASE_SSLMODE', 'PGSSLMODE'],
      type: oneOf(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']),
      fallback: 'prefer',
      description:
        'TLS to the database as libpq has it; `prefer`: where the server has it, as the reference’s driver; `sslmode` in `DATABASE_URL` goes before it (ADR 100). Production should say `verify-full`; `require` and the last two refuse a server without TLS',
    }),
    ca: optional({
      names: ['ONR_DATABASE_SSLROOTCERT', 'PGSSLROOTCERT'],
      type: certificates,
      description:
        'trusted authorities, without it those of Node; `sslrootcert` in `DATABASE_URL` goes before it; needed for `verify-ca`',
    }),
  },
  replica: {
    url: optional({
      names: ['DATABASE_REPLICA_URL'],
      type: furtherDatabaseUrl,
      description:
        'a standby that serves exports and the listings that may be a little late (ADR 157); of several servers a standby is preferred',
    }),
    maxLagMs: milliseconds(500, 600_000, {
      names: ['ONR_REPLICA_MAX_LAG_MS'],
      fallback: 5_000,
      description:
        'a standby that is further behind serves nothing; whoever has written reads from the primary for so long',
    }),
  },
  pgBouncer: setting({
    names: ['ONR_PGBOUNCER'],
    type: oneOf(['none', 'session', 'transaction']),
    fallback: 'none',
    description: 'the addresses lead to a PgBouncer with this `pool_mode` (ADR 158)',
  }),
  migrationUrl: optional({
    names: ['ONR_MIGRATION_DATABASE_URL'],
    type: furtherDatabaseUrl,
    description:
      'the database without PgBouncer, for migrations, which need a session of their own; with `ONR_PGBOUNCER=transaction` a start that finds migrations to do ends without it',
  }),
  poolSize: setting({
    names: ['spring.datasource.hikari.maximum-pool-size', 'ONR_POOL_SIZE'],
    type: wholeNumber(2, 200),
    fallback: 20,
    description: 'connections for requests; four more are kept for logins and health',
  }),
  /** PostgreSQL ends what takes longer: the answer is 503. */
  requests: {
    statementMs: milliseconds(100, 3_600_000, {
      names: ['ONR_STATEMENT_TIMEOUT_MS'],
      fallback: 20_000,
      description: 'PostgreSQL ends a statement of a request after this time: 503',
    }),
    lockMs: milliseconds(100, 3_600_000, {
      names: ['ONR_LOCK_TIMEOUT_MS'],
      fallback: 5_000,
      description: 'a statement of a request waits so long for a lock: then 503',
    }),
    connectionMs: milliseconds(100, 600_000, {
      names: ['spring.datasource.hikari.connection-timeout', 'ONR_CONNECTION_TIMEOUT_MS'],
      fallback: 5_000,
      description: 'a request waits so long for a connection: then 503',
    }),
  },
  /** The same for jobs and for what the process does by itself, on connections of their own. */
  jobs: {
    poolSize: setting({
      names: ['ONR_JOB_POOL_SIZE'],
      type: wholeNumber(2, 200),
      fallback: 10,
      description: 'connections for jobs and what the process does by itself',
    }),
    statementMs: milliseconds(100, 86_400_000, {
      names: ['ONR_JOB_STATEMENT_TIMEOUT_MS'],
      fallback: 600_000,
      description: 'PostgreSQL ends a statement of theirs after this time',
    }),
    lockMs: milliseconds(100, 86_400_000, {
      names: ['ONR_JOB_LOCK_TIMEOUT_MS'],
      fallback: 60_000,
      description: 'a statement of theirs waits so long for a lock',
    }),
    connectionMs: milliseconds(100, 600_000, {
      names: ['ONR_JOB_CONNECTION_TIMEOUT_MS'],
      fallback: 60_000,
      description: 'they wait so long for a connection',
    }),
  },
} as const satisfies Settings;
