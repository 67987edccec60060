import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { register } from 'prom-client';
import { createApp } from '../../src/app.setup.js';
import { redirectLines } from '../../src/common/lines.js';
import { readConfig } from '../../src/config/config.js';
import { freePort } from '../../scripts/lib/free-port.ts';
import { SandboxPeers } from './sandbox-peers.js';
import { Secrets } from './secrets.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import type { TestUser } from './users.js';

export const CONTEXT_PATH = '/oppijanumerorekisteri-service';

/** An answer; `body` is the parsed JSON where there is some, else the text. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look inside
}

type HeaderMap = Record<string, string>;

/** Requests of one caller; paths start with a slash, below the context path. Redirects are not followed. */
export class TestCaller {
  constructor(
    private readonly base: () => string,
    private readonly headers: () => Promise<HeaderMap>,
    private readonly secrets = new Secrets(),
  ) {}

  get(path: string, headers: HeaderMap = {}): Promise<TestAnswer> {
    return this.send('GET', path, undefined, headers);
  }
  delete(path: string, headers: HeaderMap = {}): Promise<TestAnswer> {
    return this.send('DELETE', path, undefined, headers);
  }
  /** @param body sent as JSON; a text goes out as it is, still as application/json */
  post(path: string, body?: unknown, headers: HeaderMap = {}): Promise<TestAnswer> {
    return this.send('POST', path, body, headers);
  }
  put(path: string, body?: unknown, headers: HeaderMap = {}): Promise<TestAnswer> {
    return this.send('PUT', path, body, headers);
  }

  async send(method: string, path: string, body?: unknown, headers: HeaderMap = {}): Promise<TestAnswer> {
    const json: HeaderMap = body === undefined ? {} : { 'content-type': 'application/json' };
    const all = { ...json, ...(await this.headers()), ...headers };
    const content = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    this.secrets.sent(path, all, content ?? '');
    const response = await fetch(this.base() + path, {
      method,
      redirect: 'manual',
      headers: all,
      ...(content !== undefined && { body: content }),
    });
    const text = await response.text();
    this.secrets.received(response, text, `${method} ${path} ${content ?? ''}`);
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, text, body: isJson ? parse(text) : text };
  }
}

/** The application on a free port with its own database and stand-in peers; made before the tests of a file. */
export class TestApp {
  private database!: TestDatabase;
  private client!: Client;
  private lastQuery: Promise<unknown> = Promise.resolve();
  private readonly tokens = new Map<TestUser, Promise<string>>();
  private readonly secrets = new Secrets();
  private readonly allLines: string[] = [];
  /** What the application has logged, one line each; a test may empty it. */
  readonly lines: string[] = [];
  nest!: NestFastifyApplication;
  peers!: SandboxPeers;
  /** Address with the context path. */
  base = '';
  /** What the application was started with, for another process on the same database and peers. */
  settings: Readonly<Record<string, string>> = {};

  /** @param env further settings, see src/config/config.ts */
  constructor(
    private readonly env: Readonly<Record<string, string>>,
    private readonly further: readonly Type[],
  ) {}

  async start(): Promise<void> {
    const [database, peers, port] = await Promise.all([createTestDatabase(), SandboxPeers.start(), freePort()]);
    Object.assign(this, { database, peers, base: `http://localhost:${port}${CONTEXT_PATH}` });
    this.client = new Client({ connectionString: database.url, options: '-c timezone=UTC' });
    this.client.on('error', () => undefined);
    await this.client.connect();
    peers.heard = (text) => this.secrets.heard(text);
    const write = (line: string) => void (this.lines.push(line), this.allLines.push(line));
    redirectLines({ write, flush: () => undefined, hasRoom: async () => true });
    this.settings = {
      NODE_ENV: 'test',
      PORT: String(port),
      DATABASE_URL: database.url,
      'virkailija.baseurl': peers.url,
      'aws.endpoint': peers.url,
      'db-scheduler.enabled': 'false',
      ONR_POOL_SIZE: '5',
      ...this.env,
    };
    this.nest = await createApp(readConfig(this.settings), this.further);
    await this.nest.listen(port, '127.0.0.1');
  }

  /** @throws Error a log, a metric or an error tells what must not be told: see `Secrets` */
  async stop(): Promise<void> {
    const metrics = await register.metrics();
    await this.nest?.close();
    await this.secrets.addStored(this.client);
    await this.client?.end();
    await Promise.all([this.database?.drop(), this.peers?.stop()]);
    redirectLines(null);
    const leaks = this.secrets.leaks(this.allLines, metrics);
    if (leaks.length > 0) throw new Error(`${leaks.length} leaks\n${leaks.slice(0, 20).join('\n')}`);
  }

  /** Calls with a Bearer token. */
  as(user: TestUser): TestCaller {
    return new TestCaller(
      () => this.base,
      async () => ({ authorization: `Bearer ${await this.tokenOf(user)}` }),
      this.secrets,
    );
  }

  /** Calls without credentials. */
  get anonymous(): TestCaller {
    return new TestCaller(
      () => this.base,
      () => Promise.resolve({}),
      this.secrets,
    );
  }

  tokenOf(user: TestUser): Promise<string> {
    let token = this.tokens.get(user);
    if (!token) this.tokens.set(user, (token = this.peers.token(user)));
    return token;
  }

  /** Rows of a statement on the test's own connection. */
  async query<Row extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    // One after the other: the driver does not take a statement while another runs.
    const result = this.lastQuery.then(() => this.client.query<Row>(sql, values));
    this.lastQuery = result.catch(() => undefined);
    return (await result).rows;
  }

  /** Another connection to the same server, for what a test does to the database from outside; the test connects and ends it. */
  adminClient(): Client {
    const address = new URL(this.database.url);
    address.pathname = '/postgres';
    return new Client({ connectionString: address.href });
  }

  /** Audit entries so far, oldest first. */
  get audit(): Record<string, unknown>[] {
    return this.lines
      .filter((line) => line.includes('audit.AuditHelper: {'))
      .map((line) => JSON.parse(line.slice(line.indexOf(': {') + 2)) as Record<string, unknown>);
  }

  /** Access log entries so far, oldest first. */
  get access(): Record<string, string>[] {
    return this.lines
      .filter((line) => line.startsWith('{"timestamp"'))
      .map((line) => JSON.parse(line) as Record<string, string>);
  }
}

/** Starts an application before the tests of the file and ends it after them. @param further modules beside its own */
export function useTestApp(env: Readonly<Record<string, string>> = {}, further: readonly Type[] = []): TestApp {
  const app = new TestApp(env, further);
  beforeAll(() => app.start());
  afterAll(() => app.stop());
  return app;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
