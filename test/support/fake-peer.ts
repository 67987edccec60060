import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenCall {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string | string[]>;
  /** A text or bytes go out as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Wait before answering. */
  readonly delayMs?: number;
  /** Close the connection: at once, or after half of the body. */
  readonly cut?: 'before' | 'half';
}

type Handler = (call: SeenCall) => FakeAnswer | undefined | Promise<FakeAnswer>;

/** A system outside on a free port of this machine. What `handle` leaves undefined is answered 404. */
export class FakePeer {
  readonly calls: SeenCall[] = [];
  private constructor(
    private readonly server: Server,
    public handle: Handler,
  ) {}

  static async start(handle: Handler = () => undefined): Promise<FakePeer> {
    const server = createServer();
    const peer = new FakePeer(server, handle);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const call = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
        peer.calls.push(call);
        const answer = peer.handle(call) ?? { status: 404 };
        const reply = (given: FakeAnswer) => void setTimeout(() => send(response, given), given.delayMs ?? 0).unref();
        if (answer instanceof Promise) void answer.then(reply);
        else reply(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Paths of the calls so far, `GET /x`. */
  get lines(): string[] {
    return this.calls.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers one after the other; the last one repeats. */
export function inTurn(...answers: FakeAnswer[]): Handler {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)];
}

function send(response: ServerResponse, { status = 200, headers = {}, body, cut }: FakeAnswer): void {
  if (cut === 'before') return void response.destroy();
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = body === undefined ? Buffer.alloc(0) : raw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': raw ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  if (cut === 'half') response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else response.end(bytes);
}
