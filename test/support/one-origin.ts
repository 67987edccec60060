import { createServer, request as send, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/lib/free-port.ts';
import { CONTEXT_PATH, type TestApp } from './test-app.js';

/** One origin, as in production: the register has its path, the sandbox everything else. */
export class OneOrigin {
  /** What the application is to be started with; complete once this listens. */
  readonly env: Record<string, string> = {};
  /** Without a trailing slash. */
  url = '';
  /** Every request takes so much longer. */
  latencyMs = 0;
  private server: Server | null = null;

  /** @param app started after this */
  async listen(app: () => TestApp): Promise<void> {
    const port = await freePort();
    this.url = `http://localhost:${port}`;
    this.env['cas.service'] = `${this.url}${CONTEXT_PATH}`;
    this.env['cas.login'] = `${this.url}/cas/login`;
    this.server = createServer((request, response) => {
      const { base, peers } = app();
      const target = new URL(request.url!.startsWith(CONTEXT_PATH) ? base : peers.url);
      void sleep(this.latencyMs).then(() => {
        const { method, headers, url: path } = request;
        const onward = send({ port: target.port, host: 'localhost', path, method, headers }, (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        request.pipe(onward);
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(port, resolve));
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
