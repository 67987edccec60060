import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { Client, type ClientConfig } from 'pg';

/** How a connection is encrypted: PGSSLMODE of libpq (docs/adr/0100-tls-to-the-database.md). */
export interface DatabaseTls {
  readonly mode: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** Trusted authorities in PEM; null: those of Node. */
  readonly ca: string | null;
}

/** A database and how to reach it. */
export interface DatabaseAddress {
  readonly url: string;
  readonly tls?: DatabaseTls;
}

export type TlsClientConfig = ClientConfig & { readonly databaseTls?: DatabaseTls | undefined };

const DEFAULT: DatabaseTls = { mode: 'prefer', ca: null };
/** Less than any pool waits for a connection. */
const TLS_TRIAL_TIMEOUT_MS = 1_500;
/**
 * How long it is remembered that a server takes TLS. A server without TLS is asked each time, as it may have been given a
 * certificate.
 */
const TLS_ANSWER_REMEMBERED_MS = 600_000;
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const PROTOCOL_3 = 196_608;
/** SQLSTATE of "no pg_hba.conf entry": the other kind of connection, encrypted or not, may have one. */
const REFUSED_BY_RULE = '28000';

type Internals = { ssl: ConnectionOptions | false; connection: { ssl: ConnectionOptions | false } };
interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly patienceMs: number;
}

/** By kind of encryption and server; there is one of them in a process. */
const usesTls = new LRUCache<string, Promise<boolean>>({ max: 10, ttl: TLS_ANSWER_REMEMBERED_MS });

/** A connection of the driver that is encrypted as `databaseTls` says, whatever PGSSLMODE of the environment says. */
export class TlsClient extends Client {
  private readonly tls: DatabaseTls;
  private readonly patienceMs: number;

  constructor({ databaseTls = DEFAULT, ...config }: TlsClientConfig = {}) {
    super({ ...config, ssl: false });
    this.tls = databaseTls;
    this.patienceMs = config.connectionTimeoutMillis || TLS_TRIAL_TIMEOUT_MS;
  }

  override connect(): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as the driver declares it
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<unknown> | void {
    if (callback) return this.open(callback as (error: Error | null) => void); // as the driver's own calls it
    return new Promise((resolve, reject) => this.open((error) => (error ? reject(error) : resolve(this))));
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
    const { host, port, user = '', database = '', patienceMs } = this;
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
