import { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { Connection as PgConnection, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { SteadyLog } from '../common/steady-log.js';
import { RepeatedStatement, rowShape, type RowShape, type StatementCallback } from './repeated-statement.js';
import { TlsClient, type TlsClientConfig } from './tls-client.js';

const logger = new Logger('Database');
const log = new SteadyLog((line) => logger.warn(line));

/** A connection that says goodbye is cut off after this time. */
const GOODBYE_TIMEOUT_MS = 2_000;
/** The question whether a connection still works is answered within this time. */
const CHECK_TIMEOUT_MS = 1_000;

/** Routine of the server that warns of a commit which a timeout or somebody's cancelling kept from its standby. */
const WAITS_FOR_STANDBY = 'SyncRepWaitForLSN';

/**
 * Statements that the server keeps prepared for one connection, with their plans. Some are made for each set of changed columns
 * and each shape of a history: all of these would not fit the server's memory.
 */
const MAX_PREPARED_STATEMENTS = 500;

export type ConnectionConfig = TlsClientConfig & {
  /** The server behind the connection changes between transactions: `set local …` of each, and no statement keeps a name. */
  readonly localSettings?: string;
};

/** A connection of a pool, which can be cut off whatever it waits for. */
export class Connection extends TlsClient {
  /** What follows BEGIN in every transaction, each with a semicolon before it; statements alone need a transaction too. Empty: nothing. */
  readonly localSettings: string;
  /** Instant on the clock of `performance.now()`, as the next. */
  readonly openedAt = performance.now();
  /** Somebody last had use of it. */
  usedAt = this.openedAt;
  /** Nobody must get it any more. */
  unfit = false;
  /** The server, or what is between, ended it. */
  isBroken = false;
  /** What was just committed is not on the standby without which the server must not confirm it: it stopped waiting. */
  isUnreplicated = false;
  /** By the name of a prepared statement; null: it has not answered yet. */
  private readonly prepared = new Map<string, RowShape | null>();
  private readonly socket: Socket;

  constructor({ localSettings = '', ...config }: ConnectionConfig = {}) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.socket = socket;
    this.localSettings = localSettings;
    // Never removed: between two users nobody else listens, and an error event without a listener ends the process.
    this.on('error', (error) => {
      this.isBroken ||= !this.unfit;
      this.unfit = true;
      log.add(`A connection broke: ${error.message}`);
    });
    this.on('end', () => (this.unfit = true));
    this.on('notice', ({ routine }) => {
      if (routine === WAITS_FOR_STANDBY) this.isUnreplicated = true;
    });
  }

  /** Number of the server's process, by which a statement is cancelled. */
  get serverPid(): number | null {
    return (this as unknown as { readonly processID: number | null }).processID;
  }

  /** Grows while the server sends something. */
  get bytesRead(): number {
    return this.socket.bytesRead;
  }

  /**
   * Holds back what is written until the returned function is called, so that several statements leave in one system call.
   * The driver makes a new stream when it encrypts, and tells of it nowhere but in `connection`, which its types leave
   * out.
   */
  holdBack(): () => void {
    const { stream } = (this as unknown as { readonly connection: Pick<PgConnection, 'stream'> }).connection;
    stream.cork();
    return () => stream.uncork();
  }

  /**
   * Sends a statement. Where enough are prepared, or none can be, it goes without its name: it is planned each time and forgotten.
   * @param done gets an error or the result
   */
  send<Row extends QueryResultRow>(statement: QueryConfig, done: StatementCallback<Row>): void {
    const { name, text, values = [] } = statement;
    const shape = name === undefined ? undefined : this.prepared.get(name);
    if (name === undefined) this.query<Row>(statement, done);
    else if (shape?.text === text) this.query(new RepeatedStatement<Row>(name, values, shape, done));
    else if (this.localSettings !== '' || (shape === undefined && this.prepared.size >= MAX_PREPARED_STATEMENTS))
      this.query<Row>({ text, values }, done);
    else {
      if (shape === undefined) this.prepared.set(name, null);
      this.query<Row>(statement, (error: Error | null, result: QueryResult<Row>) => {
        if (!error) this.prepared.set(name, rowShape(text, result.fields));
        done(error, result);
      });
    }
  }

  async isAlive(): Promise<boolean> {
    const question = { text: 'select 1', query_timeout: CHECK_TIMEOUT_MS };
    return this.query(question).then(
      () => true,
      () => false,
    );
  }

  /** To its pool, for the next user. */
  giveBack(): void {
    (this as unknown as PoolClient).release();
  }

  /** Cuts it off and takes it out of its pool; what waits for an answer fails. */
  discard(): void {
    this.unfit = true;
    (this as unknown as PoolClient).release(true);
    this.cut();
  }

  /** What waits for an answer fails; who holds the connection has to give it back. */
  cut(): void {
    this.unfit = true;
    this.socket.destroy();
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const impatience = setTimeout(() => this.socket.destroy(), GOODBYE_TIMEOUT_MS).unref();
    this.socket.once('close', () => clearTimeout(impatience));
    return callback ? super.end(callback) : super.end();
  }
}
