import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as bytes, so that sending it costs next to nothing. */
export type Request = Buffer;

interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly ms: number;
  /** Requests a second in all; undefined: each connection sends the next as soon as it is answered. */
  readonly rate?: number;
  /** Sent and answered once on each connection before: who has his answer is accepted; undefined: nothing. */
  readonly opening?: Request;
  /** The request number n. */
  readonly request: (n: number) => Request;
  /** Who is refused asks again at once, whatever Retry-After says. */
  readonly isRude?: boolean;
}

/** What came of a load. */
export interface Outcome {
  /** Status → answers; 0: a connection that ended. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers with 200 a second. */
  readonly perSecond: number;
  /** Milliseconds within which 99 of a hundred answers with 200 came. */
  readonly p99Ms: number;
  /** Longest time to a 503, and how many of them had no Retry-After. */
  readonly slowestRefusalMs: number;
  readonly withoutRetryAfter: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
/** Connections that are opened at once. */
const AT_ONCE = 64;
/** Everything above is one class. */
const LONGEST_MS = 60_000;

/**
 * Asks a server over connections of its own, which are opened before: callers keep theirs. Who is refused with Retry-After comes again after
 * that time.
 */
export async function load({
  port,
  connections,
  ms,
  rate,
  opening,
  request,
  isRude = false,
}: LoadOptions): Promise<Outcome> {
  const statuses = new Map<number, number>();
  const times = new Uint32Array(LONGEST_MS + 1);
  let [slowestRefusalMs, withoutRetryAfter, sent, answered, inTime] = [0, 0, 0, 0, 0];
  const opened: Connection[] = [];
  while (opened.length < connections) {
    const some = Array.from({ length: Math.min(AT_ONCE, connections - opened.length) }, () => new Connection(port));
    if (opening) await Promise.all(some.map((connection) => connection.send(opening)));
    opened.push(...some);
  }
  const began = performance.now();
  const isOver = () => performance.now() - began >= ms;
  const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const one = async (connection: Connection) => {
    const asked = performance.now();
    const answer = await connection.send(request(sent++));
    const took = performance.now() - asked;
    count(answer.status);
    if (answer.status === 200) {
      answered++;
      if (!isOver()) inTime++;
      times[Math.min(LONGEST_MS, Math.round(took))]!++;
    }
    if (answer.status !== 503) return;
    slowestRefusalMs = Math.max(slowestRefusalMs, took);
    if (answer.retryAfterS === 0) withoutRetryAfter++;
    if (!isRude) await sleep(answer.retryAfterS * 1000);
  };
  await Promise.all(
    opened.map(async (first) => {
      let connection = first;
      while (!isOver()) {
        const due = rate === undefined ? 0 : (sent / rate) * 1000 - (performance.now() - began);
        if (due > 1) await sleep(due);
        else await one(connection);
        if (connection.isClosed) connection = new Connection(port);
      }
      connection.end();
    }),
  );
  const perSecond = (inTime * 1000) / ms; // without the time in which the last ones wait for their answers
  let [p99Ms, left] = [LONGEST_MS, answered / 100];
  while (p99Ms > 0 && left > times[p99Ms]!) left -= times[p99Ms--]!;
  return { statuses, perSecond, p99Ms, slowestRefusalMs, withoutRetryAfter };
}

interface SteadyOptions<Kind extends string> {
  readonly port: number;
  /** Requests a second, sent when they are due, however many are not answered yet. */
  readonly rate: number;
  /** The request number n. */
  readonly request: (n: number) => { readonly kind: Kind; readonly bytes: Request };
  readonly isOver: () => boolean;
}

/**
 * Sends requests at a fixed rate, as many callers that know nothing of each other do: a slow answer keeps no other request from being sent.
 * @returns milliseconds from sending to the whole answer, by kind, ascending
 * @throws when an answer is not 200
 */
export async function steadyLoad<Kind extends string>({ port, rate, request, isOver }: SteadyOptions<Kind>) {
  const times = new Map<Kind, number[]>();
  const idle: Connection[] = [];
  const connections: Connection[] = [];
  const waiting = new Set<Promise<void>>();
  const failures: Error[] = [];
  const one = async ({ kind, bytes }: ReturnType<typeof request>) => {
    const free = idle.shift(); // each is used now and then: none is closed for idleness
    const connection = free && !free.isClosed ? free : new Connection(port);
    if (connection !== free) connections.push(connection);
    const began = performance.now();
    const { status } = await connection.send(bytes);
    const took = performance.now() - began;
    if (status !== 200) failures.push(new Error(`${kind} was answered ${status}`));
    const ofKind = times.get(kind);
    if (ofKind) ofKind.push(took);
    else times.set(kind, [took]);
    idle.push(connection);
  };
  const began = performance.now();
  for (let sent = 0; !isOver() && failures.length === 0; await sleep(1)) {
    for (; sent < ((performance.now() - began) / 1000) * rate; sent++) {
      const answered = one(request(sent));
      waiting.add(answered);
      void answered.then(() => waiting.delete(answered));
    }
  }
  await Promise.all(waiting);
  for (const connection of connections) connection.end();
  if (failures[0]) throw failures[0];
  for (const ofKind of times.values()) ofKind.sort((a, b) => a - b);
  return times;
}

interface Answer {
  /** 0: the connection ended. */
  readonly status: number;
  readonly retryAfterS: number;
}

/** A connection that is kept, with one request at a time. */
class Connection {
  isClosed = false;
  private readonly socket: Socket;
  private got: Buffer = Buffer.alloc(0);
  private resolve: (answer: Answer) => void = () => undefined;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
      this.resolve({ status: 0, retryAfterS: 0 });
    });
  }

  send(request: Request): Promise<Answer> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      if (this.isClosed) resolve({ status: 0, retryAfterS: 0 });
      else this.socket.write(request);
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.got = this.got.length === 0 ? chunk : Buffer.concat([this.got, chunk]);
    const end = this.got.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.got.toString('latin1', 0, end + 2);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(length)) throw new Error(`An answer without its length: ${head}`);
    if (this.got.length < end + HEAD_END.length + length) return;
    this.got = Buffer.alloc(0);
    const retryAfterS = Number(/\r\nretry-after: (\d+)/i.exec(head)?.[1] ?? 0);
    this.resolve({ status: Number(head.slice(9, 12)), retryAfterS });
  }
}
