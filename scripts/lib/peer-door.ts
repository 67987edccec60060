import { createServer, request as httpRequest, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `down`: connections are cut; `slow`: every answer comes 30 s late; `garbage`: bytes that mean nothing, half of the times not even
 * HTTP; `endless`: an answer without end.
 */
export type PeerFault = 'down' | 'slow' | 'garbage' | 'endless';
export const PEER_FAULTS: readonly PeerFault[] = ['down', 'slow', 'garbage', 'endless'];

const SLOW_MS = 30_000;
const ENDLESS_MS = 20;
const ENDLESS_PIECE = Buffer.alloc(16_384, ' ');

/** Whose an address is; the first that fits. */
const PEERS: readonly (readonly [name: string, path: RegExp])[] = [
  ['cas', /^\/cas\//],
  ['oauth2', /^\/kayttooikeus-service\/(?:oauth2|\.well-known)\//],
  ['kayttooikeus', /^\/kayttooikeus-service\//],
  ['koodisto', /^\/koodisto-service\//],
  ['organisaatio', /^\/organisaatio-service\//],
  ['ataru', /^\/lomake-editori\//],
  ['hakuapp', /^\/haku-app\//],
  ['viestinvalitys', /^\/lahetys\//],
  ['vtjkysely', /^\/vtjkysely/],
  ['muutosrajapinta', /\/VTJmutpa\//],
  ['slack', /^\/slack/],
  ['sns', /^\/(?:\?|$)/],
  ['s3', /^\//],
];
export const PEER_NAMES: readonly string[] = PEERS.map(([name]) => name);

interface Targets {
  /** Address of the sandbox. */
  readonly sandbox: string;
  /** Address of the object storage. */
  readonly s3: string;
}

/** The one door to the stand-ins of all peers. It can break each of them, and notes what went through. */
export class PeerDoor {
  /** What is wrong with a peer now; it stays so for calls that have come meanwhile. */
  readonly faults = new Map<string, PeerFault>();
  /** OID → messages about it that the topic has taken. */
  readonly published = new Map<string, number>();
  /** Subject → idempotency keys of the mails that were taken. */
  readonly mails = new Map<string, Set<string>>();
  /** Peer → calls that came, and calls that met a fault. */
  readonly calls = new Map<string, { all: number; broken: number }>();
  targets: Targets = { sandbox: '', s3: '' };
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch(() => response.destroy());
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.agent.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '/', method = 'GET' } = request;
    const peer = PEERS.find(([, path]) => path.test(url))?.[0] ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const fault = this.faults.get(peer);
    const calls = this.calls.get(peer) ?? { all: 0, broken: 0 };
    this.calls.set(peer, { all: calls.all + 1, broken: calls.broken + (fault ? 1 : 0) });
    if (fault === 'down') return void request.socket.destroy();
    if (fault === 'garbage') return garble(request, response, calls.all % 2 === 0);
    if (fault === 'endless') return pour(response);
    if (fault === 'slow') {
      await sleep(SLOW_MS, undefined, { ref: false });
      if (response.destroyed) return;
    }
    const { sandbox, s3 } = this.targets;
    const { expect: _, ...headers } = request.headers;
    const target = new URL(url, peer === 's3' ? s3 : sandbox);
    const onward = httpRequest(target, { method, headers, agent: this.agent }, (answer) => {
      if (answer.statusCode === 200) this.note(peer, url, body);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }

  private note(peer: string, url: string, body: Buffer): void {
    if (peer === 'sns') {
      const message = new URLSearchParams(body.toString()).get('Message');
      const oid = message && (JSON.parse(message) as { oidHenkilo: string }).oidHenkilo;
      if (oid) this.published.set(oid, (this.published.get(oid) ?? 0) + 1);
    }
    if (peer === 'viestinvalitys' && url.endsWith('/viestit')) {
      const { otsikko, idempotencyKey } = JSON.parse(body.toString()) as { otsikko: string; idempotencyKey: string };
      this.mails.set(otsikko, (this.mails.get(otsikko) ?? new Set()).add(idempotencyKey));
    }
  }
}

function garble(request: IncomingMessage, response: ServerResponse, asHttp: boolean): void {
  const bytes = Buffer.alloc(2_000, 0xfe);
  if (asHttp) response.writeHead(200, { 'content-type': 'application/json' }).end(bytes);
  else request.socket.end(bytes);
}

function pour(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(ENDLESS_PIECE), ENDLESS_MS);
  response.on('close', () => clearInterval(timer));
}
