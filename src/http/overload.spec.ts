import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OverloadGate } from './overload.js';

let server: Server;
let gate: OverloadGate;
let waiting: ServerResponse[];
let agent: Agent;
beforeEach(async () => {
  waiting = [];
  agent = new Agent();
  server = createServer((_request, response) => void waiting.push(response));
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
const looked = () => sleep(600);

it('refuses what comes on top of what can be answered, at once, and lets in again afterwards', async () => {
  gate.watch(() => 1); // somebody waits for a connection to the database
  await looked();
  const slow = Array.from({ length: 512 }, () => ask());
  await letIn(512);

  const refused = await ask('/henkilo/2?x=1');
  expect(refused).toMatchObject({ status: 503, retryAfter: '1', type: 'nosniff' });
  expect(refused!.length).toBe(String(refused!.body.length)); // in one piece
  expect(JSON.parse(refused!.body)).toMatchObject({ status: 503, error: 'Service Unavailable', path: '/henkilo/2' });
  expect(gate.refused).toBe(1);
  for (const disguised of ['/henkilo/2?x=/actuator/', '/henkilo/2/actuator/x'])
    expect(await ask(disguised)).toMatchObject({ status: 503 });

  const health = ask('/oppijanumerorekisteri-service/actuator/health/liveness');
  await letIn(513);
  for (const response of waiting) response.end('ok');
  expect((await Promise.all([...slow, health])).every((answer) => answer?.status === 200)).toBe(true);

  const later = ask();
  await letIn(1);
  waiting.at(-1)!.end();
  expect((await later)?.status).toBe(200);
});

it('keeps nobody out while requests only wait for something slow', async () => {
  await looked();
  const slow = Array.from({ length: 700 }, () => ask());
  await letIn(700);
  for (const response of waiting) response.end();
  expect((await Promise.all(slow)).every((answer) => answer?.status === 200)).toBe(true);
  expect(gate.refused).toBe(0);
});

it('counts a request whose caller has left no longer', async () => {
  const left = ask();
  await letIn(1);
  agent.destroy();
  expect(await left).toBeNull();
  while (gate.inProgress > 0) await sleep(5);
});

it('cuts off a connection with more than 32 requests that wait, and nobody else', async () => {
  const { port } = server.address() as AddressInfo;
  const requests = (count: number) => 'GET /henkilo/1 HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count);
  const patient = connect(port, '127.0.0.1');
  patient.write(requests(32));
  await letIn(32);
  const greedy = connect(port, '127.0.0.1');
  greedy.on('error', () => undefined);
  const cut = once(greedy, 'close');
  greedy.write(requests(33));
  await cut;

  let answers = '';
  patient.on('data', (data) => (answers += String(data)));
  for (const response of waiting) response.end('ok');
  while (answers.split('200 OK').length - 1 < 32) await sleep(5);
  while (gate.inProgress > 0) await sleep(5);
  patient.write(requests(1));
  await letIn(1);
  patient.destroy();
});
