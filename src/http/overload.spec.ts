import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OverloadGate } from './overload.js';

let server: Server;
let gate: OverloadGate;
/** Requests that were let in and are not answered, until `answerAll`. */
let waiting: ServerResponse[];
let handled: (response: ServerResponse) => void;
/** Answers all who wait for that and who are let in from now on. */
let answerAll: () => void;
let agent: Agent;
beforeEach(async () => {
  waiting = [];
  agent = new Agent();
  handled = () => undefined;
  let isAnswering = false;
  server = createServer((_request, response) => {
    handled(response);
    if (isAnswering) response.end('ok');
    else waiting.push(response);
  });
  answerAll = () => {
    isAnswering = true;
    for (const response of waiting) response.end('ok');
  };
  gate = new OverloadGate(server, { 'x-content-type-options': 'nosniff' }, '/oppijanumerorekisteri-service/actuator/');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The answer; `null` when the connection ends without one. */
function ask(
  path = '/henkilo/1',
): Promise<{ status: number; retryAfter: unknown; type: unknown; length: unknown; body: string } | null> {
  return new Promise((resolve) => {
    const { port } = server.address() as AddressInfo;
    request({ port, path, agent, host: '127.0.0.1' }, (answer: IncomingMessage) => {
      let body = '';
      answer.on('data', (chunk) => (body += String(chunk)));
      answer.on('end', () => resolve({ status: answer.statusCode!, retryAfter: answer.headers['retry-after'], type: answer.headers['x-content-type-options'], length: answer.headers['content-length'], body })); // prettier-ignore
    })
      .on('error', () => resolve(null))
      .end();
  });
}

const letIn = async (count: number) => {
  while (gate.inProgress < count) await sleep(5);
};
/** The gate has looked at how busy the process is. */
const looked = () => sleep(150);

it('works on some at once, lets the others wait, refuses those on top, and answers all that it let wait', async () => {
  gate.watch(() => 1); // somebody waits for a connection to the database
  await looked();
  const answers = Array.from({ length: 700 }, () => ask('/henkilo/2?x=1'));
  await letIn(64);
  expect(waiting.length).toBeLessThan(512);
  const health = ask('/oppijanumerorekisteri-service/actuator/health/liveness');
  while (!waiting.some(({ req }) => req.url!.endsWith('liveness'))) await sleep(5);
  while (gate.refused === 0) await sleep(5);
  answerAll();

  const refused = (await Promise.all(answers)).filter((answer) => answer?.status !== 200);
  expect(refused.length).toBe(gate.refused);
  expect(refused.length).toBeLessThanOrEqual(700 - 512);
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: 503, retryAfter: '1', type: 'nosniff' });
    expect(answer!.length).toBe(String(answer!.body.length)); // in one piece
    expect(JSON.parse(answer!.body)).toMatchObject({ status: 503, error: 'Service Unavailable', path: '/henkilo/2' });
  }
  expect((await health)?.status).toBe(200);
  expect((await ask())?.status).toBe(200);
});

it.each(['/henkilo/2?x=/actuator/', '/henkilo/2/actuator/x', '/actuator/health'])(
  'lets %s wait as any other, since it only looks like health',
  async (disguised) => {
    gate.watch(() => 1);
    await looked();
    const before = Array.from({ length: 64 }, () => ask());
    await letIn(64);
    const answer = ask(disguised);
    while (gate.waiting === 0) await sleep(5);
    answerAll();
    expect((await Promise.all([...before, answer])).every((one) => one?.status === 200)).toBe(true);
  },
);

it('gives turns in the order of arrival, in no context of the request whose end makes room', async () => {
  gate.watch(() => 1);
  await looked();
  const first = Array.from({ length: 64 }, () => ask());
  await letIn(64);
  const later: ReturnType<typeof ask>[] = [];
  for (const path of ['/a', '/b', '/c']) {
    later.push(ask(path));
    while (gate.waiting < later.length) await sleep(5);
  }
  const context = new AsyncLocalStorage<string>();
  const seen: [string, string | undefined][] = [];
  handled = ({ req }) => seen.push([req.url!, context.getStore()]);
  context.run('of the first', () => answerAll());

  expect((await Promise.all([...first, ...later])).every((answer) => answer?.status === 200)).toBe(true);
  expect(seen).toEqual([
    ['/a', undefined],
    ['/b', undefined],
    ['/c', undefined],
  ]);
});

it('does not let those wait long who come after requests that wait for something slow', async () => {
  gate.watch(() => 1);
  await looked();
  const slow = Array.from({ length: 65 }, () => ask());
  await letIn(65);
  answerAll();
  expect((await Promise.all(slow)).every((answer) => answer?.status === 200)).toBe(true);
});

it('keeps nobody out while requests only wait for something slow', async () => {
  await looked();
  const slow = Array.from({ length: 500 }, () => ask());
  await letIn(500);
  answerAll();
  expect((await Promise.all(slow)).every((answer) => answer?.status === 200)).toBe(true);
  expect(gate.refused).toBe(0);
});

it('counts a request whose caller has left no longer, and does nothing for one whose caller left before his turn', async () => {
  gate.watch(() => 1);
  await looked();
  const left = Array.from({ length: 70 }, () => ask());
  await letIn(64);
  while (gate.waiting < 6) await sleep(5);
  agent.destroy();
  expect(await Promise.all(left)).toEqual(Array(70).fill(null));
  while (gate.inProgress + gate.waiting > 0) await sleep(5);
  expect(waiting).toHaveLength(64);
});

/** Sends so many requests at once on one connection. */
function pipeline(count: number): Socket {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /henkilo/1 HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count));
  return socket;
}

it('cuts off a connection with more than 32 requests that wait, and nobody else', async () => {
  const patient = pipeline(32);
  await letIn(32);
  await once(pipeline(33).resume(), 'close');

  let answers = '';
  patient.on('data', (data) => (answers += String(data)));
  answerAll();
  while (answers.split('200 OK').length - 1 < 32) await sleep(5);
  while (gate.inProgress > 0) await sleep(5);
  patient.write('GET /henkilo/1 HTTP/1.1\r\nHost: x\r\n\r\n');
  while (answers.split('200 OK').length - 1 < 33) await sleep(5);
  patient.destroy();
});

it('cuts off such a connection while it has no time left, whether its requests wait or are refused', async () => {
  gate.watch(() => 1);
  await looked();
  const others = Array.from({ length: 70 }, () => pipeline(32).resume());
  let longest = 0;
  while (gate.refused === 0) {
    longest = Math.max(longest, gate.waiting);
    await sleep(1);
  }
  expect(longest).toBeLessThanOrEqual(2_048);
  for (let n = 0; n < 3; n++) await once(pipeline(100).resume(), 'close');
  for (const other of others) other.destroy();
  while (gate.inProgress + gate.waiting > 0) await sleep(5);
});
