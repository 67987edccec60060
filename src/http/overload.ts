import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { SteadyLog } from '../common/steady-log.js';
import { toErrorBody } from './error-answer.js';
import type { HeaderValues } from './security-headers.js';

/** So many requests are always let in: as many as are answered in less than a second even on a small machine. */
const MIN_IN_PROGRESS = 512;
/** Further requests are let in while the rate at which answers went out lately promises all of them an answer in this time. */
const MAX_WAIT_S = 0.8;
const LOOK_INTERVAL_MS = 250;
/** The share of its time that the event loop is busy when the process can do no more. */
const BUSY = 0.9;
/** What one look counts for in the rate; the rest is what was before. */
const SMOOTHING = 0.3;
const RETRY_AFTER_S = 1;
/**
 * Requests of one connection that wait for their answers. Clients send one after the other; who sends many, and perhaps reads no answer,
 * fills the memory with what cannot be sent.
 */
const MAX_PIPELINED = 32;

/**
 * Keeps the process at the work it can do: of what comes on top of that, each request gets 503 at once, before anything
 * is done for it, instead of making all wait longer and longer (ADR 153). Only while the process or its connections to the database have
 * no time left: many requests that wait for something slow keep nobody out. Cuts off a connection that sends request after request
 * without waiting for answers.
 */
export class OverloadGate {
  private readonly log = new SteadyLog((line) => new Logger('Overload').warn(line));
  private readonly timer = setInterval(() => this.look(), LOOK_INTERVAL_MS).unref();
  private measured: EventLoopUtilization = performance.eventLoopUtilization();
  private lookedAt = performance.now();
  private finished = 0;
  private limit = MIN_IN_PROGRESS;
  private isBusy = false;
  private waiting: () => number = () => 0;
  /** Unanswered requests by connection. */
  private readonly pipelined = new WeakMap<Socket, number>();
  /** Requests that were let in and are not answered. */
  inProgress = 0;
  /** Requests that were refused so far. */
  refused = 0;

  /**
   * @param headers of answers that nothing else sees
   * @param healthPath what begins with it is answered whatever happens: who is asked for health and does not answer is restarted
   */
  constructor(
    server: Server,
    private readonly headers: HeaderValues,
    healthPath: string,
  ) {
    const [handle] = server.listeners('request') as [(request: IncomingMessage, response: ServerResponse) => void];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.inProgress >= this.limit && this.isBusy && !request.url?.startsWith(healthPath)) {
        this.refuse(request, response);
        return;
      }
      const { socket } = request;
      const pipelined = (this.pipelined.get(socket) ?? 0) + 1;
      if (pipelined > MAX_PIPELINED) return void socket.destroy();
      this.pipelined.set(socket, pipelined);
      this.inProgress++;
      response.once('close', () => {
        this.pipelined.set(socket, this.pipelined.get(socket)! - 1);
        this.inProgress--;
        this.finished++;
      });
      handle(request, response);
    });
    server.once('close', () => clearInterval(this.timer));
  }

  /** @param waiting how many wait for a connection to the database now */
  watch(waiting: () => number): void {
    this.waiting = waiting;
  }

  private look(): void {
    const now = performance.now();
    const utilization = performance.eventLoopUtilization();
    const { utilization: share } = performance.eventLoopUtilization(utilization, this.measured);
    const perSecond = (this.finished * 1000) / (now - this.lookedAt);
    this.limit = Math.max(MIN_IN_PROGRESS, this.limit + SMOOTHING * (perSecond * MAX_WAIT_S - this.limit));
    this.isBusy = share > BUSY || this.waiting() > 0;
    this.measured = utilization;
    this.lookedAt = now;
    this.finished = 0;
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
