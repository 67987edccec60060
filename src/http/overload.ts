import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { SteadyLog } from '../common/steady-log.js';
import { toErrorBody } from './error-answer.js';
import type { HeaderValues } from './security-headers.js';

/**
 * So many requests may always be worked on at once. They keep the process at its peak, with the connections to the database that it
 * has; more get in each other's way.
 */
const MIN_REQUESTS_AT_ONCE = 64;
/** At most so many are worked on at once, when the process has time left because they wait for something else, such as a peer. */
const MAX_REQUESTS_AT_ONCE = 1_024;
/** A request that has been worked on for so long waits for something slow. It no longer takes a turn from other requests. */
const SLOW_REQUEST_AFTER_MS = 1_000;
const LOOK_INTERVAL_MS = 50;
/** When the event loop is busy for more than this share of its time, the process can do no more. */
const BUSY_SHARE_OF_TIME = 0.9;
/**
 * A request that has waited for its turn so long is refused, unless it is one of the next `MAX_PROMISED`. A client that asks again as
 * soon as it is refused costs little, since it waits so long each time.
 */
const REFUSED_AFTER_MS = 500;
/** So many waiting requests are never refused. Each of them waits behind at most so many others. */
const MAX_PROMISED = 512 - MIN_REQUESTS_AT_ONCE;
/** At most so many requests wait. A further one is refused at once, since each holds some kilobytes. */
const MAX_WAITING = 2_048;
/**
 * Node accepts one connection in a turn of the event loop. While connections wait for that, no waiting request is started for so long
 * at a time. Otherwise a new connection would wait for seconds before its request could even be refused.
 */
const ONLY_CONNECTIONS_FOR_MS = 20;
const RETRY_AFTER_S = 1;
/**
 * At most so many requests of one connection wait for their answers. Clients send one after the other. One that sends many, and perhaps
 * reads no answer, fills the memory with answers that cannot be sent.
 */
const MAX_PIPELINED = 32;

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A request that waits for its turn. */
interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** On the clock of `performance.now()`. */
  readonly since: number;
}

/**
 * Keeps the process at its peak when more is asked of it than it can do (ADR 153): it works on as many requests at once as help. The others
 * wait for their turn before anything is done for them, and a request whose turn does not come soon gets 503. When the process has time
 * left, since requests only wait for something slow, no request waits for its turn for long. Cuts off a connection that sends request
 * after request without waiting for answers.
 */
export class OverloadGate {
  private readonly log = new SteadyLog((line) => new Logger('Overload').warn(line));
  private readonly timer = setInterval(() => this.look(), LOOK_INTERVAL_MS).unref();
  private readonly handle: Handle;
  /** Starts a request that waited without an asynchronous context, not in the context of the request whose end makes room. */
  private readonly outside = AsyncLocalStorage.snapshot();
  private measured: EventLoopUtilization = performance.eventLoopUtilization();
  private callersWaiting: () => number = () => 0;
  private atOnce = MIN_REQUESTS_AT_ONCE;
  /** Requests that wait, in the order in which they came; the first `promised` of them are not refused. */
  private readonly queue: Waiting[] = [];
  private promised = 0;
  /** Looks so far. */
  private looks = 0;
  /** Requests in work that began less than `SLOW_REQUEST_AFTER_MS` ago, counted by the look before which they began. */
  private readonly recent = Array<number>(SLOW_REQUEST_AFTER_MS / LOOK_INTERVAL_MS).fill(0);
  /** Their sum. */
  private turns = 0;
  /** The queue is looked at in the next turn of the event loop. */
  private isStarting = false;
  private hasConnected = false;
  /** Since when turns go to connections; null: they do not. */
  private connectionsSince: number | null = null;
  /** Unanswered requests by connection. */
  private readonly pipelined = new WeakMap<Socket, number>();
  /** When the last request came that was not about health; on the clock of `performance.now()`. */
  lastAsked = -Infinity;
  /** Requests that were let in and are not answered. */
  inProgress = 0;
  /** Requests that were refused so far. */
  refused = 0;

  /**
   * @param headers of answers that nothing else sees
   * @param healthPath a request whose URL begins with it is never kept waiting or refused: a process that does not answer about its
   *   health is restarted
   */
  constructor(
    server: Server,
    private readonly headers: HeaderValues,
    healthPath: string,
  ) {
    [this.handle] = server.listeners('request') as [Handle];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (!this.countPipelined(request.socket, response)) return;
      const isAboutHealth = request.url?.startsWith(healthPath) === true;
      if (!isAboutHealth) this.lastAsked = performance.now();
      if (isAboutHealth || (this.queue.length === 0 && this.turns < this.atOnce)) this.start(request, response);
      else if (this.queue.length < MAX_WAITING) this.queue.push({ request, response, since: performance.now() });
      else this.refuse(request, response);
    });
    server.on('connection', () => {
      this.hasConnected = true;
      this.startSoon();
    });
    server.once('close', () => clearInterval(this.timer));
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.queue.length;
  }

  /** @param callersWaiting how many wait for a connection to the database now */
  watch(callersWaiting: () => number): void {
    this.callersWaiting = callersWaiting;
  }

  /** @returns false: the connection is cut off */
  private countPipelined(socket: Socket, response: ServerResponse): boolean {
    if (socket.destroyed) return false;
    const count = (this.pipelined.get(socket) ?? 0) + 1;
    if (count > MAX_PIPELINED) {
      socket.destroy();
      return false;
    }
    this.pipelined.set(socket, count);
    response.once('close', () => this.pipelined.set(socket, this.pipelined.get(socket)! - 1));
    return true;
  }

  private start(request: IncomingMessage, response: ServerResponse): void {
    const { looks, recent } = this;
    this.inProgress++;
    this.turns++;
    recent[looks % recent.length]!++;
    response.once('close', () => {
      this.inProgress--;
      if (this.looks - looks < recent.length) {
        recent[looks % recent.length]!--;
        this.turns--;
      }
      this.startSoon();
    });
    this.handle(request, response);
  }

  private startSoon(): void {
    if (this.isStarting || this.queue.length === 0) return;
    this.isStarting = true;
    setImmediate(() => this.startNext());
  }

  /** Starts all requests that have their turn together: what they send to the database then goes together, too, at half the cost. */
  private startNext(): void {
    this.isStarting = false;
    if (this.hasConnected) {
      this.hasConnected = false;
      this.connectionsSince ??= performance.now();
      if (performance.now() - this.connectionsSince < ONLY_CONNECTIONS_FOR_MS) return this.startSoon();
    }
    this.connectionsSince = null;
    while (this.queue.length > 0 && this.turns < this.atOnce) {
      const { request, response } = this.queue.shift()!;
      if (this.promised > 0) this.promised--;
      if (!request.socket.destroyed) this.outside(() => this.start(request, response));
    }
  }

  private look(): void {
    this.looks++;
    const { looks, recent } = this;
    this.turns -= recent[looks % recent.length]!;
    recent[looks % recent.length] = 0;

    const utilization = performance.eventLoopUtilization();
    const { utilization: share } = performance.eventLoopUtilization(utilization, this.measured);
    this.measured = utilization;
    if (share > BUSY_SHARE_OF_TIME || this.callersWaiting() > 0)
      this.atOnce = Math.max(MIN_REQUESTS_AT_ONCE, this.atOnce / 2);
    else if (this.queue.length > 0) this.atOnce = Math.min(MAX_REQUESTS_AT_ONCE, this.atOnce * 2);
    else this.atOnce = Math.max(MIN_REQUESTS_AT_ONCE, Math.min(this.atOnce, 2 * this.turns));
    this.startSoon();
    this.refuseLate();
  }

  /** Of the requests that have waited too long, promises the first ones, as far as there is room, a turn and refuses the others. */
  private refuseLate(): void {
    const now = performance.now();
    const isLate = (index: number) => index < this.queue.length && now - this.queue[index]!.since >= REFUSED_AFTER_MS;
    while (this.promised < MAX_PROMISED && isLate(this.promised)) this.promised++;
    let end = this.promised;
    while (isLate(end)) end++;
    for (const { request, response } of this.queue.splice(this.promised, end - this.promised))
      if (!request.socket.destroyed) this.refuse(request, response);
  }

  private refuse(request: IncomingMessage, response: ServerResponse): void {
    this.refused++;
    this.log.add('More requests than can be answered: some get 503');
    const answer = { status: 503, form: 'container', exception: null, message: null, headers: {} } as const;
    const body = JSON.stringify(toErrorBody(answer, request.url ?? ''));
    response
      .writeHead(503, {
        ...this.headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'retry-after': String(RETRY_AFTER_S),
      })
      .end(body);
  }
}
