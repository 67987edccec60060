#!/usr/bin/env node
/**
 * Sends what no honest caller sends to the built service, and watches what it costs the others:
 *
 *   npm run hostile [-- --all] [--minutes 2] [--only TEXT] [--connections 6000] [--verbose]
 *
 * Bodies for every list and text of every operation (scripts/lib/hostile-input.ts; a share of them that differs from day to
 * day, `--all`: each, `--minutes`: as many as the time allows, `--only`: attacks with the text in their names), addresses, half and slow bodies, half-open connections, and
 * readers that do not read. Each is refused by a 4xx or cut off; meanwhile nothing holds the event loop for more than 250 ms,
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
import { hostileAddresses, hostileBodies, type ApiDescription, type Hostile } from './lib/hostile-input.ts';
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
/** Of the bodies, unless all are wanted. */
const SHARE = 8;

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
        SHARE ===
      0,
  );
}

/** Many connections at once, each of which says `said` and then, every second, `more`. */
async function crowd(
  target: Target,
  count: number,
  said: string,
  more: string,
  seconds: number,
): Promise<string | null> {
  const sockets: net.Socket[] = [];
  for (let n = 0; n < count; n += 100)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, count - n) }, () => target.connect(said)))));
  for (let second = 0; second < seconds; second++) {
    await sleep(1000);
    for (const socket of sockets) if (more !== '' && socket.writable) socket.write(more);
  }
  const open = sockets.filter(({ readyState }) => readyState === 'open').length;
  const other = await target.send({ name: '', method: 'GET', path: '/henkilo/1.2.246.562.24.1' });
  for (const socket of sockets) socket.destroy();
  if (options.verbose) console.log(`      ${open} of ${count} connections were still open`);
  return other === 404 ? null : `another caller was answered ${other || 'by nothing'}`;
}

await command(async (scope) => {
  const logs = temporaryDirectory('onr-hostile');
  const register = await startRegister(scope, logs);
  const liveness = new LivenessWatch(register.base);
  scope.defer(() => liveness.stop());
  const target = new Target(register, liveness, await register.token('rekisterinpitaja'));

  const api = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as ApiDescription;
  const bodies = hostileBodies(api);
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
  for (const [name, count, said, more, seconds] of [
    ['200 half bodies', 200, `${post(900_000)}${'{"etunimet":"'.padEnd(400_000, 'x')}`, '', 2],
    ['500 slow bodies', 500, `${post(900_000)}{"etunimet":"`, 'x', 5],
    ['500 slow heads', 500, `GET ${target.base.pathname}/henkilo/1 HTTP/1.1\r\n`, 'X-A: b\r\n', 5],
    [`${many} half-open connections`, many, 'GET / HT', '', 3],
    ['100 readers that do not read, 200 requests each', 100, image.repeat(200), '', 5],
  ] as const)
    if (isAsked(name)) await judge(target, name, () => crowd(target, count, said, more, seconds));

  const isAlive = register.service.isRunning();
  counts[isAlive ? 'passed' : 'failed']++;
  if (counts.failed > 0) console.log(`The service's log is ${register.service.log}`);
  console.log(`${sent} addresses and bodies, of ${hostileAddresses().length + bodies.length}`);
  return counts.failed > 0 ? 1 : 0;
}).catch((error: unknown) => console.error(messageOf(error)));
