import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { Client, type ClientConfig } from 'pg';
import { readDatabaseUrl, type SessionAttributes } from '../common/database-url.js';
import { SERVER_ANSWER_MS, Servers, type ServerState } from './servers.js';

/** How a connection is encrypted: PGSSLMODE of libpq (docs/adr/0100-tls-to-the-database.md). */
export interface DatabaseTls {
  readonly mode: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** Trusted authorities in PEM; null: those of Node. */
  readonly ca: string | null;
}

/** A database and how to reach it. */
export interface DatabaseAddress {
  /** Of one server, or of several of which one is meant (`readDatabaseUrl`). */
  readonly url: string;
  readonly tls?: DatabaseTls;
}

export type TlsClientConfig = ClientConfig & {
  readonly databaseTls?: DatabaseTls | undefined;
  /** The server is one of these, in place of that of the address. */
  readonly servers?: Servers | null;
};

const DEFAULT: DatabaseTls = { mode: 'prefer', ca: null };
/** Less than any pool waits for a connection: those of all pools wait for the same trial, whoever began it. */
const TLS_TRIAL_TIMEOUT_MS = 3_000;
/**
 * For how long a server that takes TLS is not asked again whether it does. A server without TLS is asked each time: it may have
 * got a certificate meanwhile.
 */
const TLS_ANSWER_REMEMBERED_MS = 600_000;
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const PROTOCOL_3 = 196_608;
const CANCEL_REQUEST = 80_877_102;
/** One of several servers that does not answer keeps a connection waiting so long at most. */
const SERVER_CONNECT_MS = 3_000;
/** SQLSTATE of "no pg_hba.conf entry": the other kind of connection, encrypted or not, may have one. */
const REFUSED_BY_RULE = '28000';

interface Internals {
  ssl: ConnectionOptions | false;
  host: string;
  port: number;
  /** What a statement is cancelled by. */
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { ssl: ConnectionOptions | false } & NodeJS.EventEmitter;
}
interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly patienceMs: number;
}

/** By kind of encryption and server; there are few of them in a process. */
const usesTls = new LRUCache<string, Promise<boolean>>({ max: 30, ttl: TLS_ANSWER_REMEMBERED_MS });

/** A connection of the driver that is encrypted as `databaseTls` says, whatever PGSSLMODE of the environment says. */
export class TlsClient extends Client {
  private readonly tls: DatabaseTls;
  private readonly patienceMs: number;
  private readonly servers: Servers | null;
  /** What the server has said about itself unasked. */
  private readonly reported = new Map<string, string>();

  constructor({ databaseTls = DEFAULT, servers = null, ...config }: TlsClientConfig = {}) {
    const { connectionTimeoutMillis = 0 } = config;
    const bounded = {
      connectionTimeoutMillis: Math.min(connectionTimeoutMillis || SERVER_CONNECT_MS, SERVER_CONNECT_MS),
    };
    super({ ...config, ...(servers && bounded), ssl: false });
    this.tls = databaseTls;
    this.servers = servers;
    this.patienceMs = connectionTimeoutMillis || TLS_TRIAL_TIMEOUT_MS;
    const { connection } = this as unknown as Internals;
    connection.on('parameterStatus', ({ parameterName, parameterValue }: Record<string, string>) =>
      this.reported.set(parameterName!, parameterValue!),
    );
  }

  override connect(): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as the driver declares it
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<unknown> | void {
    if (callback) return this.choose(callback as (error: Error | null) => void); // as the driver's own calls it
    return new Promise((resolve, reject) => this.choose((error) => (error ? reject(error) : resolve(this))));
  }

  /** The server is not what it was: connections that begin from now on look for another. */
  forgetServer(): void {
    this.servers?.forget();
  }

  /** Ends the statement that is running, as libpq does: by a connection that says no more. It may be over by then. */
  cancelRunning(): Promise<void> {
    const { host, port, processID, secretKey } = this as unknown as Internals;
    const request = Buffer.alloc(16);
    [16, CANCEL_REQUEST, processID, secretKey].forEach((number, i) => request.writeInt32BE(number, 4 * i));
    return new Promise((resolve, reject) => {
      const socket = connectTcp({ host, port, timeout: this.patienceMs });
      socket.once('connect', () => socket.write(request)); // PgBouncer forgets it when the connection ends first
      socket.once('timeout', () => socket.destroy(new Error('The database does not answer')));
      socket.once('error', reject);
      socket.once('close', () => resolve());
      socket.resume();
    });
  }

  /** Says what the server is: as it has reported by itself, else asked (PostgreSQL 13 and PgBouncer report less). */
  readState(callback: (error: Error | null, state: ServerState) => void): void {
    const [standby, readOnly] = [
      this.reported.get('in_hot_standby'),
      this.reported.get('default_transaction_read_only'),
    ];
    if (standby !== undefined && readOnly !== undefined) {
      const isStandby = standby === 'on';
      return callback(null, { isStandby, isReadOnly: isStandby || readOnly === 'on' });
    }
    const question = `select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly"`;
    super.query<ServerState>(question, (error: Error | null, result) =>
      callback(error, error ? { isStandby: true, isReadOnly: true } : result.rows[0]!),
    );
  }

  /** Connects to the chosen one of several servers. Fails when it is no longer what is wanted, e.g. no primary any more. */
  private choose(callback: (error: Error | null) => void): void {
    const { servers } = this;
    if (!servers) return this.open(callback);
    const internals = this as unknown as Internals;
    const judge = (error: Error | null, state?: ServerState) => {
      if (state && !error && !servers.fits(state))
        error = new Error('The server is not the one that is wanted any more');
      if (error) {
        servers.forget();
        if (state) this.end().catch(() => undefined); // the pool takes it for one that never came about
      } else this.on('error', () => servers.forget()); // its other connections will break too, or it is another server by then
      callback(error);
    };
    servers.find().then(({ host, port }) => {
      Object.assign(internals, { host, port });
      this.open((error) => (error ? judge(error) : this.readState(judge)));
    }, callback);
  }

  /** Tells at once when it is connected: the pool must hear of a connection that breaks right then. */
  private open(callback: (error: Error | null) => void): void {
    const { mode } = this.tls;
    const begin = (encrypted: boolean) => {
      const internals = this as unknown as Internals;
      internals.ssl = internals.connection.ssl = encrypted && tlsOptions(this.tls);
      super.connect((error: Error | null) => {
        if (error) usesTls.delete(this.key);
        callback(error);
      });
    };
    if (mode === 'allow' || mode === 'prefer') this.judge(mode).then(begin, callback);
    else begin(mode !== 'disable');
  }

  private get key(): string {
    return `${this.tls.mode} ${this.host}:${this.port}`;
  }

  /** Whether this server takes or wants TLS, found out once by a connection that ends at once. */
  private judge(mode: 'allow' | 'prefer'): Promise<boolean> {
    const known = usesTls.get(this.key);
    if (known) return known;
    const { host, port, user = '', database = '' } = this;
    const patienceMs = Math.min(this.patienceMs, TLS_TRIAL_TIMEOUT_MS);
    const target = { host, port, user, database, patienceMs };
    const answer =
      mode === 'prefer' ? admits(target, tlsOptions(this.tls)) : admits(target, null).then((plain) => !plain);
    usesTls.set(this.key, answer);
    answer.then(
      (yes) => yes || usesTls.delete(this.key),
      () => usesTls.delete(this.key),
    );
    return answer;
  }
}

/** `require` with authorities checks them, as libpq does. */
function tlsOptions({ mode, ca }: DatabaseTls): ConnectionOptions {
  if (mode === 'verify-full') return { ...(ca !== null && { ca }) };
  const verifies = mode === 'verify-ca' || (mode === 'require' && ca !== null);
  if (!verifies) return { rejectUnauthorized: false };
  return { ...(ca !== null && { ca }), checkServerIdentity: () => undefined };
}

/**
 * Whether the server lets this user begin a connection of this kind: false when it has no TLS, the handshake fails, or its
 * rules do not admit it. @throws when it cannot be reached
 */
function admits(target: Target, tls: ConnectionOptions | null): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(target.port, target.host);
    const timer = setTimeout(() => fail(new Error('The database does not answer')), target.patienceMs);
    const end = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('The database closed the connection')));
    const begin = (stream: Socket) => {
      stream.write(startup(target));
      stream.once('data', (answer) => end(!isRefusal(answer)));
    };
    socket.once('connect', () => {
      if (tls === null) return begin(socket);
      socket.write(SSL_REQUEST);
      socket.once('data', (answer) => {
        if (answer[0] !== 83) return end(false); // not S
        const secure = connectTls({ ...tls, socket });
        secure.once('error', () => end(false));
        secure.once('secureConnect', () => begin(secure));
      });
    });
  });
}

function startup({ user, database }: Target): Buffer {
  const values = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + values.length, 0);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, values]);
}

/** Any other error is for the connection that follows to meet. */
const isRefusal = (answer: Buffer): boolean =>
  answer[0] === 69 && answer.toString('latin1').includes(`\0C${REFUSED_BY_RULE}\0`);

/** What the driver needs to reach a database, with the choice of one of its servers. @param otherwise see `Servers.of` */
export function reach({ url, tls }: DatabaseAddress, otherwise: SessionAttributes = 'read-write') {
  const address = readDatabaseUrl(url);
  if (!address) throw new Error('The address of the database cannot be read');
  return {
    connectionString: address.ofFirst,
    databaseTls: tls,
    servers: Servers.of(address, otherwise, (server) => askState(server.url, tls)),
  };
}

/** @throws the server is away, or does not answer in time */
async function askState(connectionString: string, databaseTls: DatabaseTls | undefined): Promise<ServerState> {
  const client = new TlsClient({
    connectionString,
    databaseTls,
    application_name: 'oppijanumerorekisteri-servers',
    connectionTimeoutMillis: SERVER_ANSWER_MS,
    query_timeout: SERVER_ANSWER_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await new Promise<ServerState>((resolve, reject) =>
      client.readState((error, state) => (error ? reject(error) : resolve(state))),
    );
  } finally {
    client.end().catch(() => undefined);
  }
}
