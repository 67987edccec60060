#!/usr/bin/env node
/**
 * Sends what no honest caller sends to the built service, and watches what it costs the others:
 *
 *   npm run hostile [-- --all] [--minutes 2] [--only TEXT] [--connections 6000] [--verbose]
 *
 * Bodies for every list and text of every operation (scripts/lib/hostile-input.ts; a share of them that differs from day to
 * day, `--all`: each, `--minutes`: as many as the time allows, `--only`: attacks with the text in their names), addresses, half and slow bodies, half-open connections, and
 * readers that do not read. Each is refused by a 4xx or cut off; meanwhile nothing holds the event loop for more than 250 ms,
 * liveness answers within 500 ms, and the process stays below 400 MB. On a busy machine it is tried again, and the times may be
 * as many times longer as a process takes there. The last line is "hostile: N passed, M failed".
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startSandbox } from '../sandbox/server.ts';
import { command, messageOf, root, temporaryDirectory } from './lib/command.ts';
import { freePort } from './lib/free-port.ts';
import { hostileAddresses, hostileBodies, type ApiDescription, type Hostile } from './lib/hostile-input.ts';
import { quietJobs, startDatabase, startService } from './lib/rig.ts';
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

const counts = { passed: 0, failed: 0 };
process.once('exit', () => console.log(`hostile: ${counts.passed} passed, ${counts.failed} failed`));

/** What an attack cost the others, since the last question. */
interface Cost {
  /** The longest time that the event loop stood still, milliseconds. */
  readonly loopMs: number;
  /** The longest time that liveness took meanwhile, milliseconds. */
  readonly livenessMs: number;
  readonly memoryMb: number;
}

/** The service under attack. */
class Target {
  readonly base: URL;
  private readonly metrics: string;
  private readonly token: string;
  private longestLivenessMs = 0;
  private isWatching = true;
  private readonly watching: Promise<void>;

  constructor(base: URL, metrics: string, token: string) {
    this.base = base;
    this.metrics = metrics;
    this.token = token;
    this.watching = this.watch();
  }

  async stop(): Promise<void> {
    this.isWatching = false;
    await this.watching;
  }

  /** What happened since the last call. */
  async cost(): Promise<Cost> {
    await sleep(3 * RESOLUTION_MS);
    const answer = await fetch(this.metrics, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await answer.text();
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
    const livenessMs = this.longestLivenessMs;
    this.longestLivenessMs = 0;
    return {
      loopMs: Math.max(0, value('nodejs_eventloop_lag_max_seconds') * 1000 - RESOLUTION_MS),
      livenessMs,
      memoryMb: value('process_resident_memory_bytes') / 1024 / 1024,
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

  private async watch(): Promise<void> {
    const agent = new http.Agent({ keepAlive: true });
    while (this.isWatching) {
      const began = performance.now();
      await new Promise<void>((done) => {
        const request = http.get(`${this.base.href}/actuator/health/liveness`, { agent }, (response) => {
          response.resume().on('end', done).on('error', done);
        });
        request.on('error', () => done());
        request.setTimeout(ANSWER_MS, () => request.destroy());
      });
      this.longestLivenessMs = Math.max(this.longestLivenessMs, performance.now() - began);
      await sleep(50);
    }
    agent.destroy();
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
  const managementPort = await freePort();
  const [sandbox, database] = await Promise.all([startSandbox({ port: await freePort() }), startDatabase(scope)]);
  scope.defer(() => sandbox.close());
  const service = await startService(scope, {
    peers: sandbox.url,
    databaseUrl: database.url,
    log: join(logs, 'service.log'),
    env: { 'management.server.port': String(managementPort), 'management.server.address': '127.0.0.1' },
  });
  await quietJobs(database.url);
  const token = async (user: string) =>
    (await fetch(`${sandbox.url}/__test/token`, { method: 'POST', body: JSON.stringify({ user }) })).text();
  const metrics = `http://127.0.0.1:${managementPort}/actuator/prometheus`;
  const base = new URL(service.base.replace('localhost', '127.0.0.1'));
  const target = new Target(base, metrics, await token('rekisterinpitaja'));
  scope.defer(() => target.stop());

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
    ['500 slow heads', 500, `GET ${base.pathname}/henkilo/1 HTTP/1.1\r\n`, 'X-A: b\r\n', 5],
    [`${many} half-open connections`, many, 'GET / HT', '', 3],
    ['100 readers that do not read, 200 requests each', 100, image.repeat(200), '', 5],
  ] as const)
    if (isAsked(name)) await judge(target, name, () => crowd(target, count, said, more, seconds));

  const isAlive = service.process.isRunning();
  counts[isAlive ? 'passed' : 'failed']++;
  if (counts.failed > 0) console.log(`The service's log is ${service.process.log}`);
  console.log(`${sent} addresses and bodies, of ${hostileAddresses().length + bodies.length}`);
  return counts.failed > 0 ? 1 : 0;
}).catch((error: unknown) => console.error(messageOf(error)));
