#!/usr/bin/env node
/**
 * Sends what no honest caller sends to the built service, and watches what it costs the others:
 *
 *   npm run hostile [-- --all] [--minutes 2] [--only TEXT] [--connections 6000] [--verbose]
 *
 * Bodies for every list and text of every operation (scripts/lib/hostile-input.ts; a share of them that differs from day to
 * day, `--all`: each, `--minutes`: as many as the time allows, `--only`: attacks with the text in their names), addresses, half and slow bodies, half-open connections, and
 * readers that do not read. Each is refused by a 4xx or cut off, of many connections also by the 503 with Retry-After of a service that has
 * too much to do; meanwhile nothing holds the event loop for more than 250 ms,
 * liveness answers within 500 ms, and the process stays below 400 MB. What holds the event loop uses the processor: time in which the
 * service had none counts for the machine. On a slow or busy machine the times may be as many times longer as a process takes there, and
 * what failed is tried again. The last line is "hostile: N passed, M failed".
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { command, messageOf, root, temporaryDirectory } from './lib/command.ts';
import { startCounts } from './lib/counts.ts';
import {
  hostileAddresses,
  hostileBodies,
  hostileForms,
  type ApiDescription,
  type Hostile,
} from './lib/hostile-input.ts';
import { LivenessWatch } from './lib/liveness.ts';
import { startRegister, type Register } from './lib/register.ts';
import { measureSlowness } from './lib/slowness.ts';

const LOOP_MS = 250;
const LIVENESS_MS = 500;
const MEMORY_MB = 400;
/** The clock of the histogram that measures the event loop. */
const RESOLUTION_MS = 10;
const TRIES = 5;
/** An answer that has not come by then does not come. */
const ANSWER_MS = 60_000;
/** What the attacks by many connections take. */
const CROWDS_MS = 45_000;
/** Of an answer, so much is kept. */
const HEAD_BYTES = 4_096;
/** Connections whose callers have broken off are closed by then; those left have no answer. */
const CLOSING_MS = 10_000;
/** What a service answers that has too much to do. */
const OVERLOAD = '503 with Retry-After';
/** One body in so many is sent, unless all are wanted. */
const ONE_BODY_IN = 8;

const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    connections: { type: 'string', default: '6000' },
    verbose: { type: 'boolean', default: false },
  },
});

const counts = startCounts('hostile');

/** What an attack cost the others, since the last question. */
interface Cost {
  /** The longest time that the event loop was held, milliseconds of the processor. */
  readonly loopMs: number;
  /** The longest time that liveness took meanwhile, milliseconds; infinite: it did not answer. */
  readonly livenessMs: number;
  readonly memoryMb: number;
}

/** The service under attack. */
class Target {
  readonly base: URL;
  private readonly register: Register;
  private readonly liveness: LivenessWatch;
  private readonly token: string;
  private processorS = 0;

  constructor(register: Register, liveness: LivenessWatch, token: string) {
    this.base = new URL(register.base);
    this.register = register;
    this.liveness = liveness;
    this.token = token;
  }

  /** What happened since the last call. */
  async cost(): Promise<Cost> {
    await sleep(3 * RESOLUTION_MS);
    const { failed, longestMs } = await this.liveness.look();
    const metrics = await this.register.metrics();
    const processorS = metrics.value('process_cpu_seconds_total');
    const usedMs = (processorS - this.processorS) * 1000;
    this.processorS = processorS;
    const heldMs = metrics.value('nodejs_eventloop_lag_max_seconds') * 1000 - RESOLUTION_MS;
    return {
      loopMs: Math.max(0, Math.min(heldMs, usedMs)),
      livenessMs: failed > 0 ? Infinity : longestMs,
      memoryMb: metrics.value('process_resident_memory_bytes') / 1024 / 1024,
    };
  }

  /** @returns the status; 0: the connection was cut off before an answer */
  send({ method, path, body: made, headers }: Hostile): Promise<number> {
    const body = made?.();
    return new Promise((resolve) => {
      const request = http.request(
        {
          method,
          host: this.base.hostname,
          port: this.base.port,
          path: this.base.pathname + path,
          agent: false,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
            ...headers,
          },
        },
        (response) => {
          response.resume();
          response.on('error', () => undefined);
          resolve(response.statusCode ?? 0);
          setTimeout(() => request.destroy(), 1000).unref();
        },
      );
      request.setTimeout(ANSWER_MS, () => request.destroy());
      request.on('error', () => resolve(0));
      request.end(body);
    });
  }

  /** A connection that says what it is given. */
  async connect(said: string): Promise<net.Socket> {
    const socket = net.connect(Number(this.base.port), this.base.hostname);
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'connect'), once(socket, 'close'), sleep(ANSWER_MS, [], { ref: false })]).catch(
      () => undefined,
    );
    socket.write(said);
    return socket;
  }

  /** @param rest header lines, each with its end */
  head(method: string, path: string, rest = ''): string {
    return `${method} ${this.base.pathname}${path} HTTP/1.1\r\nHost: ${this.base.host}\r\nAuthorization: Bearer ${this.token}\r\n${rest}\r\n`;
  }
}

/** @param slowness how many times longer than alone a process takes on this machine at the moment */
const isCheap = ({ loopMs, livenessMs, memoryMb }: Cost, slowness: number) =>
  loopMs <= LOOP_MS * slowness && livenessMs <= LIVENESS_MS * slowness && memoryMb < MEMORY_MB;

/**
 * Counts an attack. @param attack what was wrong about the answers; null: nothing
 */
async function judge(target: Target, name: string, attack: () => Promise<string | null>): Promise<void> {
  let cost: Cost;
  let wrong: string | null;
  let tries = 0;
  let slowness = 1;
  do {
    await target.cost();
    wrong = await attack();
    cost = await target.cost();
    if (!isCheap(cost, slowness)) slowness = measureSlowness();
  } while (!isCheap(cost, slowness) && ++tries < TRIES);
  const shown = `event loop ${Math.round(cost.loopMs)} ms, liveness ${Math.round(cost.livenessMs)} ms, ${Math.round(cost.memoryMb)} MB${slowness > 1.5 ? `, on a machine ${slowness.toFixed(1)} times too busy` : ''}`;
  const isWell = wrong === null && isCheap(cost, slowness);
  counts[isWell ? 'passed' : 'failed']++;
  if (!isWell || options.verbose) console.log(`${isWell ? 'ok   ' : 'WRONG'} ${name}: ${wrong ?? 'refused'}; ${shown}`);
}

async function refused(target: Target, { body, ...hostile }: Hostile): Promise<string | null> {
  const made = body?.();
  const status = await target.send({ ...hostile, ...(made !== undefined && { body: () => made }) });
  const isLong = Buffer.byteLength(made ?? '') > 1_000_000;
  return (status >= 400 && status < 500) || (status === 0 && isLong) ? null : `answered ${status || 'by nothing'}`;
}

/** A share of them that differs by what `seed` says, so that in a few days all have their turn. */
function share<T extends { readonly name: string }>(all: readonly T[], seed: string): T[] {
  return all.filter(
    ({ name }) =>
      createHash('sha256')
        .update(seed + name)
        .digest()[0]! %
        ONE_BODY_IN ===
      0,
  );
}

interface Crowd {
  readonly count: number;
  readonly said: string;
  /** Said every second. */
  readonly more: string;
  readonly seconds: number;
  /** False: nobody reads what is answered. */
  readonly reads: boolean;
}

/** What has come over a connection so far, no more of it than the head of an answer. */
function headOf(socket: net.Socket): () => string {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    if (text.length < HEAD_BYTES) text += chunk.toString('latin1');
  });
  return () => text;
}

/** @returns what the first answer of a connection is; empty: there was none */
function answerOf(head: string): string {
  if (head === '') return '';
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 'no HTTP';
  return status === '503' && /^retry-after: *\d+/im.test(head) ? OVERLOAD : status;
}

/** Many connections at once, of callers who break off in the end; those that are answered are refused. */
async function crowd(target: Target, { count, said, more, seconds, reads }: Crowd): Promise<string | null> {
  const sockets: net.Socket[] = [];
  const heads: (() => string)[] = [];
  for (let n = 0; n < count; n += 100) {
    const connected = await Promise.all(Array.from({ length: Math.min(100, count - n) }, () => target.connect(said)));
    sockets.push(...connected);
    if (reads) heads.push(...connected.map(headOf));
  }
  for (let second = 0; second < seconds; second++) {
    await sleep(1000);
    for (const socket of sockets) if (more !== '' && socket.writable) socket.write(more);
  }
  const open = sockets.filter(({ readyState }) => readyState === 'open').length;
  const other = await target.send({ name: '', method: 'GET', path: '/henkilo/1.2.246.562.24.1' });
  if (reads) await breakOff(sockets);
  for (const socket of sockets) socket.destroy();
  const answers = new Map<string, number>();
  for (const answer of heads.map((head) => answerOf(head()))) answers.set(answer, (answers.get(answer) ?? 0) + 1);
  const told = [...answers].map(([answer, n]) => `${answer || 'nothing'} ${n}`).join(', ');
  if (options.verbose) console.log(`      ${open} of ${count} connections were still open${reads ? `; answered ${told}` : ''}`); // prettier-ignore
  if (other !== 404) return `another caller was answered ${other || 'by nothing'}`;
  const isWell = [...answers.keys()].every((answer) => answer === '' || answer === OVERLOAD || /^4\d\d$/.test(answer));
  return isWell ? null : `the connections were answered ${told}`;
}

/** Says no more on any connection, and waits until the service has closed them all, with an answer or without. */
async function breakOff(sockets: readonly net.Socket[]): Promise<void> {
  for (let n = 0; n < sockets.length; n += 100) {
    for (const socket of sockets.slice(n, n + 100)) socket.end();
    await sleep(10); // each in its turn, as callers would
  }
  for (const end = performance.now() + CLOSING_MS; performance.now() < end; await sleep(50))
    if (sockets.every(({ closed, readableEnded }) => closed || readableEnded)) break;
}

await command(async (scope) => {
  const logs = temporaryDirectory('onr-hostile');
  const register = await startRegister(scope, logs);
  const liveness = new LivenessWatch(register.base);
  scope.defer(() => liveness.stop());
  const target = new Target(register, liveness, await register.token('rekisterinpitaja'));

  const api = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as ApiDescription;
  const bodies = [...hostileBodies(api), ...hostileForms()];
  const chosen = options.all || options.only !== '' ? bodies : share(bodies, new Date().toISOString().slice(0, 10));
  const isAsked = (name: string) => name.includes(options.only);
  const until = performance.now() + Number(options.minutes) * 60_000 - CROWDS_MS;
  let sent = 0;
  for (const hostile of [...hostileAddresses(), ...chosen].filter(({ name }) => isAsked(name))) {
    if (performance.now() > until) break;
    await judge(target, hostile.name, () => refused(target, hostile));
    sent++;
  }

  const post = (length: number) =>
    target.head('POST', '/henkilo', `Content-Type: application/json\r\nContent-Length: ${length}\r\n`);
  const many = Number(options.connections);
  const image = target.head('GET', '/swagger-ui/swagger-ui-bundle.js');
  const halfBody = `${post(900_000)}${'{"etunimet":"'.padEnd(400_000, 'x')}`;
  const slowHead = `GET ${target.base.pathname}/henkilo/1 HTTP/1.1\r\n`;
  const crowds: Readonly<Record<string, Crowd>> = {
    '200 half bodies': { count: 200, said: halfBody, more: '', seconds: 2, reads: true },
    '500 slow bodies': { count: 500, said: `${post(900_000)}{"etunimet":"`, more: 'x', seconds: 5, reads: true },
    '500 slow heads': { count: 500, said: slowHead, more: 'X-A: b\r\n', seconds: 5, reads: true },
    [`${many} half-open connections`]: { count: many, said: 'GET / HT', more: '', seconds: 3, reads: true },
    '100 readers that do not read, 200 requests each': {
      count: 100,
      said: image.repeat(200),
      more: '',
      seconds: 5,
      reads: false,
    },
  };
  for (const [name, one] of Object.entries(crowds))
    if (isAsked(name)) await judge(target, name, () => crowd(target, one));

  const isAlive = register.service.isRunning();
  counts[isAlive ? 'passed' : 'failed']++;
  if (counts.failed > 0) console.log(`The service's log is ${register.service.log}`);
  console.log(`${sent} addresses and bodies, of ${hostileAddresses().length + bodies.length}`);
  return counts.failed > 0 ? 1 : 0;
}).catch((error: unknown) => console.error(messageOf(error)));
